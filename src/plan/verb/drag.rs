//! `drag`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    click::held,
    notation::{Fields, Value, map, modifiers, shown},
    written,
};
use crate::{
    input::{Button, Key},
    plan::{Need, Target},
};

/// Moves the pointer with a button held down.
#[derive(Clone, Debug, PartialEq)]
pub struct Drag {
    /// From where; `None` is where the pointer is.
    pub from: Option<Target>,
    /// Where to.
    pub to: Target,
    /// With which button.
    pub button: Button,
    /// Keys that are held down meanwhile.
    pub modifiers: Vec<Key>,
}

impl Verb for Drag {
    fn title(&self) -> String {
        let to = &self.to;
        match &self.from {
            Some(from) => format!("{from} to {to}"),
            None => format!("to {to}"),
        }
    }

    fn argument(&self, folder: &Path) -> Value {
        let mut fields = Fields::new();
        fields.extend(
            self.from
                .as_ref()
                .map(|from| ("from", from.notation(folder))),
        );
        fields.push(("to", self.to.notation(folder)));
        fields.push(("button", shown(&self.button)));
        fields.extend(modifiers(&self.modifiers));
        map(fields)
    }

    fn needs(&self) -> Vec<Need> {
        held(&self.modifiers)
    }

    fn targets(&self) -> Vec<&Target> {
        self.from.iter().chain([&self.to]).collect()
    }
}

impl Resolve for written::Drag {
    type Meant = Drag;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Drag> {
        let from = resolver.optional_target(self.from.as_ref());
        let to = resolver.target(&self.to);
        let button = resolver.optional(self.button.as_ref());
        let modifiers = resolver.values(&self.modifiers);
        Some(Drag {
            from: from?,
            to: to?,
            button: button?.unwrap_or(Button::Left),
            modifiers: modifiers?,
        })
    }
}
