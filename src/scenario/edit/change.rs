//! Changes of the keys of a step, one after another, each read again.

use super::{
    CannotEdit, Insert,
    meaning::{Meaning, Way},
    pair,
    place::{after_line, column, line_end},
    read,
    remove::{item_removed, key_removed},
    scalar::{Context, ways},
};
use crate::{
    geometry::Rect,
    scenario::{
        node::{Kind, Node, Pair},
        source::{Source, Span},
    },
};

/// One change; its keys lead to the place from the step on.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// The key has this value.
    Set(Vec<&'static str>, Value),
    /// The key is not there.
    Remove(Vec<&'static str>),
    /// The step is not there.
    RemoveStep,
}

/// What follows a key.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Fields(Vec<(&'static str, String)>),
    Rect(Rect),
}

impl Value {
    fn meaning(&self) -> Meaning {
        match self {
            Self::Text(text) => Meaning::Text(text.clone()),
            Self::Fields(fields) => {
                let pairs = fields.iter();
                let pairs =
                    pairs.map(|(key, text)| ((*key).to_owned(), Meaning::Text(text.clone())));
                Meaning::Mapping(pairs.collect()).sorted()
            }
            Self::Rect(area) => Meaning::rect(*area),
        }
    }

    /// The possible ways to write it, the best first.
    fn ways(&self, context: Context) -> Vec<String> {
        match self {
            Self::Text(text) => ways(text, context),
            Self::Fields(fields) => {
                let most = fields.iter().map(|(_, text)| ways(text, Context::Flow));
                let written: Vec<Vec<String>> = most.collect();
                let deepest = written.iter().map(Vec::len).max().unwrap_or(0);
                let line = |depth: usize| {
                    let pairs = fields.iter().zip(&written).map(|((key, _), ways)| {
                        format!("{key}: {}", ways[depth.min(ways.len() - 1)])
                    });
                    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
                };
                (0..deepest).map(line).collect()
            }
            Self::Rect(area) => vec![super::Entry::Rect(*area).written()],
        }
    }
}

/// The text after all changes of the step at the end of a trail.
pub(super) fn applied(source: &Source, trail: &[Way], ops: &[Op]) -> Result<String, CannotEdit> {
    let mut text = source.text().to_owned();
    for op in ops {
        let now = Source::new(source.name(), text.as_bytes());
        if let Some(next) = one(&now, trail, op)? {
            text = next;
        }
    }
    Ok(text)
}

/// The text after one change; `None` if it says that already.
fn one(source: &Source, trail: &[Way], op: &Op) -> Result<Option<String>, CannotEdit> {
    let root = read(source).ok_or(CannotEdit::Unreadable)?;
    let step = at(&root, trail).ok_or(CannotEdit::Gone)?;
    let before = Meaning::of(&root);
    let mut meant = before.clone();
    let inserts = match op {
        Op::Set(path, value) => {
            let place = meant.below(trail).ok_or(CannotEdit::Unsure)?;
            place.set(path, value.meaning()).ok_or(CannotEdit::Unsure)?;
            set(source, step, path, value)?
        }
        Op::Remove(path) => {
            let place = meant.below(trail).ok_or(CannotEdit::Unsure)?;
            place.remove(path).ok_or(CannotEdit::Unsure)?;
            removed(source, step, path)?
        }
        Op::RemoveStep => {
            let (Way::Item(number), list) = trail.split_last().ok_or(CannotEdit::Unsure)? else {
                return Err(CannotEdit::Unsure);
            };
            let place = meant.below(list).ok_or(CannotEdit::Unsure)?;
            place.remove_item(*number).ok_or(CannotEdit::Unsure)?;
            let list = at(&root, list).ok_or(CannotEdit::Unsure)?;
            item_removed(source, list, *number)
        }
    };
    if meant == before {
        return Ok(None);
    }
    for insert in inserts {
        let text = insert.into(source.text());
        let new = Source::new(source.name(), text.as_bytes());
        if read(&new).is_some_and(|root| Meaning::of(&root) == meant) {
            return Ok(Some(text));
        }
    }
    Err(CannotEdit::Unsure)
}

/// What is at the end of a trail.
pub(super) fn at<'n>(root: &'n Node, trail: &[Way]) -> Option<&'n Node> {
    trail
        .iter()
        .try_fold(root, |node, way| match (&node.kind, way) {
            (Kind::Sequence(items), Way::Item(number)) => items.get(*number),
            (Kind::Mapping(_), Way::Key(name)) => pair(node, name).map(|(_, value)| value),
            _ => None,
        })
}

/// The mapping with the last key of a path, and that key.
fn holder<'n>(
    step: &'n Node,
    path: &[&'static str],
) -> Result<(&'n Node, &'static str), CannotEdit> {
    let (key, way) = path.split_last().ok_or(CannotEdit::Unsure)?;
    let mut node = step;
    for name in way {
        let (_, value) = pair(node, name).ok_or(CannotEdit::Unsure)?;
        if value.anchored || value.aliased {
            return Err(CannotEdit::Shared);
        }
        node = value;
    }
    Ok((node, *key))
}

fn set(
    source: &Source,
    step: &Node,
    path: &[&'static str],
    value: &Value,
) -> Result<Vec<Insert>, CannotEdit> {
    let (node, key) = holder(step, path)?;
    match (&node.kind, pair(node, key)) {
        (Kind::Scalar(_), _) => Ok(beside_bare(source, node, key, value)),
        (Kind::Mapping(_), Some((_, old))) if old.anchored || old.aliased => {
            Err(CannotEdit::Shared)
        }
        (Kind::Mapping(_), Some(pair)) => Ok(replaced(source, node, pair, value)),
        (Kind::Mapping(pairs), None) => Ok(added(source, node, pairs, (key, value))),
        (Kind::Sequence(_), _) => Err(CannotEdit::Unsure),
    }
}

fn removed(source: &Source, step: &Node, path: &[&'static str]) -> Result<Vec<Insert>, CannotEdit> {
    let (node, key) = holder(step, path)?;
    match pair(node, key) {
        Some((_, old)) if old.anchored || old.aliased => Err(CannotEdit::Shared),
        Some(_) => Ok(key_removed(source, node, key)),
        None => Ok(Vec::new()),
    }
}

/// A key next to a verb without an argument: `- wait-ready`.
fn beside_bare(source: &Source, node: &Node, key: &str, value: &Value) -> Vec<Insert> {
    let indent = column(source, node.span.start);
    let line_end = line_end(source);
    let margin = " ".repeat(indent);
    let context = Context::Block { indent, line_end };
    let verb = source.slice(node.span);
    let ways = value.ways(context).into_iter();
    let below = ways.map(|value| Insert {
        span: node.span,
        new: format!("{verb}:{line_end}{margin}{key}: {value}"),
    });
    let flow = value.ways(Context::Flow).into_iter().map(|value| Insert {
        span: node.span,
        new: format!("{{ {verb}: , {key}: {value} }}"),
    });
    below.chain(flow).collect()
}

/// A new value, unless a comment would be lost with the old one.
fn replaced(source: &Source, holder: &Node, (key, old): &Pair, value: &Value) -> Vec<Insert> {
    let written = source.slice(old.span);
    let header = header(source, key.span.end(), old);
    // A `#` in a text does not begin a comment; there may be one after the sign before its lines.
    let may_comment = match (&old.kind, header) {
        (Kind::Scalar(_), Some(header)) => {
            let (line, _) = source.position(header);
            source.text()[header..source.line_range(line).end].contains('#')
        }
        (Kind::Scalar(_), None) => false,
        _ => written.contains('#'),
    };
    if may_comment {
        return Vec::new();
    }
    let context = context(source, holder, key.span.start);
    let ways = value
        .ways(context)
        .into_iter()
        .chain(value.ways(Context::Flow));
    if old.is_nothing() {
        let colon = source.text()[key.span.end()..].find(':');
        let place = colon.map(|colon| key.span.end() + colon + 1);
        let place = place.into_iter().cycle();
        return ways
            .zip(place)
            .map(|(new, place)| Insert::at(place, format!(" {new}")))
            .collect();
    }
    // The lines of a text end where the next thing begins.
    let end = old.span.start + written.trim_end().len();
    let span = Span::new(header.unwrap_or(old.span.start)..end);
    ways.map(|new| Insert { span, new }).collect()
}

/// Where the `|` or `>` stands that is before the lines of a text.
fn header(source: &Source, key: usize, old: &Node) -> Option<usize> {
    let between = source.text().get(key..old.span.start)?;
    let after = between.find(':')? + 1;
    let sign = after + between[after..].find(|char: char| !char.is_whitespace())?;
    between[sign..]
        .starts_with(['|', '>'])
        .then_some(key + sign)
}

/// One more key: between brackets, or on a line of its own below the first pair that ends on its
/// line, so that it is near the verb and not below the steps of a block.
fn added(
    source: &Source,
    node: &Node,
    pairs: &[Pair],
    (key, value): (&str, &Value),
) -> Vec<Insert> {
    let Some((first, _)) = pairs.first() else {
        return Vec::new();
    };
    if node.flow {
        let last = pairs
            .last()
            .map_or(node.span.start + 1, |(_, value)| value.span.end());
        let end = node.span.end().saturating_sub(1);
        let ways = value.ways(Context::Flow).into_iter();
        return ways
            .flat_map(|value| {
                let new = format!("{key}: {value}");
                [
                    Insert::at(last, format!(", {new}")),
                    Insert::at(end, format!(", {new} ")),
                    Insert::at(end, format!(" {new} ")),
                ]
            })
            .collect();
    }
    let indent = column(source, first.span.start);
    let context = Context::Block {
        indent,
        line_end: line_end(source),
    };
    let line = |place: usize| source.position(place).0;
    let is_short = |(key, value): &&Pair| line(key.span.start) == line(value.span.end());
    let short = pairs.iter().filter(is_short).map(|(key, _)| key.span.end());
    let all = pairs.iter().rev().map(|(_, value)| value.span.end());
    let places: Vec<usize> = short.chain(all).collect();
    let ways = value.ways(context);
    let lines = ways
        .iter()
        .map(|value| format!("{}{key}: {value}", " ".repeat(indent)));
    let lines: Vec<String> = lines.collect();
    let places = places.into_iter();
    places
        .flat_map(|place| lines.iter().map(move |line| (place, line)))
        .map(|(place, line)| after_line(source, place, line))
        .collect()
}

fn context(source: &Source, holder: &Node, key: usize) -> Context {
    if holder.flow {
        return Context::Flow;
    }
    Context::Block {
        indent: column(source, key),
        line_end: line_end(source),
    }
}
