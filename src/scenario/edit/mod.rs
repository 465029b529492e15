//! Changes of a scenario's text that leave everything else in it as it is.
//!
//! A mask or a region is put where a person would write it, and comments, spacing and quotes stay.
//! Nothing depends on that place being right in every corner case of YAML: the result is read
//! again, and must mean the same as before, with that one difference, or there is no result.

mod change;
mod film;
mod meaning;
mod place;
mod remove;
mod scalar;
#[cfg(test)]
mod tests;

use thiserror::Error;

pub(crate) use self::film::{FilmStep, Framing, Words};
use self::{
    meaning::{Meaning, Trail, Way},
    place::Insert,
};
use super::{
    node::{Kind, Node, Pair},
    problem::Findings,
    source::Source,
    yaml,
};
use crate::geometry::Rect;

/// The verb whose steps are changed, and the field of its short form.
const VERB: &str = "screenshot-assert";
const SHORT: &str = "baseline";

/// Why a text is left as it is.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(crate) enum CannotEdit {
    /// It is not YAML, or has problems of its own.
    #[error("the file has problems: `deskhand check` lists them")]
    Unreadable,
    /// There is no such step.
    #[error("there is no `screenshot-assert` at that place any more")]
    NoStep,
    /// There is no such step at that line.
    #[error("the step no longer exists there")]
    Gone,
    /// What would be changed is used elsewhere too.
    #[error("there is an anchor or an alias, so the change would also apply in other places")]
    Shared,
    /// It is written in a way that cannot be changed safely.
    #[error("the step is written in a way that cannot be changed safely")]
    Unsure,
}

/// The text with these areas added to the masks of the `screenshot-assert` that begins at a byte. A
/// step without masks of its own uses those of the defaults, which no longer apply once it has
/// some: these are `inherited`, and are written too.
///
/// # Errors
///
/// Why it is left as it is.
pub(crate) fn with_mask(
    source: &Source,
    at: usize,
    areas: &[Rect],
    inherited: &[Rect],
) -> Result<String, CannotEdit> {
    edit(source, at, &|root, has_mask| {
        let mut entries = Vec::new();
        if !has_mask {
            entries.extend(defaults(root, inherited));
        }
        entries.extend(areas.iter().copied().map(Entry::Rect));
        Change {
            key: "mask",
            what: What::Add(entries),
        }
    })
}

/// The text with this region for the `screenshot-assert` that begins at a byte; it replaces an
/// existing one.
///
/// # Errors
///
/// Why it is left as it is.
pub(crate) fn with_region(source: &Source, at: usize, area: Rect) -> Result<String, CannotEdit> {
    edit(source, at, &|_, _| Change {
        key: "region",
        what: What::Replace(area),
    })
}

/// Areas as they are written below `mask`, to insert by hand.
#[must_use]
pub(crate) fn mask_line(areas: &[Rect]) -> String {
    let entries = areas.iter().copied().map(Entry::Rect);
    format!("mask: {}", list(&entries.collect::<Vec<_>>()))
}

/// An area as it is written after `region`.
#[must_use]
pub(crate) fn region_line(area: Rect) -> String {
    format!("region: {}", Entry::Rect(area).written())
}

/// What must be different afterwards.
struct Change {
    key: &'static str,
    what: What,
}

enum What {
    /// A list also has these entries.
    Add(Vec<Entry>),
    /// The value is this one.
    Replace(Rect),
}

/// An area.
#[derive(Clone, Debug)]
enum Entry {
    Name(String),
    Rect(Rect),
}

impl Entry {
    fn written(&self) -> String {
        match self {
            Self::Name(name) => place::in_brackets(name, true),
            Self::Rect(Rect {
                x,
                y,
                width,
                height,
            }) => format!("{{ x: {x}, y: {y}, width: {width}, height: {height} }}"),
        }
    }
}

/// Entries as a list between brackets.
fn list(entries: &[Entry]) -> String {
    let entries: Vec<String> = entries.iter().map(Entry::written).collect();
    format!("[{}]", entries.join(", "))
}

impl Change {
    /// What follows the key, if there was nothing.
    fn value(&self) -> String {
        match &self.what {
            What::Add(entries) => list(entries),
            What::Replace(area) => Entry::Rect(*area).written(),
        }
    }
}

fn edit(
    source: &Source,
    at: usize,
    change: &dyn Fn(&Node, bool) -> Change,
) -> Result<String, CannotEdit> {
    if source.defect().is_some() {
        return Err(CannotEdit::Unreadable);
    }
    let root = read(source).ok_or(CannotEdit::Unreadable)?;
    let mut trail = Vec::new();
    let (key, value) = find(&root, at, &mut trail)?;
    if value.aliased || value.anchored {
        return Err(CannotEdit::Shared);
    }
    let change = change(&root, has(value, "mask"));
    let mut meant = Meaning::of(&root);
    meant
        .apply(&Trail(&trail), &change)
        .ok_or(CannotEdit::Unsure)?;
    for insert in place::inserts(source, (key, value), &change)? {
        let text = insert.into(source.text());
        let new = Source::new(source.name(), text.as_bytes());
        if read(&new).is_some_and(|root| Meaning::of(&root) == meant) {
            return Ok(text);
        }
    }
    Err(CannotEdit::Unsure)
}

/// The tree of a text without problems.
fn read(source: &Source) -> Option<Node> {
    let mut findings = Findings::default();
    let root = yaml::read(source, &mut findings);
    let (errors, _) = findings.into_sorted();
    root.filter(|_| errors.is_empty())
}

fn has(value: &Node, name: &str) -> bool {
    pair(value, name).is_some()
}

fn pair<'n>(node: &'n Node, name: &str) -> Option<&'n Pair> {
    let Kind::Mapping(pairs) = &node.kind else {
        return None;
    };
    pairs.iter().find(|(key, _)| key.value == name)
}

/// The verb that begins at a byte, and the path to it. The value of an alias is written elsewhere,
/// so it is not searched; what has an anchor may be used elsewhere.
fn find<'n>(node: &'n Node, at: usize, trail: &mut Vec<Way>) -> Result<&'n Pair, CannotEdit> {
    let inside: Vec<(Way, &Node)> = match &node.kind {
        Kind::Scalar(_) => return Err(CannotEdit::NoStep),
        Kind::Sequence(items) => {
            let items = items.iter().enumerate();
            items.map(|(at, item)| (Way::Item(at), item)).collect()
        }
        Kind::Mapping(pairs) => {
            let verb = pairs.iter().position(|(key, _)| key.span.start == at);
            if let Some(number) = verb.filter(|number| pairs[*number].0.value == VERB) {
                if node.anchored {
                    return Err(CannotEdit::Shared);
                }
                trail.push(Way::Key(VERB.to_owned()));
                return Ok(&pairs[number]);
            }
            let pairs = pairs.iter();
            pairs
                .map(|(key, value)| (Way::Key(key.value.clone()), value))
                .collect()
        }
    };
    for (way, child) in inside {
        if child.aliased {
            if child.span.start == at {
                return Err(CannotEdit::Shared);
            }
            continue;
        }
        trail.push(way);
        match find(child, at, trail) {
            Err(CannotEdit::NoStep) => drop(trail.pop()),
            Ok(_) if node.anchored => return Err(CannotEdit::Shared),
            found => return found,
        }
    }
    Err(CannotEdit::NoStep)
}

/// The masks of the defaults, by their names where the file gives them names.
fn defaults(root: &Node, inherited: &[Rect]) -> Vec<Entry> {
    let mask = pair(root, "defaults").and_then(|(_, defaults)| {
        let (_, screenshot) = pair(defaults, "screenshot")?;
        let (_, mask) = pair(screenshot, "mask")?;
        let Kind::Sequence(items) = &mask.kind else {
            return None;
        };
        (items.len() == inherited.len()).then_some(items)
    });
    let name = |number: usize| match &mask?.get(number)?.kind {
        Kind::Scalar(scalar) => Some(Entry::Name(scalar.text.clone())),
        _ => None,
    };
    let entries = inherited.iter().enumerate();
    entries
        .map(|(number, rect)| name(number).unwrap_or(Entry::Rect(*rect)))
        .collect()
}

impl Insert {
    /// The text after it.
    fn into(self, text: &str) -> String {
        let mut new = String::with_capacity(text.len() + self.new.len());
        new.push_str(&text[..self.span.start]);
        new.push_str(&self.new);
        new.push_str(&text[self.span.end()..]);
        new
    }
}
