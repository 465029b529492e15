//! Signs that look the same, or nearly so, and are read for each other.

/// A text with one sign in place of all that look like it: two texts that
/// differ only by such signs become the same.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let pair = match (letter, letters.peek()) {
            ('r', Some('n')) => Some('m'),
            ('v', Some('v')) => Some('w'),
            ('i', Some('i')) => Some('u'),
            ('-' | '–' | '—' | '−', Some('-' | '–' | '—' | '−')) => Some('-'),
            _ => None,
        };
        if pair.is_some() {
            letters.next();
        }
        folded.push(pair.unwrap_or_else(|| shape(letter)));
    }
    folded
}

/// The sign that stands for all that look like this one.
const fn shape(letter: char) -> char {
    match letter {
        // Digits stand for the letters, so that numbers stay numbers.
        'I' | 'l' | '|' | 'Ì'..='Ï' | 'Ī' | 'İ' => '1',
        'O' | 'Ò'..='Ö' | 'Ø' | 'Ő' => '0',
        '×' => 'x',
        'ß' => 'B',
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => 'A',
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'Ç' | 'Ć' | 'Č' => 'C',
        'ç' | 'ć' | 'č' => 'c',
        'È'..='Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => 'E',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'Ñ' | 'Ń' | 'Ň' => 'N',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ő' => 'o',
        'Ś' | 'Ş' | 'Š' => 'S',
        'ś' | 'ş' | 'š' => 's',
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' => 'U',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'Ý' | 'Ÿ' => 'Y',
        'ý' | 'ÿ' => 'y',
        'Ź' | 'Ż' | 'Ž' => 'Z',
        'ź' | 'ż' | 'ž' => 'z',
        '’' | '‘' | '`' | '´' => '\'',
        '“' | '”' | '„' => '"',
        '–' | '—' | '−' => '-',
        other => other,
    }
}

/// Whether a text that was read has letters with marks, such as `Ü`, that the wanted
/// one has not. Marks get lost in reading; they do not come from nowhere.
pub(super) fn has_other_marks(read: &str, wanted: &str) -> bool {
    let is_marked =
        |letter: &char| letter.is_alphabetic() && !letter.is_ascii() && shape(*letter).is_ascii();
    read.chars()
        .filter(is_marked)
        .any(|letter| !wanted.contains(letter))
}

/// Whether a text has enough letters of a shape of their own to be known by
/// them: `10` and `Ill` have none, so they must be read as they are.
pub(super) fn is_distinct(text: &str) -> bool {
    let own = |letter: &char| letter.is_alphanumeric() && !matches!(letter, '1' | '0' | 'm' | 'w');
    folded(text).chars().filter(own).count() >= LEAST_OWN
}

/// Whether a text is one sign that no keyboard has a key for, and that is read as
/// another one for that reason: `×` as `x`.
pub(super) fn is_sign(text: &str) -> bool {
    matches!(text, "×" | "−" | "–" | "—")
}

/// How many letters of their own shape make a text distinct.
const LEAST_OWN: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_look_alike_become_the_same() {
        for (one, other) in [
            ("Scroll", "ScroIl"),
            ("Level 10", "Leve1 1O"),
            ("modern", "modem"),
            ("www", "wvvw"),
            ("don't", "don’t"),
            ("a–b", "a-b"),
            ("3 × 4", "3 x 4"),
            ("--all", "-all"),
            ("Größe", "GroBe"),
            ("für", "fiir"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        for (one, other) in [("Save", "Sawe"), ("fall", "fail"), ("5", "S"), ("o", "0")] {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn marks_are_lost_and_do_not_come_from_nowhere() {
        for (read, wanted) in [
            ("Ubersicht", "Übersicht"),
            ("GroBe", "Größe"),
            ("Größe", "Größe"),
        ] {
            assert!(!has_other_marks(read, wanted), "{read} {wanted}");
        }
        for (read, wanted) in [("Übersicht", "Ubersicht"), ("Größe", "GroBe")] {
            assert!(has_other_marks(read, wanted), "{read} {wanted}");
        }
    }

    #[test]
    fn a_text_is_distinct_by_letters_of_its_own() {
        for text in ["Help", "Ctrl+O", "to", "File 1"] {
            assert!(is_distinct(text), "{text}");
        }
        for text in ["", "1", "10", "100", "Ill", "O0l", "m1", "a1", "..."] {
            assert!(!is_distinct(text), "{text}");
        }
    }
}
