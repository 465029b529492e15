//! The names of X11's keysyms and their numbers, as `XStringToKeysym` knows
//! them: those of X.Org's headers, and `U20AC` for any character.

use std::{collections::HashMap, sync::LazyLock};

use xkeysym::Keysym;

/// The blocks of numbers that have names: the standard ones, those of single
/// characters beyond them, and those of vendors, of which most have few in a
/// wide range.
const BLOCKS: [std::ops::Range<u32>; 9] = [
    0x0001..0x1_0000,
    0x00ff_ffff..0x0100_0000,
    0x0100_0000..0x0101_0000,
    0x1000_0000..0x1000_1000,
    0x1000_f000..0x1001_0000,
    0x1004_f000..0x1005_0000,
    0x1005_f000..0x1006_0000,
    0x1008_1000..0x1008_2000,
    0x1008_f000..0x1009_0000,
];

/// Where characters beyond the standard ones begin.
const UNICODE: u32 = 0x0100_0000;

static NUMBERS: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let named = BLOCKS.into_iter().flatten().filter_map(|number| {
        let name = Keysym::new(number).name()?;
        Some((short(name), number))
    });
    let more = SECOND_NAMES
        .iter()
        .map(|(name, number)| ((*name).to_owned(), *number));
    more.chain(named).collect()
});

/// The keysym of this name.
pub(super) fn number(name: &str) -> Option<u32> {
    NUMBERS.get(name).copied().or_else(|| unicode(name))
}

/// Every name but those of the form `U20AC`.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NUMBERS.keys().map(String::as_str)
}

/// The headers write `XK_Return` and `XF86XK_AudioMute`; programs and people
/// write `Return` and `XF86AudioMute`.
pub(super) fn short(name: &str) -> String {
    name.replacen("XK_", "", 1)
}

/// Four to six hexadecimal digits behind a `U`. Latin 1 has its own numbers.
fn unicode(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('U')?;
    let plain = (4..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| plain)?;
    let char = char::from_u32(code).filter(|char| !char.is_control())?;
    Some(if code < 0x100 {
        Keysym::from_char(char).raw()
    } else {
        UNICODE + code
    })
}

/// Names of numbers that also have another: the crate's table knows one of each.
const SECOND_NAMES: [(&str, u32); 125] = [
    ("quoteright", 0x0027),
    ("quoteleft", 0x0060),
    ("Eth", 0x00d0),
    ("Ooblique", 0x00d8),
    ("Thorn", 0x00de),
    ("ooblique", 0x00f8),
    ("kappa", 0x03a2),
    ("kana_middledot", 0x04a5),
    ("kana_tu", 0x04af),
    ("kana_TI", 0x04c1),
    ("kana_TU", 0x04c2),
    ("kana_HU", 0x04cc),
    ("Arabic_heh", 0x05e7),
    ("Ukranian_je", 0x06a4),
    ("Ukranian_i", 0x06a6),
    ("Ukranian_yi", 0x06a7),
    ("Serbian_je", 0x06a8),
    ("Serbian_lje", 0x06a9),
    ("Serbian_nje", 0x06aa),
    ("Serbian_dze", 0x06af),
    ("Ukranian_JE", 0x06b4),
    ("Ukranian_I", 0x06b6),
    ("Ukranian_YI", 0x06b7),
    ("Serbian_JE", 0x06b8),
    ("Serbian_LJE", 0x06b9),
    ("Serbian_NJE", 0x06ba),
    ("Serbian_DZE", 0x06bf),
    ("Greek_IOTAdiaeresis", 0x07a5),
    ("Greek_LAMBDA", 0x07cb),
    ("Greek_lambda", 0x07eb),
    ("hebrew_beth", 0x0ce1),
    ("hebrew_gimmel", 0x0ce2),
    ("hebrew_daleth", 0x0ce3),
    ("hebrew_zayin", 0x0ce6),
    ("hebrew_het", 0x0ce7),
    ("hebrew_teth", 0x0ce8),
    ("hebrew_samekh", 0x0cf1),
    ("hebrew_finalzadi", 0x0cf5),
    ("hebrew_zadi", 0x0cf6),
    ("hebrew_kuf", 0x0cf7),
    ("hebrew_taf", 0x0cfa),
    ("dead_perispomeni", 0xfe53),
    ("dead_psili", 0xfe64),
    ("dead_dasia", 0xfe65),
    ("SunCompose", 0xff20),
    ("Henkan", 0xff23),
    ("Hangul_Codeinput", 0xff37),
    ("Kanji_Bangou", 0xff37),
    ("Hangul_SingleCandidate", 0xff3c),
    ("Hangul_MultipleCandidate", 0xff3d),
    ("Zen_Koho", 0xff3d),
    ("Hangul_PreviousCandidate", 0xff3e),
    ("Mae_Koho", 0xff3e),
    ("Page_Up", 0xff55),
    ("SunPageUp", 0xff55),
    ("Page_Down", 0xff56),
    ("SunPageDown", 0xff56),
    ("SunPrint_Screen", 0xff61),
    ("SunUndo", 0xff65),
    ("SunAgain", 0xff66),
    ("SunFind", 0xff68),
    ("SunStop", 0xff69),
    ("Arabic_switch", 0xff7e),
    ("Greek_switch", 0xff7e),
    ("Hangul_switch", 0xff7e),
    ("Hebrew_switch", 0xff7e),
    ("ISO_Group_Shift", 0xff7e),
    ("SunAltGraph", 0xff7e),
    ("kana_switch", 0xff7e),
    ("script_switch", 0xff7e),
    ("KP_Page_Up", 0xff9a),
    ("KP_Page_Down", 0xff9b),
    ("L1", 0xffc8),
    ("L2", 0xffc9),
    ("L3", 0xffca),
    ("L4", 0xffcb),
    ("L5", 0xffcc),
    ("L6", 0xffcd),
    ("L7", 0xffce),
    ("L8", 0xffcf),
    ("L9", 0xffd0),
    ("L10", 0xffd1),
    ("R1", 0xffd2),
    ("R2", 0xffd3),
    ("R3", 0xffd4),
    ("R4", 0xffd5),
    ("R5", 0xffd6),
    ("R6", 0xffd7),
    ("R7", 0xffd8),
    ("R8", 0xffd9),
    ("R9", 0xffda),
    ("R10", 0xffdb),
    ("R11", 0xffdc),
    ("R12", 0xffdd),
    ("R13", 0xffde),
    ("R14", 0xffdf),
    ("R15", 0xffe0),
    ("Armenian_shesht", 0x0100_055b),
    ("Armenian_amanak", 0x0100_055c),
    ("Armenian_but", 0x0100_055d),
    ("Armenian_paruyk", 0x0100_055e),
    ("Armenian_verjaket", 0x0100_0589),
    ("Armenian_yentamna", 0x0100_058a),
    ("Arabic_farsi_yeh", 0x0100_06cc),
    ("mute_acute", 0x1000_00a8),
    ("mute_grave", 0x1000_00a9),
    ("mute_asciicircum", 0x1000_00aa),
    ("mute_diaeresis", 0x1000_00ab),
    ("mute_asciitilde", 0x1000_00ac),
    ("lira", 0x1000_00af),
    ("guilder", 0x1000_00be),
    ("IO", 0x1000_00ee),
    ("hpYdiaeresis", 0x1000_00ee),
    ("longminus", 0x1000_00f6),
    ("block", 0x1000_00fc),
    ("Reset", 0x1000_ff6c),
    ("System", 0x1000_ff6d),
    ("User", 0x1000_ff6e),
    ("ClearLine", 0x1000_ff6f),
    ("InsertLine", 0x1000_ff70),
    ("DeleteLine", 0x1000_ff71),
    ("InsertChar", 0x1000_ff72),
    ("DeleteChar", 0x1000_ff73),
    ("BackTab", 0x1000_ff74),
    ("KP_BackTab", 0x1000_ff75),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_one_of_several_for_its_number() {
        for (name, same) in [
            ("Page_Up", "Prior"),
            ("quoteright", "apostrophe"),
            ("Henkan", "Henkan_Mode"),
            ("Serbian_JE", "Cyrillic_JE"),
        ] {
            assert!(number(name).is_some(), "{name}");
            assert_eq!(number(name), number(same), "{name}");
        }
    }

    #[test]
    fn vendors_have_names_too() {
        assert_eq!(number("XF86AudioMute"), Some(0x1008_ff12));
        assert_eq!(number("SunCopy"), Some(0x1005_ff72));
        assert_eq!(number("VoidSymbol"), Some(0x00ff_ffff));
    }

    #[test]
    fn no_number_outside_of_the_blocks_has_a_name() {
        let named = (1..0x1010_0000_u32).filter(|number| Keysym::new(*number).name().is_some());
        let outside = named.filter(|number| !BLOCKS.iter().any(|block| block.contains(number)));
        assert_eq!(outside.collect::<Vec<u32>>(), [0; 0]);
    }

    #[test]
    fn any_character_has_a_name_by_its_number() {
        assert_eq!(number("U20AC"), Some(0x0100_20ac));
        assert_eq!(number("U1F642"), Some(0x0101_f642));
        assert_eq!(number("U0041"), Some(0x41));
        for wrong in ["U20A", "U0007", "UD800", "U1234567", "U20AG", "u20AC"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
