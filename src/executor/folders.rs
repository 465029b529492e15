//! The folders of scenarios below that of the artifacts.

use std::{collections::HashSet, path::Path};

use crate::plan::Plan;

/// The longest name of a scenario's folder, in characters.
const LONGEST_FOLDER: usize = 80;

/// Gives each scenario a folder of its own below that of the artifacts.
#[derive(Default)]
pub(super) struct Folders {
    taken: HashSet<String>,
}

impl Folders {
    /// The name of the file without its ending, and the row of the matrix; two
    /// of one name get a number.
    pub(super) fn of(&mut self, plan: &Plan) -> String {
        let stem = Path::new(&plan.file)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        // Reports write paths where brackets and bars have a meaning.
        let row = plan.row.as_deref().map(|row| format!(".{row}"));
        let name = format!("{stem}{}", row.unwrap_or_default());
        let stem: String = name
            .chars()
            .take(LONGEST_FOLDER)
            .map(|c| {
                if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let numbered = |n: usize| {
            if n == 1 {
                stem.clone()
            } else {
                format!("{stem}-{n}")
            }
        };
        let mut names = (1..).map(numbered);
        let free = names
            .find(|name| !self.taken.contains(name))
            .unwrap_or(stem.clone());
        self.taken.insert(free.clone());
        free
    }
}
