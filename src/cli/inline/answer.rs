//! What a terminal answers when it is asked whether it shows pictures.

use super::Way;

/// Asks by kitty's protocol about a picture that is not shown, and then, which
/// every terminal answers, what kind of terminal it is ("primary device
/// attributes" of DEC's VT220 and its followers).
pub(super) const QUESTION: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c";

/// Sixels, among the attributes of a terminal.
const SIXEL: &str = "4";

/// Whether the answer to the last part of [`QUESTION`] is there.
pub(super) fn is_whole(answer: &[u8]) -> bool {
    attributes(answer).is_some()
}

/// How the terminal shows pictures, if it does.
pub(super) fn way(answer: &[u8]) -> Option<Way> {
    let text = String::from_utf8_lossy(answer);
    if text.contains("\x1b_Gi=31;OK\x1b\\") {
        return Some(Way::Kitty);
    }
    let attributes = attributes(answer)?;
    let mut attributes = attributes.split(';').skip(1);
    attributes
        .any(|attribute| attribute == SIXEL)
        .then_some(Way::Sixel)
}

/// The attributes between `ESC [ ?` and `c`.
fn attributes(answer: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    let mut parts = text.split("\x1b[?").skip(1);
    parts.find_map(|part| {
        let (attributes, _) = part.split_once('c')?;
        let plain = |c: char| c.is_ascii_digit() || c == ';';
        attributes.chars().all(plain).then(|| attributes.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_known_by_their_answers() {
        for (terminal, answer, expected) in [
            (
                "kitty",
                "\x1b_Gi=31;OK\x1b\\\x1b[?62;52;c",
                Some(Way::Kitty),
            ),
            (
                "xterm as a VT340",
                "\x1b[?63;1;2;4;6;9;15;22c",
                Some(Way::Sixel),
            ),
            ("foot", "\x1b[?62;4;22c", Some(Way::Sixel)),
            ("xterm", "\x1b[?64;1;2;6;9;15;16;17;18;21;22c", None),
            ("VTE", "\x1b[?65;1;9c", None),
            ("a VT100 of class 4", "\x1b[?4;6c", None),
            (
                "a terminal that refuses",
                "\x1b_Gi=31;ENOTSUP:no\x1b\\\x1b[?6c",
                None,
            ),
            (
                "somebody who types",
                "ls\r\x1b[A\x1b[?62;4c",
                Some(Way::Sixel),
            ),
        ] {
            assert!(is_whole(answer.as_bytes()), "{terminal}");
            assert_eq!(way(answer.as_bytes()), expected, "{terminal}");
        }
    }

    #[test]
    fn an_answer_in_pieces_is_waited_for() {
        for part in [
            "",
            "\x1b",
            "\x1b[?62;4",
            "abc",
            "\x1b_Gi=31;OK\x1b\\",
            "\x1b[?x4c",
        ] {
            assert!(!is_whole(part.as_bytes()), "{part:?}");
        }
        assert_eq!(way(b"\xff\xfe\x1b[?"), None);
    }
}
