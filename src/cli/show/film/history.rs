//! What was changed, so that it can be undone.

use std::path::PathBuf;

use crate::timeline::Timeline;

/// How many changes can be undone.
const REMEMBERED: usize = 50;

/// What can be undone.
#[derive(Debug, Default)]
pub(in crate::cli::show) struct History(Vec<Change>);

/// What a change has replaced.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) what: String,
    /// The timeline on whose page it was made.
    pub(super) page: String,
    /// The scenario's file as it is called, and where it is.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) before: String,
    pub(super) after: String,
    /// The timelines before it, by their paths.
    pub(super) timelines: Vec<(String, Timeline)>,
}

impl History {
    /// What would be undone on a page.
    pub(super) fn last_of(&self, page: &str) -> Option<String> {
        let last = self.0.last().filter(|change| change.page == page);
        last.map(|change| change.what.clone())
    }

    pub(super) fn keep(&mut self, change: Change) {
        if self.0.len() == REMEMBERED {
            self.0.remove(0);
        }
        self.0.push(change);
    }

    /// Takes the last change that was made on a page.
    pub(super) fn take(&mut self, page: &str) -> Option<Change> {
        self.0.pop_if(|change| change.page == page)
    }
}
