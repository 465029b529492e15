//! `hotkey`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, list, literal, map},
    written,
};
use crate::input::Chord;

/// Presses several keys together.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotkey {
    /// Which ones.
    pub chord: Chord,
    /// The same as it is written: `ctrl+s` and not `Control_L+s`.
    pub written: String,
}

impl Verb for Hotkey {
    fn title(&self) -> String {
        self.written.clone()
    }

    fn argument(&self, _: &Path) -> Value {
        let keys = self.chord.keys().iter();
        map([("keys", list(keys.map(|key| literal(key.name()))))])
    }

    fn is_about_windows(&self) -> bool {
        true
    }

    fn strokes(&self) -> Option<usize> {
        Some(0)
    }
}

impl Resolve for written::Hotkey {
    type Meant = Hotkey;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Hotkey> {
        let written::Keys { chord, written } = resolver.value(&self.keys)?;
        Some(Hotkey { chord, written })
    }
}
