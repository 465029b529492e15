//! Keysyms: what stands for a character, and what shares a key with it.

use xkeysym::Keysym;

/// `Shift_L`.
pub(super) const SHIFT: u32 = 0xffe1;

/// `Caps_Lock`.
pub(super) const CAPS_LOCK: u32 = 0xffe5;

/// The keysyms of the keypad, `KP_Space` to `KP_Equal`.
pub(super) const KEYPAD: std::ops::RangeInclusive<u32> = 0xff80..=0xffbd;

/// Keys that make no character, and those of the keypad, which make one but are
/// keys of their own.
const FUNCTIONS: std::ops::RangeInclusive<u32> = 0xfd00..=0xffff;

/// Where the keysyms of Unicode's characters begin that have no older one.
const UNICODE: u32 = 0x0100_0000;

/// The keys of a US keyboard that have no letter: plain, with Shift.
const US_KEYS: [(char, char); 21] = [
    ('`', '~'),
    ('1', '!'),
    ('2', '@'),
    ('3', '#'),
    ('4', '$'),
    ('5', '%'),
    ('6', '^'),
    ('7', '&'),
    ('8', '*'),
    ('9', '('),
    ('0', ')'),
    ('-', '_'),
    ('=', '+'),
    ('[', '{'),
    (']', '}'),
    ('\\', '|'),
    (';', ':'),
    ('\'', '"'),
    (',', '<'),
    ('.', '>'),
    ('/', '?'),
];

/// Whether a character can be typed: everything but control characters other
/// than tab and newline.
pub(in crate::server) fn can_type(char: char) -> bool {
    matches!(char, '\n' | '\t') || !char.is_control()
}

/// The keysym that types a character.
pub(super) fn keysym_of(char: char) -> u32 {
    match char {
        '\n' => 0xff0d,
        '\t' => 0xff09,
        other => match Keysym::from_char(other).raw() {
            0 => UNICODE + u32::from(other),
            keysym => keysym,
        },
    }
}

/// The one keysym of all those that make the same character: keymaps may have
/// the old one of a Cyrillic letter, or the one that Unicode gives it.
pub(super) fn canonical(keysym: u32) -> u32 {
    char_of(keysym).map_or(keysym, keysym_of)
}

/// What a key types that has this keysym, plain and with Shift: the two cases
/// of a letter, or the two symbols of a key of the US keyboard. `None` for a
/// keysym that goes with no other.
pub(super) fn pair_of(keysym: u32) -> Option<[u32; 2]> {
    let char = char_of(keysym)?;
    let (plain, shifted) = cases(char).or_else(|| {
        let mut keys = US_KEYS.into_iter();
        keys.find(|(plain, shifted)| [*plain, *shifted].contains(&char))
    })?;
    Some([keysym_of(plain), keysym_of(shifted)])
}

fn char_of(keysym: u32) -> Option<char> {
    if FUNCTIONS.contains(&keysym) {
        return None;
    }
    let char = Keysym::new(keysym).key_char();
    char.filter(|char| !char.is_control())
}

/// The small and the capital letter, where each is the other's only one.
fn cases(char: char) -> Option<(char, char)> {
    let small = only(char.to_lowercase())?;
    let capital = only(char.to_uppercase())?;
    let pair = small != capital
        && only(small.to_uppercase()) == Some(capital)
        && only(capital.to_lowercase()) == Some(small);
    (pair && [small, capital].contains(&char)).then_some((small, capital))
}

fn only(mut chars: impl Iterator<Item = char>) -> Option<char> {
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_cannot_be_typed() {
        assert!("tab\tline\n é 漢 🙂".chars().all(can_type));
        assert!(!"\u{1b}\u{7}\r".chars().any(can_type));
    }

    #[test]
    fn keysyms_of_one_character_are_one() {
        let cyrillic_zhe = 0x6d6;
        assert_eq!(canonical(UNICODE + 0x436), canonical(cyrillic_zhe));
        assert_eq!(canonical(0x62), 0x62);
        let keypad_seven = 0xffb7;
        assert_eq!(canonical(keypad_seven), keypad_seven);
    }

    #[test]
    fn every_character_has_a_keysym() {
        assert!(('\u{20}'..='\u{10ffff}').all(|char| keysym_of(char) != 0));
    }

    #[test]
    fn a_letter_goes_with_its_other_case_and_a_symbol_with_its_neighbour() {
        let pair = |char| pair_of(keysym_of(char));
        let expect = |plain, shifted| Some([plain, shifted].map(keysym_of));
        assert_eq!(pair('b'), expect('b', 'B'));
        assert_eq!(pair('B'), expect('b', 'B'));
        assert_eq!(pair('Ž'), expect('ž', 'Ž'));
        assert_eq!(pair('{'), expect('[', '{'));
        assert_eq!(pair('1'), expect('1', '!'));
    }

    #[test]
    fn characters_without_an_only_other_case_go_alone() {
        // The small sigma of the end of a word has no capital of its own.
        for char in ['ß', 'ı', 'ς', 'ǅ', '字', '→', '🙂'] {
            assert_eq!(pair_of(keysym_of(char)), None, "{char}");
        }
        assert_eq!(pair_of(0xffb7), None, "KP_7");
        assert_eq!(pair_of(SHIFT), None);
    }
}
