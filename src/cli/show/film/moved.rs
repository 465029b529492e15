//! Lines of a file that have moved because something before them was changed.

use crate::timeline::Timeline;

/// How the lines of a file have moved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Moved {
    /// The first line that has moved, from 1.
    first: usize,
    /// How many lines there are more above it.
    added: usize,
    /// And how many fewer.
    removed: usize,
}

impl Moved {
    /// What has moved between two texts of a file.
    pub(super) fn between(old: &str, new: &str) -> Self {
        let pairs = old.bytes().zip(new.bytes());
        let start = pairs.take_while(|(one, other)| one == other).count();
        let rest = (&old.as_bytes()[start..], &new.as_bytes()[start..]);
        let ends = rest.0.iter().rev().zip(rest.1.iter().rev());
        let end = old.len() - ends.take_while(|(one, other)| one == other).count();
        let lines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        let first = 1 + lines_before(old, start, end);
        let (old, new) = (lines(old), lines(new));
        Self {
            first,
            added: new.saturating_sub(old),
            removed: old.saturating_sub(new),
        }
    }

    /// Where a line is now.
    pub(super) const fn now(self, line: usize) -> usize {
        if line >= self.first {
            (line + self.added).saturating_sub(self.removed)
        } else {
            line
        }
    }

    /// Moves the steps of a file; whether any of them has moved.
    pub(super) fn shift(self, timeline: &mut Timeline, file: &str) -> bool {
        let mut moved = false;
        for step in timeline.steps.iter_mut().filter(|step| step.file == file) {
            let line = self.now(step.line);
            moved |= line != step.line;
            step.line = line;
        }
        moved
    }
}

/// How many lines have not moved when a text was changed between two bytes. What is below
/// has its first character after the first of them, and ends after the other.
fn lines_before(text: &str, start: usize, end: usize) -> usize {
    let mut at = 0;
    let lines = text.split_inclusive('\n').take_while(|line| {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        let last = line.trim_end_matches(['\r', '\n']).len();
        let is_below = at + indent >= start && at + last >= end;
        at += line.len();
        !is_below
    });
    lines.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_below_a_change_move_with_it() {
        for (old, new, now) in [
            ("a\nb\nc\n", "a\nb\nnew\nc\n", [1, 2, 4]),
            ("a\nb\nc\n", "a\nB\nc\n", [1, 2, 3]),
            (
                "- a: 1\n- b: 1\n- c: 1\n",
                "- a: 1\n  caption: x\n- b: 1\n- c: 1\n",
                [1, 3, 4],
            ),
            (
                "- a: 1\n- caption: x\n- c: 1\n",
                "- a: 1\n- caption: |-\n    x\n    y\n- c: 1\n",
                [1, 2, 5],
            ),
            (
                "- a\n- b: 1\n- c: 1\n",
                "- a:\n  caption: x\n- b: 1\n- c: 1\n",
                [1, 3, 4],
            ),
        ] {
            let moved = Moved::between(old, new);
            assert_eq!([1, 2, 3].map(|line| moved.now(line)), now, "{new}");
        }
    }

    #[test]
    fn lines_below_what_is_gone_move_up() {
        for (old, new) in [
            ("- a: 1\n- caption: x\n- c: 1\n", "- a: 1\n- c: 1\n"),
            ("- a: 1\n- caption: x\n  click: y\n", "- a: 1\n- click: y\n"),
        ] {
            let moved = Moved::between(old, new);
            assert_eq!([1, 3].map(|line| moved.now(line)), [1, 2], "{new}");
        }
    }
}
