//! All desktops of this process that are not gone yet, for ending in a hurry.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::join_all;
use rustix::process::Signal;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::tree::send;

/// How long all desktops together may take to be gone. Whatever is left then is ended
/// and removed by their guards, which need a little longer where a keeper does not do
/// its part.
const HURRY: Duration = Duration::from_millis(2800);

/// How a pipe to a keeper is closed, and whose guard it is.
#[derive(Clone)]
pub(super) struct Closing {
    token: CancellationToken,
    guard: Option<u32>,
}

impl Closing {
    pub(super) fn of(guard: Option<u32>) -> Self {
        Self {
            token: CancellationToken::new(),
            guard,
        }
    }

    /// Closes the pipe, which the guard sees, also where somebody has stopped it.
    pub(super) fn close(&self) {
        if self.token.is_cancelled() {
            return;
        }
        self.token.cancel();
        if let Some(guard) = self.guard {
            send(guard, Signal::CONT);
        }
    }

    /// Waits until the pipe is to be closed.
    pub(super) async fn closed(&self) {
        self.token.cancelled().await;
    }

    /// Waits until that is so long ago.
    pub(super) async fn since(&self, time: Duration) {
        self.closed().await;
        sleep(time).await;
    }
}

struct Running {
    folder: PathBuf,
    closing: Closing,
    gone: watch::Receiver<bool>,
}

static ALL: Mutex<Vec<Running>> = Mutex::new(Vec::new());

pub(super) fn add(folder: &Path, closing: Closing, gone: watch::Receiver<bool>) {
    all().push(Running {
        folder: folder.to_owned(),
        closing,
        gone,
    });
}

pub(super) fn remove(folder: &Path) {
    all().retain(|running| running.folder != folder);
}

/// Ends every desktop of this process at once, and waits until they are gone, at most
/// for three seconds.
pub(crate) async fn end_all() {
    let gone: Vec<_> = {
        let all = all();
        all.iter().for_each(|running| running.closing.close());
        all.iter().map(|running| running.gone.clone()).collect()
    };
    let gone = gone.into_iter().map(|mut gone| async move {
        let _ = gone.wait_for(|gone| *gone).await;
    });
    let _ = timeout(HURRY, join_all(gone)).await;
}

/// Waits until the desktop in `folder`, whose start was given up, is gone.
pub(in crate::server) async fn until_gone(folder: &Path) {
    let found = all()
        .iter()
        .find(|running| running.folder == folder)
        .map(|running| running.gone.clone());
    if let Some(mut gone) = found {
        let _ = timeout(HURRY * 2, gone.wait_for(|gone| *gone)).await;
    }
}

fn all() -> MutexGuard<'static, Vec<Running>> {
    // The list is consistent after every statement, even after a panic.
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}
