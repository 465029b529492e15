//! Whether an actual widget is an expected one.

use super::{Expected, Mode, Node, attributes};
use crate::pattern::Pattern;

/// Whether a widget is the expected one, whatever is in it.
pub(super) fn fits(expected: &Expected, node: &Node, mode: Mode) -> bool {
    let exact = mode != Mode::Contain;
    let text = |wanted: &Option<Pattern>, text: &str| match wanted {
        Some(wanted) => wanted.matches(text),
        None => !exact || text.is_empty(),
    };
    // What is in a widget is its value, too, where its children are told.
    let value = expected.value.is_none() && !node.children.is_empty();
    let states = if exact {
        let mut wanted = expected.states;
        wanted.focused = None;
        attributes(wanted) == attributes(node.states) && node.states.fit(&expected.states)
    } else {
        node.states.fit(&expected.states)
    };
    expected.role == node.role
        && text(&expected.name, &node.name)
        && (value || text(&expected.value, &node.value))
        && states
}

/// Whether a widget has the role and the name of one that is expected.
pub(super) fn is_named_like(expected: &Expected, node: &Node) -> bool {
    let name = expected.name.as_ref();
    expected.role == node.role && name.is_some_and(|name| name.matches(&node.name))
}
