//! The texts of properties: titles, classes, names of machines, and what is
//! selected.
//!
//! A property's type says how its bytes are to be read (ICCCM 2.0, section 2.7.1).
//! `COMPOUND_TEXT` is ISO 2022 with what the X Consortium Standard "Compound Text
//! Encoding" (version 1.1) allows of it: programs that were written before UTF-8
//! still name their windows so, and window managers read it.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5,
    ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15,
    ISO_8859_16, WINDOWS_874, WINDOWS_1254,
};

/// What stands for a character that cannot be read.
const UNREADABLE: char = '\u{fffd}';

const ESCAPE: u8 = 0x1b;

/// Begins a sequence that says in which direction text runs.
const CSI: u8 = 0x9b;

/// Ends the name of an encoding.
const STX: u8 = 0x02;

/// How the bytes of a property are to be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// `UTF8_STRING`.
    Utf8,
    /// `COMPOUND_TEXT`.
    Compound,
    /// `STRING`, and whatever else: ISO 8859-1 by the book. But many programs write
    /// UTF-8 there, and hardly any text of ISO 8859-1 is also UTF-8.
    Other,
}

/// The strings of a property: each ends with a NUL, or with the property.
pub(super) fn strings(kind: Kind, bytes: &[u8]) -> impl Iterator<Item = String> {
    let strings = bytes.split(|byte| *byte == 0);
    let strings = strings.filter(|string| !string.is_empty());
    strings.map(move |string| decoded(kind, string))
}

/// The text that these bytes mean.
pub(super) fn decoded(kind: Kind, bytes: &[u8]) -> String {
    match kind {
        Kind::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Kind::Compound => compound(bytes),
        Kind::Other => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // A long text is cut off somewhere, which may be within a character.
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                let (whole, rest) = bytes.split_at(error.valid_up_to());
                let cut = if whole.is_ascii() {
                    latin(rest)
                } else {
                    String::new()
                };
                String::from_utf8_lossy(whole).into_owned() + &cut
            }
            Err(_) => latin(bytes),
        },
    }
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// A set of characters that bytes may stand for.
#[derive(Clone, Copy)]
enum Charset {
    Ascii,
    /// JIS X 0201's left half: ASCII but for two characters.
    Roman,
    /// JIS X 0201's right half.
    Katakana,
    /// The right half of ISO 8859-1.
    Latin,
    /// The right half of an encoding with a byte for each character.
    Right(&'static Encoding),
    /// Two bytes for each character; with the eighth bit set, and after this prefix,
    /// they are what the encoding calls EUC.
    Double(&'static Encoding, &'static [u8]),
    /// Nothing known, with this many bytes for each character.
    Unknown(usize),
}

impl Charset {
    /// The set that an escape sequence with these bytes names; `None` for one that
    /// names no set.
    fn named(intermediate: &[u8], last: u8) -> Option<Self> {
        let one = |encoding| Some(Self::Right(encoding));
        match (intermediate, last) {
            (b"(" | b")", b'B') => Some(Self::Ascii),
            (b"(" | b")", b'J') => Some(Self::Roman),
            (b"(" | b")", b'I') => Some(Self::Katakana),
            (b"-", b'A') => Some(Self::Latin),
            (b"-", b'B') => one(ISO_8859_2),
            (b"-", b'C') => one(ISO_8859_3),
            (b"-", b'D') => one(ISO_8859_4),
            (b"-", b'F') => one(ISO_8859_7),
            (b"-", b'G') => one(ISO_8859_6),
            (b"-", b'H') => one(ISO_8859_8),
            (b"-", b'L') => one(ISO_8859_5),
            // The encodings of Windows differ from ISO 8859-9 and -11 only among the
            // controls.
            (b"-", b'M') => one(WINDOWS_1254),
            (b"-", b'T') => one(WINDOWS_874),
            (b"-", b'V') => one(ISO_8859_10),
            (b"-", b'Y') => one(ISO_8859_13),
            (b"-", b'_') => one(ISO_8859_14),
            (b"-", b'b') => one(ISO_8859_15),
            (b"-", b'f') => one(ISO_8859_16),
            (b"$" | b"$(" | b"$)", b'A') => Some(Self::Double(GBK, &[])),
            (b"$" | b"$(" | b"$)", b'B' | b'@') => Some(Self::Double(EUC_JP, &[])),
            (b"$(" | b"$)", b'C') => Some(Self::Double(EUC_KR, &[])),
            (b"$(" | b"$)", b'D') => Some(Self::Double(EUC_JP, &[0x8f])),
            (b"(" | b")" | b"-", _) => Some(Self::Unknown(1)),
            ([b'$', ..], _) => Some(Self::Unknown(2)),
            _ => None,
        }
    }

    const fn width(self) -> usize {
        match self {
            Self::Double(..) => 2,
            Self::Unknown(width) => width,
            _ => 1,
        }
    }

    /// The text of one character's bytes, from either half.
    fn read(self, bytes: &[u8], text: &mut String) {
        let first = bytes.first().copied().unwrap_or_default();
        let (left, right) = (first & 0x7f, first | 0x80);
        match self {
            Self::Ascii => text.push(left.into()),
            Self::Roman => text.push(match left {
                b'\\' => '¥',
                b'~' => '‾',
                other => other.into(),
            }),
            Self::Latin => text.push(right.into()),
            Self::Katakana => {
                let katakana = char::from_u32(0xff61 - 0xa1 + u32::from(right));
                let known = (0xa1..=0xdf).contains(&right);
                text.push(katakana.filter(|_| known).unwrap_or(UNREADABLE));
            }
            Self::Right(encoding) => text.push_str(&foreign(encoding, &[right])),
            Self::Double(encoding, prefix) => {
                let bytes = bytes.iter().map(|byte| byte | 0x80);
                let bytes: Vec<u8> = prefix.iter().copied().chain(bytes).collect();
                text.push_str(&foreign(encoding, &bytes));
            }
            Self::Unknown(_) => text.push(UNREADABLE),
        }
    }
}

fn foreign(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn compound(bytes: &[u8]) -> String {
    let (mut left, mut right) = (Charset::Ascii, Charset::Latin);
    let mut text = String::new();
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            ESCAPE => escape(after, (&mut left, &mut right), &mut text),
            CSI => after_final(after, 0x40),
            b'\t' | b'\n' | b' ' => {
                text.push(byte.into());
                after
            }
            0..=0x1f | 0x7f..=0x9f => after,
            _ => {
                let is_right = byte >= 0x80;
                let set = if is_right { right } else { left };
                let same = |byte: &&u8| (**byte >= 0x80) == is_right && **byte & 0x7f > 0x20;
                let follows = after.iter().take(set.width() - 1).take_while(same).count();
                let (character, after) = rest.split_at(1 + follows);
                set.read(character, &mut text);
                after
            }
        };
    }
    text
}

/// What follows the first byte that ends a sequence.
fn after_final(bytes: &[u8], least: u8) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte >= least);
    end.map_or(&[], |end| &bytes[end + 1..])
}

/// Obeys an escape sequence without its first byte; returns what follows it.
fn escape<'b>(
    bytes: &'b [u8],
    (left, right): (&mut Charset, &mut Charset),
    text: &mut String,
) -> &'b [u8] {
    let length = bytes
        .iter()
        .take_while(|byte| matches!(byte, 0x20..=0x2f))
        .count();
    let (intermediate, rest) = bytes.split_at(length);
    let Some((&last, rest)) = rest.split_first() else {
        return &[];
    };
    match (intermediate, last) {
        (b"%", b'G') => {
            let end = rest.windows(3).position(|three| three == b"\x1b%@");
            let (segment, rest) = rest.split_at(end.unwrap_or(rest.len()));
            text.push_str(&String::from_utf8_lossy(segment));
            rest.get(3..).unwrap_or_default()
        }
        (b"%/", b'0'..=b'4') => segment(rest, text),
        _ => {
            if let Some(set) = Charset::named(intermediate, last) {
                let is_right = matches!(intermediate, b")" | b"-" | b"$)");
                *if is_right { right } else { left } = set;
            }
            rest
        }
    }
}

/// Reads a segment that names its encoding; returns what follows it.
fn segment<'b>(bytes: &'b [u8], text: &mut String) -> &'b [u8] {
    let [high, low, rest @ ..] = bytes else {
        return &[];
    };
    let length = usize::from(high & 0x7f) * 128 + usize::from(low & 0x7f);
    let (segment, rest) = rest.split_at(length.min(rest.len()));
    let end = segment.iter().position(|byte| *byte == STX);
    let (name, data) = segment.split_at(end.unwrap_or(0));
    let data = data.strip_prefix(&[STX]).unwrap_or(data);
    match extended(&latin(name).to_ascii_lowercase()) {
        Some(encoding) => text.push_str(&foreign(encoding, data)),
        None => text.push(UNREADABLE),
    }
    rest
}

/// The encoding that X11 knows by a name such as `koi8-r` or `gbk-0`.
fn extended(name: &str) -> Option<&'static Encoding> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = stem.trim_end_matches('-').split('.').next();
    match stem {
        Some("big5hkscs" | "big5") => Some(BIG5),
        _ => Encoding::for_label(name.as_bytes())
            .or_else(|| Encoding::for_label(stem.unwrap_or_default().as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        decoded(Kind::Compound, bytes)
    }

    #[test]
    fn compound_text_begins_with_ascii_and_the_right_half_of_latin_1() {
        assert_eq!(read(b"\xdcberblick\t1"), "Überblick\t1");
        assert_eq!(read(b""), "");
    }

    #[test]
    fn every_set_that_the_standard_names_is_read() {
        for (bytes, text) in [
            (&b"\x1b-B\xb3\xf3d\xbc"[..], "łódź"),
            (b"\x1b-L\xbc\xd8\xe0", "Мир"),
            (b"\x1b-F\xc5\xeb\xeb\xdc\xf2 \x1b-A\xe9", "Ελλάς é"),
            (b"\x1b-H\xf9\xec\xe5\xed", "שלום"),
            (b"\x1b-M\xfd\xfe", "ış"),
            (b"\x1b-b\xa4", "€"),
            (b"\x1b-T\xa1\xa2", "กข"),
            (b"\x1b$(B4A;z\x1b(B ok", "漢字 ok"),
            (b"\x1b$)B\xb4\xc1\xbb\xfa ok", "漢字 ok"),
            (b"\x1b$BF|K\\\x1b(J\\~", "日本¥‾"),
            (b"\x1b$(D0!", "丂"),
            (b"\x1b)I\xb1\xb2\x1b(I12", "ｱｲｱｲ"),
            (b"\x1b$(A::WV", "汉字"),
            (b"\x1b$)C\xc7\xd1\xb1\xdb", "한글"),
        ] {
            assert_eq!(read(bytes), text, "{bytes:x?}");
        }
    }

    #[test]
    fn segments_say_their_encoding() {
        assert_eq!(read("a\u{1b}%Gü🙂\u{1b}%@b".as_bytes()), "aü🙂b");
        assert_eq!(read("\u{1b}%Gopen ü".as_bytes()), "open ü");
        assert_eq!(read(b"\x1b%/2\x80\x89big5-0\x02\xba\x7e\xe9"), "漢é");
        assert_eq!(read(b"\x1b%/1\x80\x8akoi8-r\x02\xed\xc9\xd2."), "Мир.");
        assert_eq!(read(b"\x1b%/1\x80\x85what\x02x"), "\u{fffd}x");
    }

    #[test]
    fn what_cannot_be_read_is_one_mark_and_ends_nothing() {
        assert_eq!(read(b"\x1b$(G!!\x1b(B."), "\u{fffd}.");
        assert_eq!(read(b"\x9b2]a\x9b]b\x07"), "ab");
        for cut in [
            &b"\x1b"[..],
            b"\x1b$(",
            b"\x1b%/2\x80",
            b"\x1b%/2\xff\xffx",
            b"\x1b$(B4",
        ] {
            let _ = read(cut);
        }
    }

    #[test]
    fn a_string_is_latin_1_unless_it_is_utf_8() {
        assert_eq!(decoded(Kind::Other, b"caf\xe9"), "café");
        assert_eq!(decoded(Kind::Other, "Überblick".as_bytes()), "Überblick");
        // Cut off within the last character.
        assert_eq!(decoded(Kind::Other, b"\xc3\x9cber \xe6\xbc"), "Über ");
    }

    #[test]
    fn a_property_ends_each_of_its_strings_with_a_nul() {
        let of = |bytes| strings(Kind::Utf8, bytes).collect::<Vec<_>>();
        assert_eq!(of(b"one\0"), ["one"]);
        assert_eq!(of(b"one\0two\0\0"), ["one", "two"]);
        assert_eq!(of(b"\0"), [""; 0]);
    }
}
