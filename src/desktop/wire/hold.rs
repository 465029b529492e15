//! Keys and buttons that stay down from one call to another.

use crate::{
    geometry::Point,
    input::{Button, Key},
};

/// `POST /api/input/hold`: what goes down and stays down, or goes up again; at least a
/// key or a button.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Holding {
    /// The keys, at most 4, each once.
    pub keys: Vec<Key>,
    /// The button of the pointer.
    pub button: Option<Button>,
    /// Where the pointer goes first; it stays where it is otherwise.
    pub at: Option<Point>,
    /// Whether they go down; what is not down does not go up.
    pub down: bool,
}
