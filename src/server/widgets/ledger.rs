//! What a program of GTK 4 reports about its widgets in one answer.

use std::collections::HashMap;

use super::bus::{Bus, BusError, Entry};
use crate::{
    desktop::{
        atspi::{AtspiRole, DEEPEST, Reference, Toolkit, may_be_called},
        wire::limits,
    },
    widget::Wanted,
};

/// The widgets of a program. GTK 4 lists those that somebody has asked for before, and
/// says for each how many there should be.
#[derive(Debug)]
pub(super) struct Ledger {
    /// What is in each widget.
    inside: HashMap<Reference, Vec<Entry>>,
}

impl Ledger {
    /// What a program tells now.
    pub(super) async fn read(bus: &Bus, program: &str) -> Result<Self, BusError> {
        let mut inside: HashMap<_, Vec<Entry>> = HashMap::new();
        for (parent, entry) in bus.entries(program).await? {
            inside.entry(parent).or_default().push(entry);
        }
        for entries in inside.values_mut() {
            entries.sort_by_key(|entry| entry.index);
        }
        Ok(Self { inside })
    }

    /// The widgets of a window that may be what is wanted; `None` where not all that is
    /// in the window is listed, or more than is read. In the order of the program.
    pub(super) fn matches(&self, top: &Reference, wanted: &Wanted) -> Option<Vec<Reference>> {
        let root = Reference::root(&top.program);
        let top = self.inside(&root).iter().find(|it| it.widget == *top)?;
        let (mut found, mut count) = (Vec::new(), 0);
        let mut next = vec![(top, 0)];
        while let Some((entry, depth)) = next.pop() {
            count += 1;
            let inside = self.inside(&entry.widget);
            let is_listed = usize::try_from(entry.count) == Ok(inside.len());
            if !is_listed || count > limits::WIDGETS_OF_A_WINDOW {
                return None;
            }
            if self.may_be(entry, wanted) {
                found.push(entry.widget.clone());
            }
            if depth < DEEPEST {
                next.extend(inside.iter().rev().map(|inner| (inner, depth + 1)));
            }
        }
        Some(found)
    }

    fn may_be(&self, entry: &Entry, wanted: &Wanted) -> bool {
        if !wanted.role.is_none_or(|role| entry.role.may_be(role)) {
            return false;
        }
        let mut labels = Vec::new();
        self.labels(entry, 0, &mut labels);
        let written = match &labels[..] {
            [] => Some(""),
            [label] => Some(*label),
            // Some of them may be hidden.
            _ => None,
        };
        let called = (entry.role.role(), &*entry.name, written);
        may_be_called(called, Toolkit::Gtk4, wanted)
    }

    /// What is written in a widget.
    fn labels<'l>(&'l self, entry: &'l Entry, depth: usize, labels: &mut Vec<&'l str>) {
        for inner in self.inside(&entry.widget) {
            if inner.role == AtspiRole::LABEL {
                labels.push(&inner.name);
            }
            if depth < DEEPEST {
                self.labels(inner, depth + 1, labels);
            }
        }
    }

    fn inside(&self, widget: &Reference) -> &[Entry] {
        self.inside.get(widget).map_or(&[], Vec::as_slice)
    }
}
