//! Sandboxes of the hosted service, a fresh one for each scenario.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{as_it_comes, unavailable, url::prepare};
use crate::{
    cli::{complain, tell},
    desktop::{
        Config, ControlPlane, Desktop, DesktopClient, DesktopError, Host, HostError, Result,
        Session, Wanted, Whereabouts,
        wire::{CreateSandbox, Extensions},
    },
};

/// How long a sandbox lives if nobody deletes it, in seconds: half an hour.
const LIFETIME: u32 = 1800;

/// A desktop with a video encoder wants more than the least.
const VCPU: u32 = 2;
const MEMORY: u32 = 2048;

/// How long sandboxes may take to go.
const FAREWELL: Duration = Duration::from_secs(30);

const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Makes sandboxes, and sees to it that each is deleted.
pub(super) struct Leap0Host {
    plane: ControlPlane,
    keep: bool,
    /// The sandboxes that are there.
    open: Arc<Mutex<BTreeSet<String>>>,
    /// Those that are being made: a run that is interrupted drops its wait, but
    /// not the sandbox.
    making: Mutex<JoinSet<()>>,
}

struct Leap0Session {
    client: DesktopClient,
    plane: ControlPlane,
    sandbox: String,
    keep: bool,
    open: Arc<Mutex<BTreeSet<String>>>,
}

impl Leap0Host {
    pub(super) fn new(config: Config, keep: bool) -> Result<Self> {
        Ok(Self {
            plane: ControlPlane::new(config)?,
            keep,
            open: Arc::default(),
            making: Mutex::default(),
        })
    }

    /// Makes a sandbox in a task of its own, so that its id is known even if
    /// nobody waits for it any more.
    async fn create(&self) -> Result<String> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let (plane, open) = (self.plane.clone(), Arc::clone(&self.open));
        lock(&self.making).spawn(async move {
            let wanted = CreateSandbox {
                vcpu: Some(VCPU),
                memory: Some(MEMORY),
                timeout: Some(LIFETIME),
                ..CreateSandbox::desktop()
            };
            let created = plane.create(&wanted).await.map(|sandbox| sandbox.id);
            if let Ok(id) = &created {
                lock(&open).insert(id.clone());
            }
            // An interrupted run does not listen any more.
            let _ = answer.send(created);
        });
        answered.await.unwrap_or_else(|_| {
            Err(DesktopError::Stream {
                message: "the sandbox could not be created".to_owned(),
            })
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
        let sandbox = self.create().await.map_err(|error| {
            let help = match error.status() {
                Some(401 | 403) => "check LEAP0_API_KEY",
                Some(409) => "delete a sandbox that is no longer needed, or wait until one ends",
                _ => "check LEAP0_BASE_URL, and whether the service is reachable",
            };
            unavailable(&error, help)
        })?;
        let made = async {
            let client = self.plane.desktop(&sandbox)?;
            prepare(&client, wanted).await?;
            Ok::<_, DesktopError>(client)
        };
        let client = match made.await {
            Ok(client) => client,
            Err(error) => {
                delete(&self.plane, &sandbox).await;
                lock(&self.open).remove(&sandbox);
                let help = "check LEAP0_SANDBOX_DOMAIN, and whether it is reachable";
                return Err(unavailable(&error, help));
            }
        };
        Ok(Box::new(Leap0Session {
            client,
            plane: self.plane.clone(),
            sandbox,
            keep: self.keep,
            open: Arc::clone(&self.open),
        }))
    }

    async fn finish(&self) {
        let mut making = std::mem::take(&mut *lock(&self.making));
        let clean_up = async {
            while making.join_next().await.is_some() {}
            let left = std::mem::take(&mut *lock(&self.open));
            for sandbox in left {
                delete(&self.plane, &sandbox).await;
            }
        };
        if timeout(FAREWELL, clean_up).await.is_err() {
            complain(
                "the control plane does not answer; a sandbox may keep running until it expires",
            );
        }
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
            viewer: Some(self.plane.viewer_url(&self.sandbox)),
        }
    }

    async fn close(self: Box<Self>) {
        lock(&self.open).remove(&self.sandbox);
        if self.keep {
            let viewer = self.plane.viewer_url(&self.sandbox);
            tell(&format!("kept sandbox {}: {viewer}", self.sandbox));
        } else {
            delete(&self.plane, &self.sandbox).await;
        }
    }
}

/// Deletes a sandbox, once it has come up or is otherwise at rest.
async fn delete(plane: &ControlPlane, sandbox: &str) {
    let deadline = Instant::now() + FAREWELL;
    loop {
        let error = match plane.delete(sandbox).await {
            Ok(()) => return,
            Err(error) => error,
        };
        match error.status() {
            // Its time was over.
            Some(404) => return,
            Some(409) if Instant::now() < deadline => sleep(LOOK_AGAIN).await,
            _ => {
                let later = "could not be deleted; it will keep running until it expires";
                return complain(&format!("sandbox {sandbox} {later}: {error}"));
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these hold is whole after every statement, also after a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
