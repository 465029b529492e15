//! Desktops in memory for a run of scenarios.

use async_trait::async_trait;

use super::MemoryDesktop;
use crate::desktop::{Desktop, Host, HostError, Session, Wanted, wire::Extensions};

/// Gives every scenario a fresh desktop in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryHost;

#[async_trait]
impl Host for MemoryHost {
    fn kind(&self) -> &'static str {
        "memory"
    }

    async fn offers(&self) -> std::result::Result<Extensions, HostError> {
        Ok(super::offered())
    }

    async fn open(&self, wanted: &Wanted) -> std::result::Result<Box<dyn Session>, HostError> {
        Ok(Box::new(MemoryDesktop::new(wanted.size)))
    }
}

#[async_trait]
impl Session for MemoryDesktop {
    fn desktop(&self) -> &dyn Desktop {
        self
    }

    async fn close(self: Box<Self>) {}
}
