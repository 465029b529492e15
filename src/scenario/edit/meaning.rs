//! What a text says, apart from how it is written.

use super::{Change, Entry, SHORT, What};
use crate::{
    geometry::Rect,
    scenario::node::{Kind, Node},
};

/// What a value says. The keys of a mapping are in the order of their names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Meaning {
    Text(String),
    List(Vec<Meaning>),
    Mapping(Vec<(String, Meaning)>),
}

impl Meaning {
    pub(super) fn of(node: &Node) -> Self {
        match &node.kind {
            Kind::Scalar(scalar) => Self::Text(scalar.text.clone()),
            Kind::Sequence(items) => Self::List(items.iter().map(Self::of).collect()),
            Kind::Mapping(pairs) => {
                let pairs = pairs.iter();
                let pairs = pairs.map(|(key, value)| (key.value.clone(), Self::of(value)));
                Self::Mapping(pairs.collect())
            }
        }
        .sorted()
    }

    fn rect(rect: Rect) -> Self {
        let number = |key: &str, number: String| (key.to_owned(), Self::Text(number));
        Self::Mapping(vec![
            number("x", rect.x.to_string()),
            number("y", rect.y.to_string()),
            number("width", rect.width.to_string()),
            number("height", rect.height.to_string()),
        ])
        .sorted()
    }

    fn entry(entry: &Entry) -> Self {
        match entry {
            Entry::Name(name) => Self::Text(name.clone()),
            Entry::Rect(rect) => Self::rect(*rect),
        }
    }

    fn sorted(mut self) -> Self {
        if let Self::Mapping(pairs) = &mut self {
            pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        self
    }

    /// Changes the value of the verb at the end of a trail; `None` if it is no place where
    /// that can be done.
    pub(super) fn apply(&mut self, trail: &Trail<'_>, change: &Change) -> Option<()> {
        let mut value = self;
        for key in trail.0 {
            value = match (value, key) {
                (Self::List(items), Way::Item(number)) => items.get_mut(*number)?,
                (Self::Mapping(pairs), Way::Key(name)) => {
                    let mut pairs = pairs.iter_mut();
                    &mut pairs.find(|(key, _)| key == name)?.1
                }
                _ => return None,
            };
        }
        if let Self::Text(text) = value {
            let short = Self::Text(std::mem::take(text));
            *value = Self::Mapping(vec![(SHORT.to_owned(), short)]);
        }
        let Self::Mapping(pairs) = value else {
            return None;
        };
        let found = pairs.iter().position(|(key, _)| key == change.key);
        let old = found.map(|at| pairs.remove(at).1);
        let new = match (&change.what, old) {
            (What::Replace(area), _) => Self::rect(*area),
            (What::Add(entries), None) => Self::List(entries.iter().map(Self::entry).collect()),
            (What::Add(entries), Some(Self::List(mut items))) => {
                items.extend(entries.iter().map(Self::entry));
                Self::List(items)
            }
            (What::Add(_), Some(_)) => return None,
        };
        pairs.push((change.key.to_owned(), new));
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(())
    }
}

/// One turn of the way to a value.
#[derive(Clone, Debug)]
pub(super) enum Way {
    Item(usize),
    Key(String),
}

/// The way to a value, from the root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trail<'t>(pub(super) &'t [Way]);
