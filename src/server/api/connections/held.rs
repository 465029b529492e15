//! The place of one connection, and how long it counts as in use: from the head of a request to the
//! last byte of its answer, or to the end of an upgraded connection.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Connections;

/// One connection among all; it leaves them when this is dropped.
pub(in crate::server::api) struct Slot {
    all: Arc<Connections>,
    id: u64,
    end: CancellationToken,
}

/// Keeps a connection in use until the last clone of it is dropped.
#[derive(Clone)]
pub(in crate::server::api) struct InUse(Arc<Using>);

struct Using(Arc<Slot>);

impl Slot {
    pub(super) fn new(all: Arc<Connections>, id: u64, end: CancellationToken) -> Self {
        Self { all, id, end }
    }

    /// A request has come.
    pub(super) fn begin(self: &Arc<Self>) -> InUse {
        self.all.change(self.id, |connection| {
            connection.waiting = None;
            connection.asked = true;
        });
        InUse(Arc::new(Using(Arc::clone(self))))
    }

    /// Whether a request has ever come.
    pub(super) fn was_asked(&self) -> bool {
        let all = self.all.lock();
        all.open.get(&self.id).is_some_and(|it| it.asked)
    }

    /// Cancelled when the connection has to make room.
    pub(super) fn end(&self) -> CancellationToken {
        self.end.clone()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.all.leave(self.id);
    }
}

impl InUse {
    /// Whoever asks was let in.
    pub(in crate::server::api) fn is_known(&self) {
        let Using(place) = &*self.0;
        place
            .all
            .change(place.id, |connection| connection.known = true);
    }

    /// Whether there are more requests, streams and viewers than there may be.
    pub(in crate::server::api) fn is_crowded(&self) -> bool {
        let Using(place) = &*self.0;
        place.all.is_crowded()
    }
}

impl Drop for Using {
    fn drop(&mut self) {
        let now = Instant::now();
        let Self(place) = self;
        place
            .all
            .change(place.id, |connection| connection.waiting = Some(now));
    }
}

/// The body of an answer, during which the connection is in use.
pub(super) struct Held {
    body: Body,
    _in_use: InUse,
}

impl Held {
    pub(super) fn new(body: Body, in_use: InUse) -> Self {
        Self {
            body,
            _in_use: in_use,
        }
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
