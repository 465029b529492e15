//! The processes of a desktop in memory.

use std::{sync::Mutex, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{MemoryDesktop, Result, future::Fate, not_found};
use crate::desktop::{
    StatusStream,
    wire::{Extensions, PROCESSES, ProcessInfo, ProcessRestart, ProcessStatusList},
};

/// How often the status stream looks whether a process ended.
const HEARTBEAT: Duration = Duration::from_millis(100);

impl MemoryDesktop {
    /// Which processes run now.
    pub(super) fn statuses(&self) -> ProcessStatusList {
        let ended: Vec<&str> = self
            .happened()
            .filter_map(|fate| {
                if let Fate::End(name) = fate {
                    Some(*name)
                } else {
                    None
                }
            })
            .collect();
        let items = PROCESSES.iter().zip(1..).map(|(name, pid)| {
            let running = !ended.contains(name);
            ProcessInfo {
                name: (*name).to_owned(),
                running,
                pid: running.then_some(pid),
                stdout_log: String::new(),
                stderr_log: String::new(),
            }
        });
        ProcessStatusList::new(items.collect())
    }

    /// The same again and again, also after this desktop is gone.
    pub(super) fn following(&self) -> StatusStream {
        // The stream outlives the borrow, so it gets its own copy of what will be.
        let twin = Self {
            begun: self.begun,
            future: self.future.clone(),
            missing: Vec::new(),
            slow: Duration::ZERO,
            lost: None,
            offers: Extensions::default(),
            given_up: CancellationToken::new(),
            state: Mutex::default(),
        };
        stream::unfold((twin, false), |(twin, again)| async move {
            if again {
                sleep(HEARTBEAT).await;
            }
            if twin.is_silent() {
                return std::future::pending().await;
            }
            let list = twin.statuses();
            Some((Ok(list), (twin, true)))
        })
        .boxed()
    }

    pub(super) fn process(&self, name: &str) -> Result<ProcessInfo> {
        let processes = self.statuses().items;
        let process = processes.into_iter().find(|process| process.name == name);
        process.ok_or_else(|| not_found(&format!("GET /api/process/{name}/status")))
    }

    pub(super) fn restart(&self, name: &str) -> Result<ProcessRestart> {
        self.acted(format!("restart {name}"));
        let message = format!("{name} restarted");
        let status = self.process(name)?;
        Ok(ProcessRestart { message, status })
    }
}
