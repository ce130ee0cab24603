// Rec. 709 luminance of linear sRGB (ITU-R BT.709-6), and Rec. 2020's, of the working space (ITU-R BT.2020-2).

const LUMA_709: vec3f = vec3f(0.2126, 0.7152, 0.0722);
const LUMA_2020: vec3f = vec3f(0.2627, 0.6780, 0.0593);
