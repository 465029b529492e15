//! What the desktop's own processes wrote.

use std::time::Duration;

use tokio::time::timeout;

use crate::desktop::Desktop;

/// What one of the desktop's processes wrote so far, as far as the desktop keeps it.
pub(super) struct Log {
    /// The name of the process.
    pub(super) process: String,
    /// Its standard output.
    pub(super) out: String,
    /// Its standard error.
    pub(super) err: String,
}

/// The logs of all its processes, as far as a desktop returns each within `patience`.
pub(super) async fn of_processes(desktop: &dyn Desktop, patience: Duration) -> Vec<Log> {
    let mut logs = Vec::new();
    let Ok(Ok(list)) = timeout(patience, desktop.process_status()).await else {
        return logs;
    };
    for process in list.items.into_iter().map(|process| process.name) {
        let (out, err) = (
            desktop.process_logs(&process),
            desktop.process_errors(&process),
        );
        let Ok((out, err)) = timeout(patience, async { (out.await, err.await) }).await else {
            continue;
        };
        let (out, err) = (out.unwrap_or_default(), err.unwrap_or_default());
        logs.push(Log { process, out, err });
    }
    logs
}
