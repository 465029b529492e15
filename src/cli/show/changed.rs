//! Files that are changed while their run is shown: the lines and places that the run names
//! are those of the files before the changes.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use crate::{geometry::Rect, scenario::Span};

/// A file that is changed here, as the run knew it: the places that the run names are places
/// in that text.
#[derive(Debug)]
pub(super) struct Known {
    original: String,
    current: String,
    /// What has been replaced, in its order.
    changes: Vec<Replaced>,
}

/// A part of a text whose length has changed.
#[derive(Clone, Copy, Debug)]
struct Replaced {
    span: Span,
    length: usize,
}

/// What was changed here since a run began.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// When that run began.
    run: Option<DateTime<Utc>>,
    files: BTreeMap<PathBuf, Known>,
    /// The regions that steps of the run compared, by their places.
    regions: BTreeMap<String, Option<Rect>>,
}

impl Changed {
    /// Forgets everything about any run but the one that began then.
    pub(super) fn begin(&mut self, run: Option<DateTime<Utc>>) {
        if self.run != run {
            *self = Self {
                run,
                ..Self::default()
            };
        }
    }

    /// The region that a step compared when it was played: what it compares now, unless
    /// something was drawn for it before.
    pub(super) fn compared(&mut self, place: String, now: Option<Rect>) -> Option<Rect> {
        *self.regions.entry(place).or_insert(now)
    }

    /// What is known of a file, if it is as it was left here.
    pub(super) fn known(&self, path: &Path, text: &str) -> Option<&Known> {
        let known = self.files.get(path);
        known.filter(|known| known.current == text)
    }

    /// Notes that a file has a new text.
    pub(super) fn note(&mut self, path: &Path, original: &str, (old, new): (&str, &str)) {
        let known = self.files.entry(path.to_owned());
        let known = known.or_insert_with(|| Known::of(original));
        if known.current != old {
            *known = Known::of(original);
        }
        known.changes.push(Replaced::between(old, new));
        new.clone_into(&mut known.current);
    }
}

impl Known {
    fn of(original: &str) -> Self {
        Self {
            original: original.to_owned(),
            current: original.to_owned(),
            changes: Vec::new(),
        }
    }

    /// Its text as its runs knew it.
    pub(super) fn original(&self) -> &str {
        &self.original
    }

    /// Where a byte of the original is now.
    pub(super) fn now(&self, then: usize) -> usize {
        let mut at = then;
        for Replaced { span, length } in &self.changes {
            if at >= span.end() {
                at = at - span.length + length;
            }
        }
        at
    }
}

impl Replaced {
    /// What differs between two texts: all between what they have in common at both ends.
    fn between(old: &str, new: &str) -> Self {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let (rest, new_rest) = (&old[start..], &new[start..]);
        let ends = rest.iter().rev().zip(new_rest.iter().rev());
        let end = ends.take_while(|(a, b)| a == b).count();
        Self {
            span: Span::new(start..old.len() - end),
            length: new_rest.len() - end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_the_original_are_found_after_changes_before_and_behind_them() {
        let original = "one: saved\ntwo: saved\nthree: saved\n";
        let mut known = Known::of(original);
        for (old, new) in [
            ("two: saved", "two: { baseline: saved, mask: [] }"),
            ("one: saved", "one: { baseline: saved }"),
            ("mask: []", "mask: [1]"),
        ] {
            let next = known.current.replacen(old, new, 1);
            known.changes.push(Replaced::between(&known.current, &next));
            known.current = next;
        }
        for key in ["one:", "two:", "three:"] {
            let then = original.find(key).unwrap();
            assert_eq!(Some(known.now(then)), known.current.find(key), "{key}");
        }
    }
}
