//! Which processes belong to a part of the desktop, such as the session.
//!
//! A process that loses its parent becomes a child of the keeper, and nothing in
//! `/proc` tells any more where it came from. So every part has a variable in its
//! environment, which processes hand on to those that they start, however these
//! then detach themselves; what a process with that variable started without it
//! belongs to the part too.
//!
//! A process that drops the variable, or hides its environment, and also detaches
//! itself from its parent is the keeper's alone: it ends with the desktop.

use super::tree;

/// The variable's name.
const NAME: &str = "DESKHAND_PART";

/// The variable of a part. Desktops may be started within desktops, and have
/// parts of the same names.
pub(super) fn variable(part: &str) -> (String, String) {
    let keeper = std::process::id();
    (NAME.to_owned(), format!("{part}-{keeper}"))
}

/// The living processes of a part; `known` are those of which that is known.
pub(super) fn processes(part: &str, known: Vec<u32>) -> Vec<u32> {
    let (name, value) = variable(part);
    let mark = format!("{name}={value}").into_bytes();
    let marked = tree::with_variable(|variable| variable == mark);
    tree::families(marked.chain(known))
}
