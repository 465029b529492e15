//! The content of a request, read in such a way that whatever is wrong with it is refused in the
//! protocol's own form.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body as Bodies, BodyDataStream, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, request::Parts},
};

use futures_util::stream::{self, StreamExt};
use tokio::time::timeout;

use super::{fields::Fields, refusal::Refusal};

/// How long the next part of a body may take to come.
const NEXT_PART: Duration = Duration::from_secs(20);

/// The fields of a JSON body.
pub(super) struct Body(pub(super) Fields);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let Raw(bytes) = Raw::from_request(request, state).await?;
        Ok(Self(Fields::of_body(&bytes)?))
    }
}

/// A body as it is.
pub(super) struct Raw(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let steady = Steady::default();
        let request = request.map(|body| steady.keep(body));
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) => Err(steady.refusal().unwrap_or_else(|| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    Refusal::too_large()
                } else {
                    Refusal::field("body", rejection.body_text())
                }
            })),
        }
    }
}

/// Makes a body fail when nothing more of it arrives: whoever waits for it occupies one of few
/// places.
#[derive(Clone, Default)]
pub(super) struct Steady(Arc<AtomicBool>);

impl Steady {
    /// The same body, but it has to come.
    pub(super) fn keep(&self, body: Bodies) -> Bodies {
        let coming = (body.into_data_stream(), self.clone());
        Bodies::from_stream(stream::try_unfold(coming, Self::next))
    }

    /// The refusal of a body that failed for that reason.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let stalled = self.0.load(Ordering::Relaxed);
        stalled.then(|| Refusal::too_slow(NEXT_PART.as_secs()))
    }

    async fn next(
        (mut parts, this): (BodyDataStream, Self),
    ) -> Result<Option<(Bytes, (BodyDataStream, Self))>, axum::Error> {
        let Ok(part) = timeout(NEXT_PART, parts.next()).await else {
            this.0.store(true, Ordering::Relaxed);
            return Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)));
        };
        Ok(part.transpose()?.map(|part| (part, (parts, this))))
    }
}

/// The fields of the query.
pub(super) struct Parameters(pub(super) Fields);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(pairs) = pairs.map_err(|error| Refusal::field("query", error.body_text()))?;
        Ok(Self(Fields::of_query(pairs)))
    }
}

/// The one part of the path that has a name.
pub(super) struct Segment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        let Path(segment) = segment.map_err(|error| Refusal::field("path", error.body_text()))?;
        Ok(Self(segment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_may_come_slowly_but_must_come() {
        let part = |text: &'static str| Ok::<_, io::Error>(Bytes::from_static(text.as_bytes()));
        let slow = stream::iter(["a", "b", "c"]).then(move |text| async move {
            tokio::time::sleep(NEXT_PART / 2).await;
            part(text)
        });
        let whole = Raw::from_request(Request::new(Bodies::from_stream(slow)), &()).await;
        assert_eq!(whole.unwrap().0, "abc");

        let stops = stream::iter([part("a")]).chain(stream::pending());
        let read = Raw::from_request(Request::new(Bodies::from_stream(stops)), &());
        let refused = timeout(NEXT_PART * 2, read).await.expect("an answer");
        let Err(refusal) = refused else {
            panic!("it never ended")
        };
        assert_eq!(refusal.status(), StatusCode::REQUEST_TIMEOUT);
    }
}
