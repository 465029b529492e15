//! Ctrl-C and similar signals: the first one asks for a proper end, the second one ends everything
//! at once, which takes three seconds at most.

use tokio_util::sync::CancellationToken;

use super::{Exit, say, tell};

/// Cancels the returned token when somebody asks the program to end.
pub(super) fn token() -> std::io::Result<CancellationToken> {
    once_asked(|mut signals| async move {
        tell("\ninterrupted: ending cleanly (press Ctrl-C again to end at once)");
        signals.next().await;
        say::clear_run_lines();
        // Local desktops end without finishing anything.
        #[cfg(all(target_os = "linux", feature = "local-desktop"))]
        crate::server::end_all().await;
        std::process::exit(Exit::Interrupted as i32);
    })
}

/// The same without a word: the program has nothing to finish then.
pub(super) fn quiet() -> std::io::Result<CancellationToken> {
    once_asked(|_| std::future::ready(()))
}

/// Cancels the returned token when somebody asks the program to end, and then goes on.
fn once_asked<F>(
    then: impl FnOnce(Signals) -> F + Send + 'static,
) -> std::io::Result<CancellationToken>
where
    F: Future<Output = ()> + Send,
{
    let token = CancellationToken::new();
    let asked = token.clone();
    let mut signals = Signals::new()?;
    tokio::spawn(async move {
        signals.next().await;
        asked.cancel();
        then(signals).await;
    });
    Ok(token)
}

/// Everything by which a system asks a program to end.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// Ctrl-C is all that there is elsewhere.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")]
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Whoever cannot listen for it is asked in no other way.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
