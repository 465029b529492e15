//! What is removed from a text, and what is removed along with it.

use super::{Insert, place::column};
use crate::scenario::{
    node::{Kind, Node, Pair},
    source::{Source, Span},
};

/// The possible ways to remove a key from a mapping, the best first.
pub(super) fn key_removed(source: &Source, node: &Node, key: &str) -> Vec<Insert> {
    let Kind::Mapping(pairs) = &node.kind else {
        return Vec::new();
    };
    let Some(number) = pairs.iter().position(|(name, _)| name.value == key) else {
        return Vec::new();
    };
    let (name, value) = &pairs[number];
    if node.flow {
        let before = number.checked_sub(1).and_then(|before| pairs.get(before));
        let after = pairs.get(number + 1);
        return match (before, after) {
            (Some((_, before)), _) => cut(source, before.span.end()..value.span.end()),
            (None, Some((after, _))) => cut(source, name.span.start..after.span.start),
            (None, None) => Vec::new(),
        };
    }
    let end = written_end(source, value);
    let (line, _) = source.position(name.span.start);
    let is_first = number == 0;
    let stands_alone = source.text()[source.line_range(line).start..name.span.start]
        .trim()
        .is_empty();
    if !is_first || stands_alone {
        return vec![lines(source, name.span.start, end)];
    }
    // The dash of the list stays, and the next key comes after it.
    let Some((next, _)) = pairs.get(number + 1) else {
        return Vec::new();
    };
    cut(source, name.span.start..next.span.start)
}

/// The possible ways to remove an item from a list.
pub(super) fn item_removed(source: &Source, list: &Node, number: usize) -> Vec<Insert> {
    let Kind::Sequence(items) = &list.kind else {
        return Vec::new();
    };
    // An empty list of steps would be a problem.
    let Some(item) = items.get(number).filter(|_| items.len() > 1) else {
        return Vec::new();
    };
    if list.flow {
        return match (
            number.checked_sub(1).and_then(|it| items.get(it)),
            items.get(number + 1),
        ) {
            (Some(before), _) => cut(source, before.span.end()..item.span.end()),
            (None, Some(after)) => cut(source, item.span.start..after.span.start),
            (None, None) => Vec::new(),
        };
    }
    let (line, _) = source.position(item.span.start);
    let before = &source.text()[source.line_range(line).start..item.span.start];
    if before.trim() != "-" || column(source, item.span.start) == 0 {
        return Vec::new();
    }
    vec![lines(source, item.span.start, last_end(source, item))]
}

/// The end of all that is written of a value.
fn last_end(source: &Source, node: &Node) -> usize {
    match &node.kind {
        Kind::Mapping(pairs) if !node.flow => pairs
            .iter()
            .map(|pair| pair_end(source, pair))
            .max()
            .unwrap_or(node.span.end()),
        Kind::Sequence(items) if !node.flow => items
            .iter()
            .map(|item| last_end(source, item))
            .max()
            .unwrap_or(node.span.end()),
        _ => written_end(source, node),
    }
}

fn pair_end(source: &Source, (key, value): &Pair) -> usize {
    last_end(source, value).max(key.span.end())
}

/// The end of a value without the line ends that belong to it.
fn written_end(source: &Source, node: &Node) -> usize {
    node.span.start + source.slice(node.span).trim_end().len()
}

/// Removes a part of the text, unless a comment would be lost.
fn cut(source: &Source, part: std::ops::Range<usize>) -> Vec<Insert> {
    let span = Span::new(part);
    let lines = source.slice(span).lines();
    let comments = lines.skip(1).any(|line| line.trim_start().starts_with('#'));
    if comments || source.slice(span).contains(" # ") {
        return Vec::new();
    }
    vec![Insert {
        span,
        new: String::new(),
    }]
}

/// All lines from the one with a byte to the one with another go, and what is said after
/// the last of them.
fn lines(source: &Source, from: usize, to: usize) -> Insert {
    let (first, _) = source.position(from);
    let (last, _) = source.position(to);
    let start = source.line_range(first).start;
    let after = source.line_range(last).end;
    let rest = &source.text()[after..];
    let line_end = rest.len() - rest.trim_start_matches('\r').len();
    let line_end = line_end + usize::from(rest[line_end..].starts_with('\n'));
    Insert {
        span: Span::new(start..after + line_end),
        new: String::new(),
    }
}
