//! Secrets are shown to nobody: everything that a run reports and keeps goes through here.
//!
//! A secret may come back in another form: escaped for JSON or an address, or as base64, alone or
//! within a longer text. These forms are looked for as well.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::event::{Event, EventSink};

/// What replaces a secret.
const STARS: &str = "***";

/// A shorter secret is not looked for inside longer base64, nor a shorter line
/// of one on its own: what is left there could stand in any text.
const LEAST_INSIDE: usize = 6;

/// How many letters and digits a secret must have to be known again where it was misread.
const LEAST_READ: usize = 4;

/// The secrets of a run, in all their forms.
#[derive(Clone, Debug, Default)]
pub(super) struct Redactor {
    /// The longest first, so that no part of one is left over.
    clothes: Vec<String>,
    /// The secrets as they may be read on the screen.
    read: Vec<Vec<char>>,
}

impl Redactor {
    pub(super) fn new(secrets: &BTreeMap<String, String>) -> Self {
        let mut clothes = BTreeSet::new();
        for secret in secrets.values().filter(|secret| !secret.is_empty()) {
            clothes.extend(clothes_of(secret));
            // A file with a line end after it is a usual way to keep one.
            let trimmed = secret.trim();
            if !trimmed.is_empty() {
                clothes.extend(clothes_of(trimmed));
            }
            // Only the end of a long output is reported, which may begin inside a secret.
            let lines = trimmed.lines().map(str::trim);
            clothes.extend(
                lines
                    .filter(|line| line.len() >= LEAST_INSIDE)
                    .flat_map(clothes_of),
            );
        }
        let mut clothes: Vec<String> = clothes.into_iter().collect();
        clothes.sort_by_key(|text| Reverse(text.len()));
        let values = secrets.values().flat_map(|secret| secret.lines());
        let mut read: Vec<Vec<char>> = values
            .map(|line| line.chars().filter_map(as_read).collect())
            .filter(|line: &Vec<char>| line.len() >= LEAST_READ)
            .collect();
        read.sort_by_key(|line| Reverse(line.len()));
        Self { clothes, read }
    }

    /// The text without any secret.
    pub(super) fn text(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in &self.clothes {
            if masked.contains(secret.as_str()) {
                masked = masked.replace(secret.as_str(), STARS);
            }
        }
        masked
    }

    /// The same for text that was read on the screen: some characters of it may be others
    /// than those that stand there.
    pub(super) fn reading(&self, text: &str) -> String {
        let mut masked = self.text(text);
        for secret in &self.read {
            while let Some(found) = misread(&masked, secret) {
                masked.replace_range(found, STARS);
            }
        }
        masked
    }

    /// The same for the content of a file, if that is text.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.clothes.is_empty() {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let masked = self.text(text);
        (masked != text).then(|| masked.into_bytes())
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// A character as it counts in what was read on the screen: those that are taken for each
/// other are one, and what gets lost or comes from nowhere is none.
fn as_read(character: char) -> Option<char> {
    match character.to_ascii_lowercase() {
        '0' | 'q' => Some('o'),
        '1' | 'i' | '|' | '!' | 'j' | 't' => Some('l'),
        '5' | '$' => Some('s'),
        '8' => Some('b'),
        '9' => Some('g'),
        '2' => Some('z'),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    }
}

/// Where a text has a secret in which at most every fourth character was misread: the
/// best of all places, by the least number of characters to change (Sellers, "The theory
/// and computation of evolutionary distances", 1980).
fn misread(text: &str, secret: &[char]) -> Option<Range<usize>> {
    let most = secret.len() / 4;
    // For each number of the secret's characters: how many changes they cost up to here,
    // and where in the text they begin.
    // Of places that cost the same, the shortest is meant.
    let mut costs: Vec<(usize, Reverse<usize>)> =
        (0..=secret.len()).map(|cost| (cost, Reverse(0))).collect();
    let mut best: Option<(usize, Range<usize>)> = None;
    for (at, character) in text.char_indices() {
        let Some(seen) = as_read(character) else {
            continue;
        };
        let end = at + character.len_utf8();
        // It may begin with this character, or after it.
        let mut before = (0, Reverse(at));
        costs[0] = (0, Reverse(end));
        for (number, wanted) in secret.iter().enumerate() {
            let other = (before.0 + usize::from(*wanted != seen), before.1);
            before = costs[number + 1];
            let more = (before.0 + 1, before.1);
            let less = (costs[number].0 + 1, costs[number].1);
            costs[number + 1] = other.min(more).min(less);
        }
        let (cost, Reverse(start)) = costs[secret.len()];
        if cost <= most && best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, start..end));
        }
    }
    let (_, Range { start, end }) = best?;
    // Where its first character is missing, what stands before it is not a part of it.
    let before = text[start..end].find(|c| as_read(c).is_some())?;
    Some(start + before..end)
}

/// A secret as it is, escaped, and encoded.
fn clothes_of(secret: &str) -> Vec<String> {
    let json = Value::from(secret).to_string();
    let mut clothes = vec![
        secret.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent(secret, "%20", true),
        percent(secret, "%20", false),
        percent(secret, "+", true),
        percent(secret, "+", false),
    ];
    for encoded in encoded(secret) {
        let url_safe = encoded.replace('+', "-").replace('/', "_");
        clothes.extend([encoded, url_safe]);
    }
    clothes
}

/// Percent-encoding of everything but unreserved characters (RFC 3986, 2.3).
fn percent(secret: &str, blank: &str, upper: bool) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        b' ' => blank.to_owned(),
        other if upper => format!("%{other:02X}"),
        other => format!("%{other:02x}"),
    };
    secret.bytes().map(byte).collect()
}

/// Base64 of the secret alone, and what is always the same of it within a
/// longer text: three bytes become four characters, so that depends on how many
/// bytes stand before it.
fn encoded(secret: &str) -> Vec<String> {
    let alone = STANDARD.encode(secret);
    let mut all = vec![alone.trim_end_matches('=').to_owned(), alone];
    if secret.len() < LEAST_INSIDE {
        return all;
    }
    for before in 0..3 {
        let padded: Vec<u8> = std::iter::repeat_n(0, before)
            .chain(secret.bytes())
            .collect();
        let whole = STANDARD.encode(&padded);
        // The first characters hold bits of what stands before, the last ones
        // of what stands after.
        let first = [0, 2, 3][before];
        let last = padded.len() * 8 / 6;
        all.push(whole[first..last].to_owned());
    }
    all
}

/// Passes events on without the secrets in them.
pub(super) struct Masked {
    pub(super) sink: Arc<dyn EventSink>,
    pub(super) mask: Redactor,
}

impl EventSink for Masked {
    fn emit(&self, event: &Event) {
        if self.mask.clothes.is_empty() {
            return self.sink.emit(event);
        }
        // Every string of an event is somewhere in its JSON; a field that is
        // added later cannot be forgotten that way.
        let masked = serde_json::to_value(event).ok().and_then(|mut value| {
            self.mask.value(&mut value);
            serde_json::from_value(value).ok()
        });
        if let Some(event) = masked {
            self.sink.emit(&event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "p\"ß+ s/3cret?";

    fn mask() -> Redactor {
        Redactor::new(&BTreeMap::from([("P".to_owned(), SECRET.to_owned())]))
    }

    #[test]
    fn a_secret_is_known_again_where_some_of_it_was_misread() {
        let secret =
            |value: &str| Redactor::new(&BTreeMap::from([("P".to_owned(), value.to_owned())]));
        for (value, read, told) in [
            ("p@ss_w0rd|1", "File Edit p@ss wOrd|1", "File Edit ***"),
            ("s3cr3t<&>\"x", "Name 3cr3t<&> x|", "Name ***|"),
            ("hunter2", "user:huntcrZ, Save", "user:***, Save"),
            ("hunter2", "hunter2 and huntor2", "*** and ***"),
            ("hunter2", "the hunt is over", "the hunt is over"),
            ("abc", "abd", "abd"),
        ] {
            assert_eq!(secret(value).reading(read), told);
        }
    }

    #[test]
    fn a_secret_is_found_in_all_its_clothes() {
        let json = Value::from(SECRET).to_string();
        let clothes = [
            format!("it is {SECRET}!"),
            format!("{{\"password\":{json}}}"),
            "x=p%22%C3%9F%2B%20s%2F3cret%3F&y".to_owned(),
            "x=p%22%c3%9f%2b+s%2f3cret%3f&y".to_owned(),
            STANDARD.encode(SECRET),
            STANDARD.encode(SECRET).trim_end_matches('=').to_owned(),
        ];
        for text in clothes {
            let masked = mask().text(&text);
            assert!(masked.contains(STARS), "{text}: {masked}");
            assert!(!masked.contains("cret"), "{text}: {masked}");
        }
    }

    #[test]
    fn a_secret_is_found_within_longer_base64() {
        for before in ["", "a", "ab", "abc", "user:"] {
            for behind in ["", "x", "xy", "xyz"] {
                let whole = STANDARD.encode(format!("{before}{SECRET}{behind}"));
                for text in [whole.clone(), whole.replace('+', "-").replace('/', "_")] {
                    let masked = mask().text(&text);
                    assert!(masked.contains(STARS), "{before} {behind}: {text}");
                }
            }
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        assert_eq!(mask().text("a text"), "a text");
        assert_eq!(mask().bytes(b"\xff\xfe"), None);
        let empty = Redactor::new(&BTreeMap::from([("E".to_owned(), String::new())]));
        assert_eq!(empty.text("a text"), "a text");
    }

    #[test]
    fn a_short_secret_within_base64_is_the_one_alone() {
        let mask = Redactor::new(&BTreeMap::from([("P".to_owned(), "abc".to_owned())]));
        assert_eq!(mask.text("YWJj"), STARS);
    }
}
