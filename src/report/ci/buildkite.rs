//! The groups of Buildkite's job logs: one ends where the next begins.

/// Begins a group, which is folded if `is_folded`.
pub(super) fn open(title: &str, is_folded: bool) -> String {
    let sign = if is_folded { "---" } else { "+++" };
    format!("{sign} {title}\n")
}

/// Unfolds the group that this line is in.
pub(super) const UNFOLD: &str = "^^^ +++\n";

/// Begins the group of what stands after all others.
pub(super) const RESULT: &str = "+++ Result\n";
