//! Sandboxes of the hosted service, a fresh one for each scenario.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::{
    sync::OnceCell,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    as_it_comes,
    journal::{Entry, Journal},
    opening::Openings,
    unavailable,
    url::prepare,
};
use crate::{
    cli::{complain, tell},
    desktop::{
        Config, ControlPlane, Desktop, DesktopClient, DesktopError, Host, HostError, Result,
        Session, Wanted, Whereabouts,
        wire::{CreateSandbox, Extensions, SandboxState, limits},
    },
};

/// How long a sandbox lives if nobody deletes it and it is not known how long its scenario takes:
/// half an hour.
const LIFETIME: Duration = Duration::from_secs(1800);

/// How long a sandbox may take to come up.
const START: Duration = Duration::from_secs(180);

/// How long it may then wait for its scenario.
const WAITING: Duration = Duration::from_secs(120);

/// How long the service may put off the creation of a sandbox because it has too many
/// requests.
const CONGESTION: Duration = Duration::from_secs(120);

/// A desktop with a video encoder wants more than the least.
const VCPU: u32 = 2;
const MEMORY: u32 = 2048;

/// How long sandboxes may take to go.
const FAREWELL: Duration = Duration::from_secs(30);

const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// How soon to ask the service again if it has put something off.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// Creates sandboxes, and makes sure that each is deleted.
pub(super) struct Leap0Host {
    service: Arc<Service>,
    openings: Openings,
}

struct Service {
    plane: ControlPlane,
    keep: bool,
    journal: Option<Journal>,
    /// Whether what an earlier run has left was deleted.
    tidied: OnceCell<()>,
    /// The sandboxes that are there, with their files of the journal.
    open: Mutex<BTreeMap<String, Option<Entry>>>,
}

struct Leap0Session {
    service: Arc<Service>,
    client: DesktopClient,
    sandbox: String,
    /// When it ends on its own.
    ends: Instant,
}

impl Leap0Host {
    /// What is to be deleted is noted below `state`, where there is such a folder.
    pub(super) fn new(config: Config, state: Option<&Path>, keep: bool) -> Result<Self> {
        let journal = state.map(|state| Journal::new(state, &config.base_url));
        let service = Service {
            plane: ControlPlane::new(config)?,
            keep,
            journal,
            tidied: OnceCell::new(),
            open: Mutex::default(),
        };
        Ok(Self {
            service: Arc::new(service),
            openings: Openings::default(),
        })
    }
}

#[async_trait]
impl Host for Leap0Host {
    fn kind(&self) -> &'static str {
        "leap0"
    }

    async fn offers(&self) -> std::result::Result<Extensions, HostError> {
        // Its control plane does both; what else a desktop can do is known once
        // it is there.
        Ok(Extensions::of(&[Extensions::EXECUTE, Extensions::FILES]))
    }

    async fn open(&self, wanted: &Wanted) -> std::result::Result<Box<dyn Session>, HostError> {
        as_it_comes(wanted, "a sandbox")?;
        let (service, wanted) = (Arc::clone(&self.service), wanted.clone());
        let open = |stop| async move { service.open(&wanted, &stop).await };
        self.openings.open(open).await
    }

    async fn finish(&self) {
        let clean_up = async {
            self.openings.end(FAREWELL).await;
            let left = std::mem::take(&mut *self.service.lock());
            let each = left.into_iter().map(|(sandbox, entry)| async move {
                self.service.delete(&sandbox, entry).await;
            });
            join_all(each).await;
        };
        if timeout(FAREWELL, clean_up).await.is_err() {
            complain(
                "the control plane does not answer; a sandbox may keep running until it expires",
            );
        }
    }
}

impl Service {
    /// Makes a sandbox and waits until its desktop is there, unless it is told to stop.
    /// Its id is always waited for: nobody else could delete it.
    async fn open(
        self: Arc<Self>,
        wanted: &Wanted,
        stop: &CancellationToken,
    ) -> std::result::Result<Box<dyn Session>, HostError> {
        self.tidied.get_or_init(|| self.tidy()).await;
        let lifetime = lifetime(wanted.longest);
        let ends = Instant::now() + lifetime;
        let sandbox = self.create(lifetime, stop).await?;
        self.enter(&sandbox, lifetime);
        let client = tokio::select! {
            client = self.come_up(&sandbox, wanted) => client,
            () = stop.cancelled() => Err(given_up()),
        };
        match client {
            Ok(client) => Ok(Box::new(Leap0Session {
                service: self,
                client,
                sandbox,
                ends,
            })),
            Err(error) => {
                self.remove(&sandbox).await;
                Err(error)
            }
        }
    }

    /// Makes a sandbox, as soon as the service takes the request.
    async fn create(
        &self,
        lifetime: Duration,
        stop: &CancellationToken,
    ) -> std::result::Result<String, HostError> {
        let wanted = CreateSandbox {
            vcpu: Some(VCPU),
            memory: Some(MEMORY),
            timeout: u32::try_from(lifetime.as_secs()).ok(),
            ..CreateSandbox::desktop()
        };
        let begun = Instant::now();
        loop {
            let error = match self.plane.create(&wanted).await {
                Ok(sandbox) => return Ok(sandbox.id),
                Err(error) => error,
            };
            if error.status() != Some(429) || begun.elapsed() >= CONGESTION {
                return Err(not_created(&error));
            }
            tokio::select! {
                () = sleep(ASK_AGAIN) => {}
                () = stop.cancelled() => return Err(given_up()),
            }
        }
    }

    /// Waits until a sandbox runs and its desktop is ready.
    async fn come_up(
        &self,
        sandbox: &str,
        wanted: &Wanted,
    ) -> std::result::Result<DesktopClient, HostError> {
        let begun = Instant::now();
        // A service that does not tell may have a desktop that answers.
        while let Ok(about) = self.plane.get(sandbox).await {
            match about.state {
                SandboxState::Starting | SandboxState::Unpausing if begun.elapsed() < START => {
                    sleep(LOOK_AGAIN).await;
                }
                SandboxState::Stopping
                | SandboxState::Stopped
                | SandboxState::Deleting
                | SandboxState::Deleted => return Err(went_down(sandbox)),
                _ => break,
            }
        }
        let patience = START.saturating_sub(begun.elapsed()).max(ASK_AGAIN);
        let ready = async {
            let client = self.plane.desktop(sandbox)?;
            prepare(&client, wanted, patience).await?;
            Ok::<_, DesktopError>(client)
        };
        let help = "check LEAP0_SANDBOX_DOMAIN, and whether it is reachable";
        ready.await.map_err(|error| unavailable(&error, help))
    }

    /// Notes a sandbox before anything is done with it. One that is kept must not be deleted by
    /// anybody.
    fn enter(&self, sandbox: &str, lifetime: Duration) {
        let journal = self.journal.as_ref().filter(|_| !self.keep);
        let entry = journal.and_then(|journal| match journal.enter(sandbox, lifetime) {
            Ok(entry) => Some(entry),
            Err(error) => {
                complain(&format!(
                    "sandbox {sandbox} cannot be noted, so it will run until it expires if this \
                     program is killed: {error}"
                ));
                None
            }
        });
        self.lock().insert(sandbox.to_owned(), entry);
    }

    /// Deletes what killed runs have left behind.
    async fn tidy(&self) {
        let orphans = self.journal.iter().flat_map(Journal::orphans);
        let each = orphans.map(|orphan| async move {
            tell(&format!(
                "deleting sandbox {}, which a killed run has left behind",
                orphan.sandbox
            ));
            self.delete(&orphan.sandbox, Some(orphan.entry)).await;
        });
        join_all(each).await;
    }

    /// Deletes an existing sandbox.
    async fn remove(&self, sandbox: &str) {
        let entry = self.lock().remove(sandbox);
        self.delete(sandbox, entry.flatten()).await;
    }

    /// Deletes a sandbox, once it has come up or is otherwise at rest.
    async fn delete(&self, sandbox: &str, entry: Option<Entry>) {
        let deadline = Instant::now() + FAREWELL;
        loop {
            let error = match self.plane.delete(sandbox).await {
                Ok(()) => break,
                Err(error) => error,
            };
            match error.status() {
                // Its time was over.
                Some(404) => break,
                Some(409) if Instant::now() < deadline => sleep(LOOK_AGAIN).await,
                _ => {
                    let later = "could not be deleted; it will keep running until it expires";
                    return complain(&format!("sandbox {sandbox} {later}: {error}"));
                }
            }
        }
        if let Some(entry) = entry {
            entry.remove();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Option<Entry>>> {
        // The map is consistent after every statement, even after a panic.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Session for Leap0Session {
    fn desktop(&self) -> &dyn Desktop {
        &self.client
    }

    fn whereabouts(&self) -> Whereabouts {
        Whereabouts {
            sandbox: Some(self.sandbox.clone()),
            viewer: Some(self.service.plane.viewer_url(&self.sandbox)),
        }
    }

    fn lasts(&self, longest: Option<Duration>) -> bool {
        let left = self.ends.saturating_duration_since(Instant::now());
        left >= lifetime(longest).saturating_sub(START + WAITING)
    }

    async fn close(self: Box<Self>) {
        if self.service.keep {
            self.service.lock().remove(&self.sandbox);
            let viewer = self.service.plane.viewer_url(&self.sandbox);
            tell(&format!("kept sandbox {}: {viewer}", self.sandbox));
        } else {
            self.service.remove(&self.sandbox).await;
        }
    }
}

/// How long the sandbox of a scenario with this maximum duration lives: no longer than needed,
/// within the bounds of the protocol.
fn lifetime(longest: Option<Duration>) -> Duration {
    let [least, most] = [limits::LIFETIME.start(), limits::LIFETIME.end()]
        .map(|seconds| Duration::from_secs((*seconds).into()));
    let needed = longest.map_or(LIFETIME, |longest| longest.saturating_add(START + WAITING));
    // Whole seconds are counted, and a part of one is needed too.
    let needed = Duration::from_secs(needed.as_secs().saturating_add(1));
    needed.clamp(least, most)
}

fn not_created(error: &DesktopError) -> HostError {
    let help = match error.status() {
        Some(401 | 403) => "check LEAP0_API_KEY",
        Some(409) => "delete a sandbox that is no longer needed, or wait until one ends",
        Some(429) => "try again later, or play fewer scenarios at a time",
        _ => "check LEAP0_BASE_URL, and whether the service is reachable",
    };
    HostError {
        full: error.status() == Some(409),
        ..unavailable(error, help)
    }
}

fn went_down(sandbox: &str) -> HostError {
    HostError {
        message: format!("sandbox {sandbox} has ended before its desktop was ready"),
        help: Some("play the scenario again; if this happens again, ask the service".to_owned()),
        ..HostError::default()
    }
}

fn given_up() -> HostError {
    HostError {
        message: "nobody waits for the sandbox any more".to_owned(),
        ..HostError::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_lives_no_longer_than_its_scenario_needs() {
        let seconds = |longest: Option<u64>| lifetime(longest.map(Duration::from_secs)).as_secs();
        assert_eq!(seconds(Some(0)), 301);
        assert_eq!(seconds(Some(60)), 361);
        assert_eq!(seconds(None), 1801);
        assert_eq!(seconds(Some(u64::MAX)), 28_800);
    }
}
