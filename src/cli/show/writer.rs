//! Who changes files: one request after another.

use std::sync::{Arc, PoisonError};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio::task::spawn_blocking;

use super::{
    answer::{Settled, settled},
    changed::Changed,
    desk::Desk,
};

/// Changes files, one request after another.
pub(super) async fn change(
    desk: Arc<Desk>,
    work: impl FnOnce(&Desk, &mut Changed) -> Settled + Send + 'static,
) -> Response {
    let done = spawn_blocking(move || {
        let mut changed = desk.writing.lock().unwrap_or_else(PoisonError::into_inner);
        changed.begin(desk.runs.log().started);
        work(&desk, &mut changed)
    });
    match done.await {
        Ok(done) => settled(done),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
