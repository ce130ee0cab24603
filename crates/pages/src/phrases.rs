//! What the pages say: one table, one file a language.

mod de;
mod en;
mod es;
mod fr;
mod ja;

use crate::Lang;

/// Every phrase of the pages. `{n}` stands for a number, `{code}`, `{name}` and `{total}` for what they say.
pub(crate) struct Phrases {
    pub photos_one: &'static str,
    pub photos_many: &'static str,
    /// French counts nothing as one, the others as many.
    pub zero_is_one: bool,
    pub have_a_code: &'static str,
    pub find_my_photos: &'static str,
    pub ticket: &'static str,
    pub show_code: &'static str,
    pub arriving: &'static str,
    pub older: &'static str,
    pub newer: &'static str,
    pub older_one: &'static str,
    pub newer_one: &'static str,
    pub photo: &'static str,
    pub empty_title: &'static str,
    pub empty_event: &'static str,
    pub empty_ticket: &'static str,
    pub reload: &'static str,
    pub wrong_title: &'static str,
    pub wrong_text: &'static str,
    pub wrong_next: &'static str,
    pub all_photos: &'static str,
    pub busy_title: &'static str,
    pub busy_text: &'static str,
    pub missing_title: &'static str,
    pub missing_text: &'static str,
    pub new_one: &'static str,
    pub new_many: &'static str,
    pub lost: &'static str,
    pub one_moment: &'static str,
    pub close: &'static str,
    pub back: &'static str,
    pub place: &'static str,
}

impl Phrases {
    /// "12 photos".
    pub fn photos(&self, count: usize) -> String {
        let one = count == 1 || (count == 0 && self.zero_is_one);
        (if one { self.photos_one } else { self.photos_many }).replace("{n}", &count.to_string())
    }
}

/// The table of a language.
pub(crate) fn phrases(lang: Lang) -> &'static Phrases {
    match lang {
        Lang::English => &en::PHRASES,
        Lang::German => &de::PHRASES,
        Lang::French => &fr::PHRASES,
        Lang::Spanish => &es::PHRASES,
        Lang::Japanese => &ja::PHRASES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_follows_the_language() {
        assert_eq!(phrases(Lang::English).photos(0), "0 photos");
        assert_eq!(phrases(Lang::English).photos(1), "1 photo");
        assert_eq!(phrases(Lang::French).photos(0), "0 photo");
        assert_eq!(phrases(Lang::Japanese).photos(12), "写真12枚");
    }

    #[test]
    fn every_language_keeps_the_placeholders() {
        for lang in Lang::ALL {
            let says = phrases(lang);
            assert!(says.photos_many.contains("{n}") && says.new_many.contains("{n}"), "{lang:?}");
            assert!(says.photo.contains("{name}"), "{lang:?}");
            assert!(says.wrong_title.contains("{code}"), "{lang:?}");
            assert!(says.place.contains("{n}") && says.place.contains("{total}"), "{lang:?}");
        }
    }
}
