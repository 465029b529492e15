//! `wait-ready`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{Fields, Value, map},
    written,
};
use crate::plan::resolve::standard;

/// Waits until the desktop is ready.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitReady;

impl Verb for WaitReady {
    fn title(&self) -> String {
        String::new()
    }

    fn argument(&self, _: &Path) -> Value {
        map(Fields::new())
    }

    fn timeout(&self, usually: Duration) -> Duration {
        // A short default is meant for steps, not for a desktop's start.
        usually.max(standard::READY_TIMEOUT)
    }
}

impl Resolve for written::WaitReady {
    type Meant = WaitReady;

    fn resolve(&self, _: &mut Resolver<'_, '_>) -> Option<WaitReady> {
        Some(WaitReady)
    }
}
