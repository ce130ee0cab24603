//! Camera file to pixels: structure, EXIF, embedded JPEG, colour, resize, watermark, encode; the capped worker process.
