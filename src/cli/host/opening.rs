//! Desktops that are started in tasks of their own: whoever stops waiting for one leaves nothing
//! behind.

use std::{
    pin::pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::desktop::{HostError, Session};

type Opened = Result<Box<dyn Session>, HostError>;

/// What is being opened, and what is closed because nobody waited for it.
#[derive(Default)]
pub(super) struct Openings(Mutex<JoinSet<()>>);

impl Openings {
    /// Opens a desktop. If this is dropped, `opening` is told by its token to give
    /// up, and what it opens all the same is closed.
    pub(super) async fn open<F>(&self, opening: impl FnOnce(CancellationToken) -> F) -> Opened
    where
        F: Future<Output = Opened> + Send + 'static,
    {
        let (mut answer, answered) = oneshot::channel();
        let stop = CancellationToken::new();
        let opening = opening(stop.clone());
        {
            let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            while tasks.try_join_next().is_some() {}
            tasks.spawn(async move {
                let mut opening = pin!(opening);
                let opened = tokio::select! {
                    opened = &mut opening => opened,
                    () = answer.closed() => {
                        stop.cancel();
                        opening.await
                    }
                };
                if let Err(Ok(session)) = answer.send(opened) {
                    session.close().await;
                }
            });
        }
        let aborted = || HostError {
            message: "the start of the desktop was aborted".to_owned(),
            ..HostError::default()
        };
        answered.await.unwrap_or_else(|_| Err(aborted()))
    }

    /// Waits until nothing is being opened or closed any more; returns whether that
    /// was so in time.
    pub(super) async fn end(&self, patience: Duration) -> bool {
        let mut tasks = {
            let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *tasks)
        };
        let ended = async { while tasks.join_next().await.is_some() {} };
        timeout(patience, ended).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use async_trait::async_trait;
    use tokio::time::sleep;

    use super::*;
    use crate::{
        desktop::{Desktop, MemoryDesktop},
        geometry::Size,
    };

    struct Watched(MemoryDesktop, Arc<AtomicBool>);

    #[async_trait]
    impl Session for Watched {
        fn desktop(&self) -> &dyn Desktop {
            &self.0
        }

        async fn close(self: Box<Self>) {
            self.1.store(true, Ordering::Relaxed);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_start_that_nobody_waits_for_is_given_up_and_what_came_of_it_is_closed() {
        let second = Duration::from_secs(1);
        for heeds in [true, false] {
            let openings = Openings::default();
            let [told, closed] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
            let (telling, closing) = (Arc::clone(&told), Arc::clone(&closed));
            let open = openings.open(move |stop| async move {
                let given_up = timeout(second * 5, stop.cancelled()).await.is_ok();
                telling.store(given_up, Ordering::Relaxed);
                if heeds {
                    return Err(HostError::default());
                }
                sleep(second).await;
                let desktop = MemoryDesktop::new(Size::new(800, 600));
                Ok(Box::new(Watched(desktop, closing)) as Box<dyn Session>)
            });
            assert!(timeout(second, open).await.is_err());
            assert!(
                openings.end(second * 2).await,
                "long before it would have come up"
            );
            assert!(told.load(Ordering::Relaxed));
            assert_eq!(closed.load(Ordering::Relaxed), !heeds);
        }
    }
}
