//! `hold`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{Fields, Value, list, literal, map, shown},
    written,
};
use crate::{
    input::{Button, Key},
    limits,
    plan::{Need, Step, Target, resolve::standard},
    scenario::{Code, Problem, Span},
};

/// Keeps keys or a button down while steps are played.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// The keys, in the order in which they go down.
    pub keys: Vec<Key>,
    /// The button of the pointer.
    pub button: Option<Button>,
    /// Where the pointer goes before the button goes down.
    pub target: Option<Target>,
    /// How long the target is looked for.
    pub patience: Duration,
    /// The steps.
    pub steps: Vec<Step>,
}

impl Hold {
    /// What is held, for people: `Shift_L+left`.
    #[must_use]
    pub fn what(&self) -> String {
        let keys = self.keys.iter().map(|key| key.name().to_owned());
        let button = self.button.map(|button| format!("{button} button"));
        let all: Vec<String> = keys.chain(button).collect();
        all.join("+")
    }
}

impl Verb for Hold {
    fn title(&self) -> String {
        let target = self.target.as_ref();
        let at = target.map_or_else(String::new, |target| format!(" at {target}"));
        format!("{}{at}", self.what())
    }

    fn argument(&self, folder: &Path) -> Value {
        let mut fields = Fields::new();
        if !self.keys.is_empty() {
            let keys = self.keys.iter().map(|key| literal(key.name()));
            fields.push(("keys", list(keys)));
        }
        fields.extend(self.button.as_ref().map(|button| ("button", shown(button))));
        let target = self.target.as_ref();
        fields.extend(target.map(|target| ("target", target.notation(folder))));
        map(fields)
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Hold]
    }

    fn targets(&self) -> Vec<&Target> {
        self.target.iter().collect()
    }

    fn blocks(&self) -> Vec<(&'static str, &[Step])> {
        vec![("steps", &self.steps)]
    }

    fn timeout(&self, _: Duration) -> Duration {
        standard::BLOCK_TIMEOUT
    }
}

impl Resolve for written::Hold {
    type Meant = Hold;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Hold> {
        let keys = resolver.optional(self.keys.as_ref());
        let button = resolver.optional(self.button.as_ref());
        let target = resolver.optional_target(self.target.as_ref());
        let steps = resolver.steps(&self.steps);
        let mut keys = keys?.map_or_else(Vec::new, |keys| keys.chord.keys().to_vec());
        let mut known = Vec::new();
        keys.retain(|key| {
            !known.contains(key) && {
                known.push(key.clone());
                true
            }
        });
        let (button, target) = (button?, target?);
        if let Some(problem) = problem(&keys, button, target.as_ref(), self.span) {
            resolver.add(problem);
            return None;
        }
        Some(Hold {
            keys,
            button,
            target,
            patience: resolver.usual_timeout(),
            steps,
        })
    }
}

fn problem(
    keys: &[Key],
    button: Option<Button>,
    target: Option<&Target>,
    span: Span,
) -> Option<Problem> {
    if keys.len() > limits::HELD_KEYS {
        let message = format!("{} keys are held down here", keys.len());
        return Some(
            Problem::new(Code::OutOfRange, span, message)
                .label(format!("expected at most {}", limits::HELD_KEYS))
                .help("write `hold: { keys: ctrl+shift }`"),
        );
    }
    if button.is_none() && target.is_some() {
        let message = "this `hold` has a target, but no button to press there";
        return Some(
            Problem::new(Code::MissingKey, span, message)
                .label("`button` is missing")
                .help("write `hold: { button: left, target: … }`"),
        );
    }
    (keys.is_empty() && button.is_none()).then(|| {
        Problem::new(Code::MissingKey, span, "this `hold` holds nothing")
            .label("`keys` or `button` is missing")
            .help("write `hold: { keys: shift }` or `hold: { button: left, target: … }`")
    })
}
