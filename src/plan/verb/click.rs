//! `click`, `double-click`, `right-click`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Fields, Value, map, modifiers, shown},
    written,
};
use crate::{
    input::{Button, Key},
    plan::{Need, Target},
};

/// Presses and releases a button of the pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Click {
    /// Where; `None` is where the pointer is.
    pub at: Option<Target>,
    /// With which button.
    pub button: Button,
    /// How often, 1 to 3.
    pub count: u32,
    /// Keys that are held down meanwhile.
    pub modifiers: Vec<Key>,
}

impl Verb for Click {
    fn title(&self) -> String {
        self.at.as_ref().map_or_else(String::new, Target::to_string)
    }

    fn argument(&self, folder: &Path) -> Value {
        let mut fields = Fields::new();
        fields.extend(self.at.as_ref().map(|at| ("target", at.notation(folder))));
        fields.push(("button", shown(&self.button)));
        fields.push(("count", self.count.into()));
        fields.extend(modifiers(&self.modifiers));
        map(fields)
    }

    fn needs(&self) -> Vec<Need> {
        held(&self.modifiers)
    }

    fn targets(&self) -> Vec<&Target> {
        self.at.iter().collect()
    }

    fn is_about_windows(&self) -> bool {
        true
    }

    fn strokes(&self) -> Option<usize> {
        Some(0)
    }
}

/// What held keys need from the desktop.
pub(super) fn held(modifiers: &[Key]) -> Vec<Need> {
    if modifiers.is_empty() {
        Vec::new()
    } else {
        vec![Need::HeldKeys]
    }
}

impl Resolve for written::Click {
    type Meant = Click;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Click> {
        let at = resolver.optional_target(self.target.as_ref());
        let button = resolver.optional(self.button.as_ref());
        let count = resolver.optional(self.count.as_ref());
        let modifiers = resolver.values(&self.modifiers);
        Some(Click {
            at: at?,
            button: button?.unwrap_or(Button::Left),
            count: count?.unwrap_or(1),
            modifiers: modifiers?,
        })
    }
}
