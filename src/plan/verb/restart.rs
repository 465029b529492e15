//! `restart`.

use std::{path::Path, time::Duration};

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, map, shown},
    written,
};
use crate::plan::resolve::standard;

/// Ends a process of the desktop and starts it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Restart {
    /// Its name: `xvfb`, `xfce4`, `x11vnc` or `novnc`.
    pub process: String,
}

impl Verb for Restart {
    fn title(&self) -> String {
        self.process.clone()
    }

    fn argument(&self, _: &Path) -> Value {
        map([("process", shown(&self.process))])
    }

    fn timeout(&self, usually: Duration) -> Duration {
        usually.max(standard::READY_TIMEOUT)
    }
}

impl Resolve for written::Restart {
    type Meant = Restart;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Restart> {
        let process = resolver.value(&self.process)?.0.to_owned();
        Some(Restart { process })
    }
}
