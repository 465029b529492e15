//! The sections of GitLab's job logs. What is wrong at a line it reads from JUnit.

use super::{Commands, Group};

pub(super) struct Gitlab;

impl Commands for Gitlab {
    /// Begins a section. Its name may have letters, digits, dots, dashes and underscores.
    fn open(&self, group: &Group<'_>) -> String {
        let is_folded = group.is_over && !group.is_bad;
        let folded = if is_folded { "[collapsed=true]" } else { "" };
        let (time, name, title) = (group.began.timestamp(), group.name, group.title);
        format!("\x1b[0Ksection_start:{time}:{name}{folded}\r\x1b[0K{title}\n")
    }

    fn close(&self, group: &Group<'_>) -> String {
        let (time, name) = (group.ended.timestamp(), group.name);
        format!("\x1b[0Ksection_end:{time}:{name}\r\x1b[0K\n")
    }

    #[cfg(test)]
    fn obeys(&self, line: &str) -> bool {
        let is_section = ["section_start:", "section_end:"]
            .iter()
            .any(|word| line.contains(word));
        is_section && line.contains("\r\x1b[0K")
    }
}
