//! Names: which files are worth a look, how a name splits into stem and extension, what a name may be on disk.

use sha2::{Digest as _, Sha256};

/// Bytes of a name made safe. Room is left below the 255 of every file system for `-2`, extension and `.part`.
const NAME_BYTES_MAX: usize = 120;
/// Bytes of an extension; what is longer is no camera's.
const EXTENSION_BYTES_MAX: usize = 24;
/// Names that Windows keeps for itself, with any extension.
const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
/// What cards and tools naturally hold beside pictures: left alone, and no reason to bother anybody.
const BAGGAGE: &[&str] = &[
    "thm", "ctg", "mif", "dat", "ind", "inx", "bdm", "mpl", "cpi", "bin", "lrv", "lrf", "aae", "db", "ini", "mov",
    "mp4", "avi", "mts", "m2ts", "wav", "cot", "cof", "cop", "cos", "comask", "pp3", "dop", "lnk", "url",
];
/// Endings of files that are still being made.
const UNFINISHED: &[&str] =
    &["tmp", "temp", "part", "partial", "filepart", "crdownload", "download", "swp", "swx", "bak", "lock"];
/// Extensions that a sidecar's name may carry before its own: `IMG_1.CR2.xmp`.
const CAMERA: &[&str] = &[
    "jpg", "jpeg", "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "raf", "rw2", "orf", "dng", "pef", "srw",
    "x3f", "iiq", "3fr", "fff", "rwl", "raw", "heic", "heif", "hif", "tif", "tiff",
];

/// A name made fit for every file system: unchanged where it is already; otherwise readable, and different for
/// different names by eight digits of its hash.
pub fn safe_name(name: &str) -> String {
    let replaced: String = name.chars().map(|letter| if is_unsafe(letter) { '_' } else { letter }).collect();
    let mut safe = replaced.trim_matches(|letter: char| letter.is_whitespace() || letter == '.');
    let reserved = is_reserved(safe);
    if safe == name && !reserved && !safe.is_empty() && safe.len() <= NAME_BYTES_MAX {
        return safe.to_owned();
    }
    let digest = hex::encode(Sha256::digest(name.as_bytes()));
    let mark = format!("~{}", digest.get(..8).unwrap_or_default());
    let room = NAME_BYTES_MAX - mark.len() - 1;
    let end = (0..=room.min(safe.len())).rev().find(|&at| safe.is_char_boundary(at)).unwrap_or(0);
    safe = safe.get(..end).unwrap_or_default();
    format!("{}{safe}{mark}", if reserved { "_" } else { "" })
}

fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        // Marks that turn the direction of writing make a name look like another.
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_reserved(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = base.strip_prefix("COM").or_else(|| base.strip_prefix("LPT"));
    RESERVED.contains(&base.as_str()) || numbered.is_some_and(|rest| rest.len() == 1 && rest != "0" && is_digits(rest))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A file's name on disk: the frame's stem and the extension as the camera wrote it.
pub(crate) fn file_name(stem: &str, extension: &str, n: u32) -> String {
    let stem = safe_name(stem);
    let number = if n > 1 { format!("-{n}") } else { String::new() };
    let extension: String = extension.chars().filter(|letter| !is_unsafe(*letter)).collect();
    if extension.is_empty() || extension.len() > EXTENSION_BYTES_MAX {
        return format!("{stem}{number}");
    }
    format!("{stem}{number}.{extension}")
}

/// A name's stem, which pairs a frame's files, and its extension, both as the camera wrote them.
/// A sidecar's stem drops the camera's extension: `IMG_1.CR2.xmp` is (`IMG_1`, `CR2.xmp`).
pub(crate) fn split_name(name: &str) -> (&str, &str) {
    let Some((stem, extension)) = split_last(name) else { return (name, "") };
    if extension.eq_ignore_ascii_case("xmp")
        && let Some((inner, camera)) = split_last(stem)
        && is_one_of(camera, CAMERA)
    {
        return (inner, name.get(inner.len() + 1..).unwrap_or(extension));
    }
    (stem, extension)
}

fn split_last(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())
}

fn is_one_of(extension: &str, list: &[&str]) -> bool {
    list.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether a file of that name could be a capture: no dotfile, no file in the making, no baggage of a card.
pub(crate) fn worth_a_look(name: &str) -> bool {
    let hidden = name.starts_with(['.', '~', '#']) || name.ends_with(['~', '#']);
    // What an editor tries out before it writes.
    let probe = name == "4913";
    let extension = split_last(name).map_or("", |(_, extension)| extension);
    !hidden && !probe && !is_one_of(extension, UNFINISHED) && !is_one_of(extension, BAGGAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_stay_and_bad_ones_are_told_apart() {
        for good in ["Night Market", "Lena", "Größe 東京", "IMG_0001", "a.b"] {
            assert_eq!(safe_name(good), good);
        }
        assert!(safe_name("Night/Market").starts_with("Night_Market~"));
        assert_ne!(safe_name("Night/Market"), safe_name("Night:Market"));
        assert!(!safe_name("..").contains(".."));
        assert!(safe_name("CON").starts_with("_CON~"));
        assert!(safe_name("com1.txt").starts_with("_com1"));
        assert!(safe_name("").starts_with('~'));
        assert!(safe_name(&"東".repeat(200)).len() <= NAME_BYTES_MAX);
    }

    #[test]
    fn sidecars_drop_the_cameras_extension_and_nothing_else() {
        assert_eq!(split_name("IMG_1.CR2.xmp"), ("IMG_1", "CR2.xmp"));
        assert_eq!(split_name("IMG_1.HIF.xmp"), ("IMG_1", "HIF.xmp"));
        assert_eq!(split_name("IMG_1.XMP"), ("IMG_1", "XMP"));
        assert_eq!(split_name("a.b.xmp"), ("a.b", "xmp"));
        assert_eq!(split_name("a.b.JPG"), ("a.b", "JPG"));
        assert_eq!(split_name("noext"), ("noext", ""));
        assert_eq!(file_name("IMG_1", "CR2.xmp", 1), "IMG_1.CR2.xmp");
        assert_eq!(file_name("IMG_1", "JPG", 2), "IMG_1-2.JPG");
    }

    #[test]
    fn what_is_in_the_making_or_baggage_is_left_alone() {
        for name in [".hidden.jpg", "a.tmp", "a.JPG.part", "Thumbs.db", "desktop.ini", "4913", "a.jpg~", "M0001.CTG"] {
            assert!(!worth_a_look(name), "{name}");
        }
        for name in ["a.jpg", "DSC_0001.NEF", "x.xmp", "notes.txt", "noext"] {
            assert!(worth_a_look(name), "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_safe_name_is_one_plain_component_and_stays_as_it_is(name in ".{0,300}", other in ".{0,300}") {
            let safe = safe_name(&name);
            proptest::prop_assert!(!safe.is_empty() && safe.len() <= NAME_BYTES_MAX);
            proptest::prop_assert!(!safe.chars().any(is_unsafe) && !safe.starts_with('.') && !safe.ends_with('.'));
            proptest::prop_assert_eq!(std::path::Path::new(&safe).components().count(), 1);
            proptest::prop_assert_eq!(safe_name(&safe), safe.clone());
            proptest::prop_assert!(name == other || safe_name(&other) != safe);
        }
    }
}
