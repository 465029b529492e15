//! Ctrl-C and its like: the first asks for a proper end, the second ends at once.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{Exit, tell};

/// Cancels the answered token when somebody asks the program to end.
pub(super) fn token() -> std::io::Result<CancellationToken> {
    let token = CancellationToken::new();
    let asked = token.clone();
    let mut signals = [
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
        signal(SignalKind::hangup())?,
    ];
    tokio::spawn(async move {
        any(&mut signals).await;
        asked.cancel();
        tell("\ninterrupted: ending the recording and the desktop (once more to end at once)");
        any(&mut signals).await;
        // The keeper meets a closed pipe then and cleans up behind us.
        std::process::exit(Exit::Interrupted as i32);
    });
    Ok(token)
}

async fn any([interrupt, terminate, hangup]: &mut [Signal; 3]) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}
