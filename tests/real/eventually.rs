//! Waiting for what will come, without knowing when.

use std::time::{Duration, Instant};

/// How long it may take: much longer than it does on a busy machine, since only a test
/// that fails takes so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// What a look shows once that is as wanted; what the last one showed, if it never is.
pub(crate) async fn eventually<T>(
    mut look: impl AsyncFnMut() -> T,
    is_wanted: impl Fn(&T) -> bool,
) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = look().await;
        if is_wanted(&seen) || Instant::now() > end {
            return seen;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// The same, where nothing is asynchronous.
pub(crate) fn eventually_here<T>(mut look: impl FnMut() -> T, is_wanted: impl Fn(&T) -> bool) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = look();
        if is_wanted(&seen) || Instant::now() > end {
            return seen;
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// What comes of something that ends by itself.
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, future).await;
    done.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
