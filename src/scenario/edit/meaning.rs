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

    pub(super) fn rect(rect: Rect) -> Self {
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

    pub(super) fn sorted(mut self) -> Self {
        if let Self::Mapping(pairs) = &mut self {
            pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        self
    }

    /// What is at the end of a path.
    pub(super) fn below(&mut self, trail: &[Way]) -> Option<&mut Self> {
        let mut value = self;
        for way in trail {
            value = match (value, way) {
                (Self::List(items), Way::Item(number)) => items.get_mut(*number)?,
                (Self::Mapping(pairs), Way::Key(name)) => {
                    let mut pairs = pairs.iter_mut();
                    &mut pairs.find(|(key, _)| key == name)?.1
                }
                _ => return None,
            };
        }
        Some(value)
    }

    /// Gives a key below it a new value; a single word becomes a key without a value.
    pub(super) fn set(&mut self, path: &[&str], new: Self) -> Option<()> {
        let (key, way) = path.split_last()?;
        let holder = self.holder(way)?;
        if let Self::Text(word) = holder {
            let bare = (std::mem::take(word), Self::Text(String::new()));
            *holder = Self::Mapping(vec![bare]);
        }
        let Self::Mapping(pairs) = holder else {
            return None;
        };
        pairs.retain(|(name, _)| name != key);
        pairs.push(((*key).to_owned(), new));
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(())
    }

    /// Removes a key below it.
    pub(super) fn remove(&mut self, path: &[&str]) -> Option<()> {
        let (key, way) = path.split_last()?;
        if let Self::Mapping(pairs) = self.holder(way)? {
            pairs.retain(|(name, _)| name != key);
        }
        Some(())
    }

    /// Removes an item of a list.
    pub(super) fn remove_item(&mut self, number: usize) -> Option<()> {
        let Self::List(items) = self else {
            return None;
        };
        (number < items.len()).then(|| drop(items.remove(number)))
    }

    fn holder(&mut self, way: &[&str]) -> Option<&mut Self> {
        let way: Vec<Way> = way.iter().map(|key| Way::Key((*key).to_owned())).collect();
        self.below(&way)
    }

    /// Changes the value of the verb at the end of a trail; `None` if it is not a place where
    /// that can be done.
    pub(super) fn apply(&mut self, trail: &Trail<'_>, change: &Change) -> Option<()> {
        let value = self.below(trail.0)?;
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

/// One step of the path to a value.
#[derive(Clone, Debug)]
pub(super) enum Way {
    Item(usize),
    Key(String),
}

/// The path to a value, from the root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trail<'t>(pub(super) &'t [Way]);
