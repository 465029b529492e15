//! `press`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, literal, map},
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
}

impl Verb for Press {
    fn title(&self) -> String {
        format!("{}{}", self.key, times(self.times))
    }

    fn argument(&self, _: &Path) -> Value {
        map([
            ("key", literal(&self.key.to_string())),
            ("times", self.times.into()),
        ])
    }

    fn is_about_windows(&self) -> bool {
        true
    }
}

impl Resolve for written::Press {
    type Meant = Press;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Press> {
        let key = resolver.value(&self.key);
        let times = resolver.optional(self.times.as_ref());
        Some(Press {
            key: key?,
            times: times?.unwrap_or(1),
        })
    }
}
