//! The runtime of commands that do several things at once.

use tokio::runtime::Runtime;

use super::{Exit, complain};

/// Runs a future to its end. Threads that still wait for something then, such as an X
/// server that hangs, are left to the end of the program.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Exit> {
    let runtime = Runtime::new().map_err(|error| {
        complain(&format!("cannot start: {error}"));
        Exit::Desktop
    })?;
    let done = runtime.block_on(future);
    runtime.shutdown_background();
    Ok(done)
}
