//! `drag`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    click::held,
    notation::{Fields, Value, duration, list, map, modifiers, shown},
    written,
};
use crate::{
    input::{Button, Key},
    plan::{Need, Target},
};

/// How long a drag past other targets takes by default.
const USUAL: Duration = Duration::from_millis(500);

/// Moves the pointer with a button held down.
#[derive(Clone, Debug, PartialEq)]
pub struct Drag {
    /// From where; `None` is where the pointer is.
    pub from: Option<Target>,
    /// Where to.
    pub to: Target,
    /// Past what.
    pub via: Vec<Target>,
    /// How long it takes, in small steps; `None` is as fast as programs can follow.
    pub duration: Option<Duration>,
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
        if !self.via.is_empty() {
            let via = self.via.iter().map(|target| target.notation(folder));
            fields.push(("via", list(via)));
        }
        fields.extend(self.duration.map(|time| ("duration", duration(time))));
        fields.push(("button", shown(&self.button)));
        fields.extend(modifiers(&self.modifiers));
        map(fields)
    }

    fn needs(&self) -> Vec<Need> {
        if self.duration.is_some() {
            return vec![Need::Hold];
        }
        held(&self.modifiers)
    }

    fn targets(&self) -> Vec<&Target> {
        let ends = self.from.iter().chain([&self.to]);
        ends.chain(&self.via).collect()
    }

    fn timeout(&self, usually: Duration) -> Duration {
        usually + self.duration.unwrap_or_default()
    }

    fn strokes(&self) -> Option<usize> {
        Some(0)
    }
}

impl Resolve for written::Drag {
    type Meant = Drag;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Drag> {
        let from = resolver.optional_target(self.from.as_ref());
        let to = resolver.target(&self.to);
        let via: Vec<Option<Target>> = self
            .via
            .iter()
            .map(|target| resolver.target(target))
            .collect();
        let duration = resolver.optional(self.duration.as_ref());
        let button = resolver.optional(self.button.as_ref());
        let modifiers = resolver.values(&self.modifiers);
        Some(Drag {
            from: from?,
            to: to?,
            duration: duration?.or((!via.is_empty()).then_some(USUAL)),
            via: via.into_iter().collect::<Option<_>>()?,
            button: button?.unwrap_or(Button::Left),
            modifiers: modifiers?,
        })
    }
}
