//! Recordings.

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Shared, display::with_screen, refusal::Refusal};
use crate::{
    desktop::wire::RecordingStatus,
    server::{recorder::RecorderError, x11::Screen},
};

pub(super) async fn status(State(parts): Shared) -> Json<RecordingStatus> {
    Json(parts.recorder.status().await)
}

pub(super) async fn start(
    State(parts): Shared,
) -> Result<(StatusCode, Json<RecordingStatus>), Refusal> {
    let size = with_screen(&parts, Screen::size).await?;
    let status = parts.recorder.start(size).await?;
    Ok((StatusCode::CREATED, Json(status)))
}

pub(super) async fn stop(State(parts): Shared) -> Result<Json<RecordingStatus>, Refusal> {
    Ok(Json(parts.recorder.stop().await?))
}

pub(super) async fn download(
    State(parts): Shared,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let file = parts.recorder.file(&id).await?;
    let bytes = tokio::fs::read(file).await.map_err(RecorderError::File)?;
    Ok(([(header::CONTENT_TYPE, "video/mp4")], bytes).into_response())
}
