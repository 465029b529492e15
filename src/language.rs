//! The languages of the text on a screen: those for which Debian has data for tesseract.

/// A language, by its code in ISO 639-2, and for some with the script after it:
/// `deu`, `chi_sim`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Language {
    code: &'static str,
    /// Its code in ISO 639-1; empty if it has none.
    short: &'static str,
    package: &'static str,
    name: &'static str,
}

const fn language(
    code: &'static str,
    short: &'static str,
    package: &'static str,
    name: &'static str,
) -> Language {
    Language {
        code,
        short,
        package,
        name,
    }
}

/// Every language that can be named, by its code.
pub(crate) const LANGUAGES: [Language; 123] = [
    language("afr", "af", "tesseract-ocr-afr", "Afrikaans"),
    language("amh", "am", "tesseract-ocr-amh", "Amharic"),
    language("ara", "ar", "tesseract-ocr-ara", "Arabic"),
    language("asm", "as", "tesseract-ocr-asm", "Assamese"),
    language("aze", "az", "tesseract-ocr-aze", "Azerbaijani"),
    language(
        "aze_cyrl",
        "",
        "tesseract-ocr-aze-cyrl",
        "Azerbaijani (Cyrillic)",
    ),
    language("bel", "be", "tesseract-ocr-bel", "Belarusian"),
    language("ben", "bn", "tesseract-ocr-ben", "Bengali"),
    language("bod", "bo", "tesseract-ocr-bod", "Tibetan"),
    language("bos", "bs", "tesseract-ocr-bos", "Bosnian"),
    language("bre", "br", "tesseract-ocr-bre", "Breton"),
    language("bul", "bg", "tesseract-ocr-bul", "Bulgarian"),
    language("cat", "ca", "tesseract-ocr-cat", "Catalan"),
    language("ceb", "", "tesseract-ocr-ceb", "Cebuano"),
    language("ces", "cs", "tesseract-ocr-ces", "Czech"),
    language(
        "chi_sim",
        "zh",
        "tesseract-ocr-chi-sim",
        "Chinese (Simplified)",
    ),
    language(
        "chi_sim_vert",
        "",
        "tesseract-ocr-chi-sim-vert",
        "Chinese (Simplified, vertical)",
    ),
    language(
        "chi_tra",
        "",
        "tesseract-ocr-chi-tra",
        "Chinese (Traditional)",
    ),
    language(
        "chi_tra_vert",
        "",
        "tesseract-ocr-chi-tra-vert",
        "Chinese (Traditional, vertical)",
    ),
    language("chr", "", "tesseract-ocr-chr", "Cherokee"),
    language("cos", "co", "tesseract-ocr-cos", "Corsican"),
    language("cym", "cy", "tesseract-ocr-cym", "Welsh"),
    language("dan", "da", "tesseract-ocr-dan", "Danish"),
    language("deu", "de", "tesseract-ocr-deu", "German"),
    language("div", "dv", "tesseract-ocr-div", "Divehi"),
    language("dzo", "dz", "tesseract-ocr-dzo", "Dzongkha"),
    language("ell", "el", "tesseract-ocr-ell", "Greek"),
    language("eng", "en", "tesseract-ocr-eng", "English"),
    language(
        "enm",
        "",
        "tesseract-ocr-enm",
        "English, Middle (1100-1500)",
    ),
    language("epo", "eo", "tesseract-ocr-epo", "Esperanto"),
    language("est", "et", "tesseract-ocr-est", "Estonian"),
    language("eus", "eu", "tesseract-ocr-eus", "Basque"),
    language("fao", "fo", "tesseract-ocr-fao", "Faroese"),
    language("fas", "fa", "tesseract-ocr-fas", "Persian"),
    language("fil", "tl", "tesseract-ocr-fil", "Filipino"),
    language("fin", "fi", "tesseract-ocr-fin", "Finnish"),
    language("fra", "fr", "tesseract-ocr-fra", "French"),
    language("frk", "", "tesseract-ocr-frk", "German (Fraktur)"),
    language(
        "frm",
        "",
        "tesseract-ocr-frm",
        "French, Middle (ca.1400-1600)",
    ),
    language("fry", "fy", "tesseract-ocr-fry", "Frisian (Western)"),
    language("gla", "gd", "tesseract-ocr-gla", "Gaelic (Scots)"),
    language("gle", "ga", "tesseract-ocr-gle", "Irish"),
    language("glg", "gl", "tesseract-ocr-glg", "Galician"),
    language("grc", "", "tesseract-ocr-grc", "Greek, Ancient (to 1453)"),
    language("guj", "gu", "tesseract-ocr-guj", "Gujarati"),
    language("hat", "ht", "tesseract-ocr-hat", "Haitian"),
    language("heb", "he", "tesseract-ocr-heb", "Hebrew"),
    language("hin", "hi", "tesseract-ocr-hin", "Hindi"),
    language("hrv", "hr", "tesseract-ocr-hrv", "Croatian"),
    language("hun", "hu", "tesseract-ocr-hun", "Hungarian"),
    language("hye", "hy", "tesseract-ocr-hye", "Armenian"),
    language("iku", "iu", "tesseract-ocr-iku", "Inuktitut"),
    language("ind", "id", "tesseract-ocr-ind", "Indonesian"),
    language("isl", "is", "tesseract-ocr-isl", "Icelandic"),
    language("ita", "it", "tesseract-ocr-ita", "Italian"),
    language("ita_old", "", "tesseract-ocr-ita-old", "Italian (Old)"),
    language("jav", "jv", "tesseract-ocr-jav", "Javanese"),
    language("jpn", "ja", "tesseract-ocr-jpn", "Japanese"),
    language(
        "jpn_vert",
        "",
        "tesseract-ocr-jpn-vert",
        "Japanese (vertical)",
    ),
    language("kan", "kn", "tesseract-ocr-kan", "Kannada"),
    language("kat", "ka", "tesseract-ocr-kat", "Georgian"),
    language("kat_old", "", "tesseract-ocr-kat-old", "Georgian (Old)"),
    language("kaz", "kk", "tesseract-ocr-kaz", "Kazakh"),
    language("khm", "km", "tesseract-ocr-khm", "Khmer"),
    language("kir", "ky", "tesseract-ocr-kir", "Kyrgyz"),
    language("kmr", "ku", "tesseract-ocr-kmr", "Kurmanji (Latin)"),
    language("kor", "ko", "tesseract-ocr-kor", "Korean"),
    language(
        "kor_vert",
        "",
        "tesseract-ocr-kor-vert",
        "Korean (vertical)",
    ),
    language("lao", "lo", "tesseract-ocr-lao", "Lao"),
    language("lat", "la", "tesseract-ocr-lat", "Latin"),
    language("lav", "lv", "tesseract-ocr-lav", "Latvian"),
    language("lit", "lt", "tesseract-ocr-lit", "Lithuanian"),
    language("ltz", "lb", "tesseract-ocr-ltz", "Luxembourgish"),
    language("mal", "ml", "tesseract-ocr-mal", "Malayalam"),
    language("mar", "mr", "tesseract-ocr-mar", "Marathi"),
    language("mkd", "mk", "tesseract-ocr-mkd", "Macedonian"),
    language("mlt", "mt", "tesseract-ocr-mlt", "Maltese"),
    language("mon", "mn", "tesseract-ocr-mon", "Mongolian"),
    language("mri", "mi", "tesseract-ocr-mri", "Maori"),
    language("msa", "ms", "tesseract-ocr-msa", "Malay"),
    language("mya", "my", "tesseract-ocr-mya", "Burmese"),
    language("nep", "ne", "tesseract-ocr-nep", "Nepali"),
    language("nld", "nl", "tesseract-ocr-nld", "Dutch"),
    language("nor", "no", "tesseract-ocr-nor", "Norwegian"),
    language("oci", "oc", "tesseract-ocr-oci", "Occitan (post 1500)"),
    language("ori", "or", "tesseract-ocr-ori", "Oriya"),
    language("pan", "pa", "tesseract-ocr-pan", "Punjabi"),
    language("pol", "pl", "tesseract-ocr-pol", "Polish"),
    language("por", "pt", "tesseract-ocr-por", "Portuguese"),
    language("pus", "ps", "tesseract-ocr-pus", "Pashto"),
    language("que", "qu", "tesseract-ocr-que", "Quechua"),
    language("ron", "ro", "tesseract-ocr-ron", "Romanian"),
    language("rus", "ru", "tesseract-ocr-rus", "Russian"),
    language("san", "sa", "tesseract-ocr-san", "Sanskrit"),
    language("sin", "si", "tesseract-ocr-sin", "Sinhala"),
    language("slk", "sk", "tesseract-ocr-slk", "Slovakian"),
    language("slv", "sl", "tesseract-ocr-slv", "Slovenian"),
    language("snd", "sd", "tesseract-ocr-snd", "Sindhi"),
    language("spa", "es", "tesseract-ocr-spa", "Spanish"),
    language("spa_old", "", "tesseract-ocr-spa-old", "Spanish (Old)"),
    language("sqi", "sq", "tesseract-ocr-sqi", "Albanian"),
    language("srp", "sr", "tesseract-ocr-srp", "Serbian"),
    language("srp_latn", "", "tesseract-ocr-srp-latn", "Serbian (Latin)"),
    language("sun", "su", "tesseract-ocr-sun", "Sundanese"),
    language("swa", "sw", "tesseract-ocr-swa", "Swahili"),
    language("swe", "sv", "tesseract-ocr-swe", "Swedish"),
    language("syr", "", "tesseract-ocr-syr", "Syriac"),
    language("tam", "ta", "tesseract-ocr-tam", "Tamil"),
    language("tat", "tt", "tesseract-ocr-tat", "Tatar"),
    language("tel", "te", "tesseract-ocr-tel", "Telugu"),
    language("tgk", "tg", "tesseract-ocr-tgk", "Tajik"),
    language("tha", "th", "tesseract-ocr-tha", "Thai"),
    language("tir", "ti", "tesseract-ocr-tir", "Tigrinya"),
    language("ton", "to", "tesseract-ocr-ton", "Tonga"),
    language("tur", "tr", "tesseract-ocr-tur", "Turkish"),
    language("uig", "ug", "tesseract-ocr-uig", "Uyghur"),
    language("ukr", "uk", "tesseract-ocr-ukr", "Ukrainian"),
    language("urd", "ur", "tesseract-ocr-urd", "Urdu"),
    language("uzb", "uz", "tesseract-ocr-uzb", "Uzbek"),
    language("uzb_cyrl", "", "tesseract-ocr-uzb-cyrl", "Uzbek (Cyrillic)"),
    language("vie", "vi", "tesseract-ocr-vie", "Vietnamese"),
    language("yid", "yi", "tesseract-ocr-yid", "Yiddish"),
    language("yor", "yo", "tesseract-ocr-yor", "Yoruba"),
];

impl Language {
    /// The one that is always read: labels of programs and names of files are often
    /// in it, whatever else a screen is in.
    pub const ENGLISH: Self = language("eng", "en", "tesseract-ocr-eng", "English");

    /// The language with a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        LANGUAGES.into_iter().find(|language| language.code == code)
    }

    /// The language that is meant by another code or name: `de`, `German`, `chi-sim`.
    #[must_use]
    pub fn meant(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let code = text.replace('-', "_");
        let mut all = LANGUAGES.into_iter();
        all.find(|language| {
            language.code == code
                || (language.short == text && !text.is_empty())
                || language.name.to_lowercase() == text
        })
    }

    /// Its code, as tesseract knows it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Debian's package of tesseract's data for it.
    #[must_use]
    pub const fn package(self) -> &'static str {
        self.package
    }

    /// Its English name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_known_by_its_code_its_short_code_and_its_name() {
        for language in LANGUAGES {
            assert_eq!(Language::of_code(language.code), Some(language));
            assert_eq!(Language::meant(language.name), Some(language));
            let package = format!("tesseract-ocr-{}", language.code.replace('_', "-"));
            assert_eq!(language.package(), package);
        }
        for (text, code) in [
            ("de", "deu"),
            ("German", "deu"),
            ("ja", "jpn"),
            ("chi-sim", "chi_sim"),
            ("DEU", "deu"),
        ] {
            let meant = Language::meant(text).map(Language::code);
            assert_eq!(meant, Some(code), "{text}");
        }
        assert_eq!(Language::meant(""), None);
        assert_eq!(Language::of_code("de"), None);
        assert!(LANGUAGES.contains(&Language::ENGLISH));
    }
}
