//! Reads what was written, with decoders and readers of others; the order of parts by hand.

use std::io::Cursor;

use develop::output::FileFormat;
use exif::{Exif, In, Tag, Value};

/// Size and samples, in the file's own bits.
pub fn decoded(format: FileFormat, file: &[u8]) -> ((u32, u32), Vec<u16>) {
    match format {
        FileFormat::Jpeg { .. } => {
            let image = turbojpeg::decompress(file, turbojpeg::PixelFormat::RGB).unwrap();
            ((image.width as u32, image.height as u32), image.pixels.into_iter().map(u16::from).collect())
        }
        FileFormat::Tiff16 => {
            let mut decoder = tiff::decoder::Decoder::new(Cursor::new(file)).unwrap();
            assert_eq!(decoder.colortype().unwrap(), tiff::ColorType::RGB(16));
            let size = decoder.dimensions().unwrap();
            let tiff::decoder::DecodingResult::U16(samples) = decoder.read_image().unwrap() else {
                panic!("not 16 bits");
            };
            (size, samples)
        }
        FileFormat::Png8 | FileFormat::Png16 => {
            let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
            let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut bytes).unwrap();
            let samples = if format == FileFormat::Png8 {
                assert_eq!(info.bit_depth, png::BitDepth::Eight);
                bytes.into_iter().map(u16::from).collect()
            } else {
                assert_eq!(info.bit_depth, png::BitDepth::Sixteen);
                bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
            };
            ((info.width, info.height), samples)
        }
    }
}

/// The ICC profile.
pub fn icc_of(format: FileFormat, file: &[u8]) -> Vec<u8> {
    match format {
        FileFormat::Jpeg { .. } => {
            let mut decoder = turbojpeg::Decompressor::new().unwrap();
            decoder.read_header(file).unwrap();
            let head = b"\xFF\xE2";
            let at = file.windows(2).position(|pair| pair == head).unwrap();
            let len = usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
            let body = &file[at + 4..at + 2 + len];
            assert_eq!(&body[..14], b"ICC_PROFILE\0\x01\x01");
            body[14..].to_vec()
        }
        FileFormat::Tiff16 => {
            let mut decoder = tiff::decoder::Decoder::new(Cursor::new(file)).unwrap();
            decoder.get_tag_u8_vec(tiff::tags::Tag::IccProfile).unwrap()
        }
        FileFormat::Png8 | FileFormat::Png16 => {
            let reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
            reader.info().icc_profile.clone().unwrap().into_owned()
        }
    }
}

/// All tags, as kamadak-exif reads them.
pub fn exif_of(file: &[u8]) -> Exif {
    exif::Reader::new().read_from_container(&mut Cursor::new(file)).unwrap()
}

/// A text; none where the tag is missing.
pub fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(lines) = &exif.get_field(tag, In::PRIMARY)?.value else { panic!("{tag} is no text") };
    assert_eq!(lines.len(), 1, "{tag}");
    Some(String::from_utf8(lines[0].clone()).unwrap())
}

/// The first whole number.
pub fn uint(exif: &Exif, tag: Tag) -> Option<u32> {
    exif.get_field(tag, In::PRIMARY)?.value.get_uint(0)
}

/// The first fraction.
pub fn ratio(exif: &Exif, tag: Tag) -> Option<(u32, u32)> {
    let Value::Rational(all) = &exif.get_field(tag, In::PRIMARY)?.value else { panic!("{tag} is no fraction") };
    all.first().map(|ratio| (ratio.num, ratio.denom))
}

/// A JPEG's markers, up to the first scan.
pub fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut markers) = (2, vec![jpeg[1]]);
    while markers.last() != Some(&0xDA) {
        assert_eq!(jpeg[at], 0xFF);
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}

/// A PNG's chunks by name; several of one name in a row count once.
pub fn chunks(png: &[u8]) -> Vec<String> {
    let (mut at, mut names) = (8, Vec::new());
    while at < png.len() {
        let len = u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
        names.push(String::from_utf8(png[at + 4..at + 8].to_vec()).unwrap());
        at += 12 + len;
    }
    names.dedup();
    names
}
