//! `wait`.

use std::{path::Path, time::Duration};

use super::{
    Fact, Resolve, Resolver, Verb,
    notation::{self, Fields, Value, duration, map},
    written,
};
use crate::{
    geometry::Rect,
    plan::{Need, Output, Sight, Target},
};

/// What to wait for, all of it together; at least one thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wait {
    /// A fixed time.
    pub pause: Option<Duration>,
    /// Until this is there, or is gone.
    pub sight: Option<Sight>,
    /// Until this is true apart from the screen.
    pub fact: Option<Fact>,
    /// Until the picture has stayed the same for this long.
    pub stable: Option<Duration>,
    /// Until the picture has changed since the step began.
    pub changed: bool,
    /// The part of the screen in which changes count.
    pub watched: Watched,
}

/// The part of the screen in which changes count, and which changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watched {
    /// The part; `None` is all of the screen.
    pub region: Option<Rect>,
    /// What does not count, in pixels of the screen.
    pub mask: Vec<Rect>,
    /// How many pixels the largest connected patch of changed ones has to
    /// exceed: a caret is small.
    pub max_cluster: u64,
}

impl Watched {
    /// As the language writes it.
    #[must_use]
    pub fn notation(&self) -> Fields {
        let mut fields = Fields::new();
        fields.extend(notation::region(self.region));
        fields.push(("mask", notation::mask(&self.mask)));
        fields.push(("max-cluster", self.max_cluster.into()));
        fields
    }
}

impl Verb for Wait {
    fn title(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.sight.as_ref().map(Sight::to_string));
        parts.extend(self.fact.as_ref().map(Fact::title));
        let seconds = |time: Duration| format!("{} s", time.as_secs_f64());
        parts.extend(
            self.stable
                .map(|time| format!("stable for {}", seconds(time))),
        );
        parts.extend(self.changed.then(|| "changed".to_owned()));
        parts.extend(self.pause.map(seconds));
        parts.join(", ")
    }

    fn argument(&self, folder: &Path) -> Value {
        let mut fields = Fields::new();
        fields.extend(self.pause.map(|pause| ("pause", duration(pause))));
        if let Some(sight) = &self.sight {
            fields.extend(sight.notation(folder));
        }
        fields.extend(self.fact.iter().flat_map(Fact::notation));
        fields.extend(self.stable.map(|still| ("stable", duration(still))));
        fields.push(("changed", self.changed.into()));
        fields.extend(self.watched.notation());
        map(fields)
    }

    fn outputs(&self) -> &'static [Output] {
        match (&self.fact, &self.sight) {
            (Some(fact), _) => fact.outputs(),
            (None, Some(sight)) => sight.outputs(),
            (None, None) => &[],
        }
    }

    fn needs(&self) -> Vec<Need> {
        self.fact.iter().flat_map(Fact::needs).collect()
    }

    fn targets(&self) -> Vec<&Target> {
        self.sight.iter().map(|sight| &sight.target).collect()
    }

    fn timeout(&self, usually: Duration) -> Duration {
        // What takes its time by design gets it on top.
        usually + self.pause.unwrap_or_default()
    }

    fn is_worth_a_look(&self) -> bool {
        true
    }
}

impl Resolve for written::Wait {
    type Meant = Wait;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Wait> {
        let pause = resolver.optional(self.pause.as_ref());
        let sight = match &self.sight {
            Some(sight) => resolver.sight(sight).map(Some),
            None => Some(None),
        };
        let fact = match &self.fact {
            Some(fact) => fact.resolve(resolver).map(Some),
            None => Some(None),
        };
        let stable = resolver.optional(self.stable.as_ref());
        let changed = resolver.optional(self.changed.as_ref());
        let watched = resolver.watched(&self.watched);
        let mut wait = Wait {
            pause: pause?,
            sight: sight?,
            fact: fact?,
            stable: stable?,
            changed: changed?.unwrap_or(false),
            watched: watched?,
        };
        if let Some(word) = &self.word {
            match resolver.value(word)? {
                written::Awaited::Pause(pause) => wait.pause = Some(pause),
                written::Awaited::Name(name) => {
                    let target = resolver.target_by_name(&name, word.span)?;
                    let gone = false;
                    wait.sight = Some(Sight { target, gone });
                }
            }
        }
        Some(wait)
    }
}
