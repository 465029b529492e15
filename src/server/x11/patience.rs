//! Bounds for whatever waits for an X server: one that hangs (stopped by a signal,
//! stuck on a disk) never answers, and never breaks its connections either.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use tokio::{task::spawn_blocking, time::timeout};

use super::XError;

/// How long an X server may take for anything but a long text.
pub(in crate::server) const PATIENCE: Duration = Duration::from_secs(20);

thread_local! {
    /// When nobody waits any more for what this thread does.
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Fails where nobody waits any more for what this thread does: input that was given
/// up must not arrive after all, in the middle of something else.
pub(super) fn is_awaited() -> Result<(), XError> {
    match UNTIL.get() {
        Some(until) if Instant::now() > until => Err(XError::Late),
        _ => Ok(()),
    }
}

/// Does what may wait for an X server, on a thread that may wait, and gives up after
/// `patience`. The thread goes on until the X server answers or ends.
pub(in crate::server) async fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T, XError> + Send + 'static,
) -> Result<T, XError> {
    let until = Instant::now() + patience;
    let work = move || {
        UNTIL.set(Some(until));
        let done = work();
        UNTIL.set(None);
        done
    };
    match timeout(patience, spawn_blocking(work)).await {
        Ok(Ok(done)) => done,
        Ok(Err(broken)) => Err(XError::Program(broken.to_string())),
        Err(_) => Err(XError::Silent(patience)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn an_x_server_that_never_answers_is_named_once_the_time_is_over() {
        let (answer, silence) = mpsc::channel::<()>();
        let work = move || {
            silence
                .recv()
                .map_err(|error| XError::Broken(error.to_string()))
        };
        let error = within(Duration::from_millis(1), work).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the X server did not answer within 0.001 s"
        );
        drop(answer);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_done() {
        let (answer, silence) = mpsc::channel::<()>();
        let (done, was_done) = mpsc::channel();
        let work = move || {
            let _ = silence.recv();
            let _ = done.send(is_awaited().is_ok());
            Ok(())
        };
        within(Duration::from_millis(1), work).await.unwrap_err();
        drop(answer);
        assert!(!was_done.recv().unwrap());
        // The next one on the same thread has a time of its own.
        assert!(within(PATIENCE, is_awaited).await.is_ok());
    }

    #[tokio::test]
    async fn what_the_x_server_answers_in_time_is_the_answer() {
        assert_eq!(within(PATIENCE, || Ok(7)).await.unwrap(), 7);
        let refused = || Err::<(), _>(XError::Refused("GetImage: BadMatch".to_owned()));
        let error = within(PATIENCE, refused).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the X server refused: GetImage: BadMatch"
        );
    }
}
