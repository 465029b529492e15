//! Where a change is written, and how.

use super::{CannotEdit, Change, Entry, SHORT, What, pair};
use crate::scenario::{
    node::{Kind, Node, Pair},
    source::{Source, Span, Spanned},
};

/// A part of the text, and what replaces it.
pub(super) struct Insert {
    pub(super) span: Span,
    pub(super) new: String,
}

impl Insert {
    pub(super) fn at(place: usize, new: String) -> Self {
        let span = Span::new(place..place);
        Self { span, new }
    }
}

/// The possible ways to write a change to a step, the best first. The caller finds out which of
/// them have the right meaning.
pub(super) fn inserts(
    source: &Source,
    (_, value): (&Spanned<String>, &Node),
    change: &Change,
) -> Result<Vec<Insert>, CannotEdit> {
    match &value.kind {
        Kind::Scalar(scalar) => {
            let written = source.slice(value.span);
            if written.contains('\n') || value.is_nothing() {
                return Err(CannotEdit::Unsure);
            }
            let short = if scalar.plain {
                in_brackets(written, false)
            } else {
                written.to_owned()
            };
            let (key, new) = (change.key, change.value());
            Ok(vec![Insert {
                span: value.span,
                new: format!("{{ {SHORT}: {short}, {key}: {new} }}"),
            }])
        }
        Kind::Mapping(pairs) => match pair(value, change.key) {
            Some((_, old)) if old.aliased || old.anchored => Err(CannotEdit::Shared),
            Some((key, old)) => match &change.what {
                What::Add(entries) => Ok(into_list(source, (key, old), entries)),
                What::Replace(_) => Ok(replaced(source, old, change)),
            },
            None if value.flow => Ok(into_brackets(value, pairs, change)),
            None => Ok(below(source, pairs, change)),
        },
        Kind::Sequence(_) => Err(CannotEdit::Unsure),
    }
}

/// A text between brackets: without quotes if it has none of the characters that have a meaning
/// there.
pub(super) fn in_brackets(text: &str, is_meant: bool) -> String {
    let harmless = |char: char| char.is_alphanumeric() || " -_./@+".contains(char);
    let is_plain = text.chars().all(harmless) && text.starts_with(char::is_alphanumeric);
    if is_plain && (!is_meant || text.trim() == text) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// One more key of a mapping between brackets.
fn into_brackets(value: &Node, pairs: &[Pair], change: &Change) -> Vec<Insert> {
    let new = format!("{}: {}", change.key, change.value());
    let end = value.span.end().saturating_sub(1);
    let last = pairs.last().map(|(_, value)| value.span.end());
    let after_last = last.map(|last| Insert::at(last, format!(", {new}")));
    let rest = [format!(", {new} "), format!(" {new} ")];
    let at_end = rest.map(|new| Insert::at(end, new));
    after_last.into_iter().chain(at_end).collect()
}

/// One more key on a line of its own, after the last one, or else after one that ends on
/// its line.
fn below(source: &Source, pairs: &[Pair], change: &Change) -> Vec<Insert> {
    let Some((first, _)) = pairs.first() else {
        return Vec::new();
    };
    let indent = column(source, first.span.start);
    let (key, new) = (change.key, change.value());
    let line = format!("{}{key}: {new}", " ".repeat(indent));
    let ends = pairs.iter().rev().map(|(_, value)| value.span.end());
    ends.map(|end| after_line(source, end, &line)).collect()
}

/// More entries of a list.
fn into_list(
    source: &Source,
    (key, list): (&Spanned<String>, &Node),
    entries: &[Entry],
) -> Vec<Insert> {
    let Kind::Sequence(items) = &list.kind else {
        return Vec::new();
    };
    let written: Vec<String> = entries.iter().map(Entry::written).collect();
    let joined = written.join(", ");
    let Some(end) = items.last().map(|item| item.span.end()) else {
        return vec![Insert::at(list.span.start + 1, joined)];
    };
    if list.flow {
        return vec![Insert::at(end, format!(", {joined}"))];
    }
    let before = source.slice(Span::new(key.span.end()..items[0].span.start));
    let Some(dash) = before.rfind('-') else {
        return Vec::new();
    };
    let indent = " ".repeat(column(source, key.span.end() + dash));
    let lines = written.iter().map(|entry| format!("{indent}- {entry}"));
    let lines = lines.collect::<Vec<_>>().join(line_end(source));
    vec![after_line(source, end, &lines)]
}

/// A new value, unless a comment would be lost with the old one.
fn replaced(source: &Source, old: &Node, change: &Change) -> Vec<Insert> {
    if source.slice(old.span).contains('#') {
        return Vec::new();
    }
    let new = change.value();
    if old.is_nothing() {
        return vec![Insert::at(old.span.end() + 1, format!(" {new}"))];
    }
    vec![Insert {
        span: old.span,
        new,
    }]
}

/// Lines after the one in which a byte is.
pub(super) fn after_line(source: &Source, place: usize, lines: &str) -> Insert {
    let (line, _) = source.position(place);
    let end = source.line_range(line).end;
    Insert::at(end, format!("{}{lines}", line_end(source)))
}

/// How many characters come before a byte in its line.
pub(super) fn column(source: &Source, place: usize) -> usize {
    let (_, column) = source.position(place);
    column - 1
}

/// How the lines of the file end.
pub(super) fn line_end(source: &Source) -> &'static str {
    if source.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}
