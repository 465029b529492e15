//! `press`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, duration, literal, map},
    times, written,
};
use crate::input::Key;

/// Presses one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Press {
    /// Which one.
    pub key: Key,
    /// How often, 1 to 100.
    pub times: u32,
    /// The time between two presses.
    pub pause: Duration,
}

impl Verb for Press {
    fn title(&self) -> String {
        format!("{}{}", self.key, times(self.times))
    }

    fn argument(&self, _: &Path) -> Value {
        let mut fields = vec![
            ("key", literal(&self.key.to_string())),
            ("times", self.times.into()),
        ];
        if !self.pause.is_zero() {
            fields.push(("pause", duration(self.pause)));
        }
        map(fields)
    }

    fn timeout(&self, usually: Duration) -> Duration {
        // What takes its time by design gets it on top.
        usually + self.pause * self.times.saturating_sub(1)
    }

    fn is_about_windows(&self) -> bool {
        true
    }

    fn strokes(&self) -> Option<usize> {
        usize::try_from(self.times).ok()
    }
}

impl Resolve for written::Press {
    type Meant = Press;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Press> {
        let key = resolver.value(&self.key);
        let times = resolver.optional(self.times.as_ref());
        let pause = resolver.optional(self.pause.as_ref());
        Some(Press {
            key: key?,
            times: times?.unwrap_or(1),
            pause: pause?.unwrap_or_default(),
        })
    }
}
