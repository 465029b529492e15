//! Searches on a thread of their own, apart from what waits for them.

use crate::executor::fault::Fault;

/// Does work for the processor apart from the task that waits.
pub(in crate::executor) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Fault::broken(format!("the search broke off: {error}")))
}
