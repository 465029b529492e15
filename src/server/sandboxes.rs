//! Sandboxes: local desktops that the control plane creates and deletes, each with processes and a
//! folder of its own.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{SecondsFormat, Utc};
use futures_util::future::join_all;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Options, StartError, machine::Machine, system};
use crate::{
    desktop::wire::{CreateSandbox, Sandbox, SandboxState},
    secret,
};

/// How many there may be at a time: each is a desktop with some ten processes.
const MAX_SANDBOXES: usize = 8;

/// How the id of every sandbox begins.
const PREFIX: &str = "sbx-";

/// How long the end of all sandboxes waits for those that are starting.
const FAREWELL: Duration = Duration::from_secs(12);

/// The defaults of a sandbox, which are those of the service.
const VCPU: u32 = 1;
const MEMORY: u32 = 1024;
const TIMEOUT: u32 = 300;

/// Why there is no sandbox to use.
#[derive(Debug, thiserror::Error)]
pub(super) enum SandboxError {
    /// No sandbox has that id.
    #[error("there is no sandbox `{0}`")]
    Unknown(String),
    /// There are as many as there may be.
    #[error("there are {MAX_SANDBOXES} sandboxes already; delete one first")]
    Full,
    /// The server is ending, so nobody would end it.
    #[error("the server is shutting down")]
    Closing,
    /// It is starting or stopping.
    #[error("the sandbox `{0}` is starting or stopping; try again later")]
    Changing(String),
    /// It answers in a moment.
    #[error("the sandbox `{0}` is not running yet")]
    NotYet(String),
    /// It did not start.
    #[error("the sandbox `{id}` did not start: {reason}")]
    Down {
        /// Its id.
        id: String,
        /// Why.
        reason: String,
    },
    /// It could not even be begun.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// All sandboxes of one server.
#[derive(Clone)]
pub(super) struct Sandboxes(Arc<Inner>);

struct Inner {
    /// The template of every sandbox.
    template: Options,
    /// Cancelled when the server goes away.
    closing: CancellationToken,
    all: Mutex<BTreeMap<String, Entry>>,
    /// The tasks that start sandboxes, and end those whose time is over.
    work: Mutex<JoinSet<()>>,
}

struct Entry {
    about: Sandbox,
    machine: Option<Arc<Machine>>,
    /// Why it has stopped.
    reason: String,
    /// Ends the count of its time, which begins anew when it is resumed.
    clock: CancellationToken,
}

impl Sandboxes {
    /// None yet; each will be like `template`.
    pub(super) fn new(template: Options, closing: CancellationToken) -> Self {
        Self(Arc::new(Inner {
            template,
            closing,
            all: Mutex::default(),
            work: Mutex::default(),
        }))
    }

    /// Creates a sandbox, which then starts on its own.
    pub(super) fn create(&self, wanted: CreateSandbox) -> Result<Sandbox, SandboxError> {
        let token = secret::token().map_err(system("make a name"))?;
        let id = format!("{PREFIX}{}", &token[..20]);
        let about = Sandbox {
            id: id.clone(),
            template_id: wanted.template_name,
            vcpu: wanted.vcpu.unwrap_or(VCPU),
            memory: wanted.memory.unwrap_or(MEMORY),
            disk: 0,
            timeout: wanted.timeout.unwrap_or(TIMEOUT),
            state: SandboxState::Starting,
            auto_pause: wanted.auto_pause.unwrap_or(false),
            created_at: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
        };
        let entry = Entry {
            about: about.clone(),
            machine: None,
            reason: String::new(),
            clock: self.0.closing.child_token(),
        };
        let options = Options {
            variables: wanted.env_vars.unwrap_or_default(),
            recordings: None,
            start_in: None,
            ..self.0.template.clone()
        };
        let mut all = self.lock();
        if self.0.closing.is_cancelled() {
            return Err(SandboxError::Closing);
        }
        if all.len() >= MAX_SANDBOXES {
            return Err(SandboxError::Full);
        }
        all.insert(id.clone(), entry);
        // Under the same lock, so that the end of all either has both or neither.
        self.work_on(self.clone().bring_up(id, options));
        Ok(about)
    }

    /// What a sandbox is doing.
    pub(super) fn get(&self, id: &str) -> Result<Sandbox, SandboxError> {
        let all = self.lock();
        let entry = all.get(id).ok_or_else(|| unknown(id))?;
        Ok(entry.about.clone())
    }

    /// Whether there is a sandbox of that id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    /// Every sandbox, in the order of their ids.
    pub(super) fn list(&self) -> Vec<Sandbox> {
        let all = self.lock();
        all.values().map(|entry| entry.about.clone()).collect()
    }

    /// The desktop of a sandbox. One that was paused runs again.
    pub(super) fn machine(&self, id: &str) -> Result<Arc<Machine>, SandboxError> {
        let mut all = self.lock();
        let entry = all.get_mut(id).ok_or_else(|| unknown(id))?;
        if entry.about.state == SandboxState::Paused {
            entry.about.state = SandboxState::Running;
            self.start_clock(id, entry);
        }
        match (&entry.machine, entry.about.state) {
            (Some(machine), SandboxState::Running) => Ok(Arc::clone(machine)),
            (_, SandboxState::Stopped) => Err(SandboxError::Down {
                id: id.to_owned(),
                reason: entry.reason.clone(),
            }),
            _ => Err(SandboxError::NotYet(id.to_owned())),
        }
    }

    /// Ends a sandbox for good.
    pub(super) async fn delete(&self, id: &str) -> Result<(), SandboxError> {
        let machine = {
            let mut all = self.lock();
            let entry = all.get_mut(id).ok_or_else(|| unknown(id))?;
            match entry.about.state {
                SandboxState::Starting | SandboxState::Deleting => {
                    return Err(SandboxError::Changing(id.to_owned()));
                }
                _ => entry.about.state = SandboxState::Deleting,
            }
            entry.clock.cancel();
            entry.machine.take()
        };
        if let Some(machine) = machine {
            machine.shut_down().await;
        }
        self.lock().remove(id);
        Ok(())
    }

    /// Ends all of them.
    pub(super) async fn shut_down(&self) {
        let all = std::mem::take(&mut *self.lock());
        let machines = all.into_values().filter_map(|entry| entry.machine);
        join_all(machines.map(|machine| async move { machine.shut_down().await })).await;
        // One that is coming up, or going down on its own, is not an entry any more.
        let mut work = std::mem::take(&mut *self.work());
        let done = async { while work.join_next().await.is_some() {} };
        if timeout(FAREWELL, done).await.is_err() {
            work.detach_all();
        }
    }

    /// Runs a task that the end of all sandboxes waits for.
    fn work_on(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut work = self.work();
        while work.try_join_next().is_some() {}
        work.spawn(task);
    }

    async fn bring_up(self, id: String, options: Options) {
        let started = Machine::start(&options, self.0.closing.child_token()).await;
        let orphan = {
            let mut all = self.lock();
            match (all.get_mut(&id), started) {
                (Some(entry), Ok(machine)) => {
                    entry.machine = Some(Arc::new(machine));
                    entry.about.state = SandboxState::Running;
                    self.start_clock(&id, entry);
                    None
                }
                (Some(entry), Err(error)) => {
                    entry.reason = error.to_string();
                    entry.about.state = SandboxState::Stopped;
                    None
                }
                // The server went away meanwhile.
                (None, started) => started.ok(),
            }
        };
        if let Some(machine) = orphan {
            machine.shut_down().await;
        }
    }

    /// Counts the time of a sandbox from now on.
    fn start_clock(&self, id: &str, entry: &mut Entry) {
        entry.clock.cancel();
        entry.clock = self.0.closing.child_token();
        let time = Duration::from_secs(entry.about.timeout.into());
        let (sandboxes, clock, id) = (self.clone(), entry.clock.clone(), id.to_owned());
        self.work_on(async move {
            tokio::select! {
                () = clock.cancelled() => {}
                () = sleep(time) => sandboxes.time_is_over(&id).await,
            }
        });
    }

    /// Pauses or deletes a sandbox. A paused one keeps its processes: nothing
    /// else is as quick to resume.
    async fn time_is_over(&self, id: &str) {
        let pause = {
            let mut all = self.lock();
            let paused = all.get_mut(id).filter(|entry| entry.about.auto_pause);
            paused.map(|entry| entry.about.state = SandboxState::Paused)
        };
        if pause.is_none() {
            // Somebody else may have deleted it just now.
            let _ = self.delete(id).await;
        }
    }

    fn work(&self) -> MutexGuard<'_, JoinSet<()>> {
        // It is consistent after every statement, even after a panic.
        self.0.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // The map is consistent after every statement, even after a panic.
        self.0.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(id: &str) -> SandboxError {
    SandboxError::Unknown(id.to_owned())
}
