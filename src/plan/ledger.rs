//! The problems of many files, kept per file.

use std::{collections::HashMap, sync::Arc};

use crate::scenario::{Findings, Problem, Problems, Source};

/// What was found in each file, in the order in which they were met.
#[derive(Default)]
pub(super) struct Ledger {
    pages: Vec<Page>,
    by_name: HashMap<String, usize>,
}

struct Page {
    source: Arc<Source>,
    findings: Findings,
}

impl Ledger {
    /// Adds a problem of a file.
    pub(super) fn add(&mut self, source: &Arc<Source>, problem: Problem) {
        self.page(source).findings.add(problem);
    }

    /// Adds what the reading of a file has found.
    pub(super) fn open(&mut self, source: &Arc<Source>, findings: Findings) {
        let page = self.page(source);
        let (errors, warnings) = findings.into_sorted();
        for problem in errors.into_iter().chain(warnings) {
            page.findings.add(problem);
        }
    }

    /// How many errors a file has.
    pub(super) fn errors(&self, source: &Source) -> usize {
        let page = self.by_name.get(source.name());
        page.map_or(0, |index| self.pages[*index].findings.seen())
    }

    /// Whether more problems of a file would not be kept.
    pub(super) fn is_full(&self, source: &Source) -> bool {
        let page = self.by_name.get(source.name());
        page.is_some_and(|index| self.pages[*index].findings.is_full())
    }

    fn page(&mut self, source: &Arc<Source>) -> &mut Page {
        let next = self.pages.len();
        let known = self.by_name.get(source.name()).copied();
        let index = known.unwrap_or_else(|| {
            self.by_name.insert(source.name().to_owned(), next);
            self.pages.push(Page {
                source: Arc::clone(source),
                findings: Findings::default(),
            });
            next
        });
        &mut self.pages[index]
    }

    /// The errors and the warnings of all files that have some.
    pub(super) fn close(self) -> (Vec<Problems>, Vec<Problems>) {
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        for page in self.pages {
            let (bad, doubtful) = page.findings.into_sorted();
            for (kept, problems) in [(&mut errors, bad), (&mut warnings, doubtful)] {
                if !problems.is_empty() {
                    kept.push(Problems::new(Arc::clone(&page.source), problems));
                }
            }
        }
        (errors, warnings)
    }
}
