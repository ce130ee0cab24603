//! The guest's language.

/// A language the pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English, for everybody whose language we lack.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Japanese.
    Japanese,
}

/// Entries of an `Accept-Language` header that are read; browsers send fewer than ten.
const ENTRIES_MAX: usize = 32;

impl Lang {
    /// Every language, English first.
    pub const ALL: [Self; 5] = [Self::English, Self::German, Self::French, Self::Spanish, Self::Japanese];

    /// The language's code for the `lang` attribute (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Japanese => "ja",
        }
    }

    /// The best of ours for an `Accept-Language` header (RFC 9110, section 12.5.4): highest quality first, earlier entry
    /// first among equals, quality 0 never. English where nothing fits.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best: Option<(u16, Self)> = None;
        for (lang, quality) in header.split(',').take(ENTRIES_MAX).filter_map(wish) {
            if quality > best.map_or(0, |(highest, _)| highest) {
                best = Some((quality, lang));
            }
        }
        best.map_or(Self::English, |(_, lang)| lang)
    }
}

/// One entry, `de-AT;q=0.8`: the language, if it is one of ours, and its quality in thousandths.
fn wish(entry: &str) -> Option<(Lang, u16)> {
    let mut parts = entry.split(';').map(str::trim);
    let primary = parts.next()?.split('-').next()?;
    let lang = Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary))?;
    let quality = match parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))) {
        Some(text) => text.trim().parse::<f32>().ok().filter(|quality| (0.0..=1.0).contains(quality))?,
        None => 1.0,
    };
    Some((lang, (quality * 1000.0) as u16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_of_the_highest_quality_wins() {
        for (header, lang) in [
            ("de-DE,de;q=0.9,en;q=0.8", Lang::German),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Lang::French),
            ("en;q=0.2, es-419;q=0.7", Lang::Spanish),
            ("JA", Lang::Japanese),
            ("pt-BR, ja;q=0.1", Lang::Japanese),
            ("de, fr", Lang::German),
            ("fr;q=0, de;q=0.001", Lang::German),
        ] {
            assert_eq!(Lang::from_accept_language(header), lang, "{header}");
        }
    }

    #[test]
    fn nonsense_and_foreign_languages_mean_english() {
        let long = "x,".repeat(100_000) + "de";
        for header in ["", "*", ",,;;q=", "nl-NL", "de;q=NaN", "de;q=7", "de;q=-1", "deutsch", "\u{0}\u{ffff}", &long] {
            assert_eq!(Lang::from_accept_language(header), Lang::English, "{header:.40}");
        }
    }
}
