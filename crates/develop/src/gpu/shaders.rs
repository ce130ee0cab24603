//! The shaders' texts, built into the program, and the little that WGSL lacks: `//!include NAME` on a line of its own.

macro_rules! texts {
    ($($name:literal: $path:literal),* $(,)?) => {
        /// Names and texts of all files.
        const TEXTS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../../shaders/", $path)))),*];
    };
}

texts! {
    "params": "shared/params.wgsl",
    "planes": "shared/planes.wgsl",
    "luma": "shared/luma.wgsl",
    "resample_down": "resample_down.wgsl",
    "resample_across": "resample_across.wgsl",
    "rotate": "rotate.wgsl",
    "denoise": "denoise.wgsl",
    "balance": "balance.wgsl",
    "highlights": "highlights.wgsl",
    "matrix": "matrix.wgsl",
    "tone": "tone.wgsl",
    "colour": "colour.wgsl",
    "encode": "encode.wgsl",
    "point": "point.wgsl",
    "sharpen": "sharpen.wgsl",
    "pack": "pack.wgsl",
    "look": "look.wgsl",
}

/// How a line begins that asks for another file.
const INCLUDE: &str = "//!include ";

/// A whole shader: the file and all that it includes, each once.
pub(crate) fn whole(name: &str) -> String {
    let mut text = String::new();
    let mut seen = Vec::new();
    append(name, &mut seen, &mut text);
    text
}

fn append(name: &str, seen: &mut Vec<String>, out: &mut String) {
    if seen.iter().any(|before| before == name) {
        return;
    }
    seen.push(name.to_owned());
    let text = TEXTS.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    for line in text.lines() {
        if let Some(wanted) = line.strip_prefix(INCLUDE) {
            append(wanted.trim(), seen, out);
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_is_asked_for_is_there_and_comes_once() {
        for (name, text) in TEXTS {
            for wanted in text.lines().filter_map(|line| line.strip_prefix(INCLUDE)) {
                assert!(TEXTS.iter().any(|(known, _)| *known == wanted.trim()), "{name} wants {wanted}");
            }
        }
        let pack = whole("pack");
        assert_eq!(pack.matches("struct Params").count(), 1);
        assert!(!pack.contains(INCLUDE) && pack.contains("fn op_sharpen"));
    }
}
