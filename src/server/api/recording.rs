//! Recordings.

use std::path::Path;

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use tower_http::services::ServeFile;

use super::{
    Shared,
    extract::{Body, Segment},
    range,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{Items, RecordingStatus, RecordingSummary, limits},
    server::recorder::RecorderError,
};

pub(super) async fn status(State(machine): Shared) -> Json<RecordingStatus> {
    Json(machine.recorder.status().await)
}

/// Starts a recording; a clean video in addition to it is an extension of the protocol.
pub(super) async fn start(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<(StatusCode, Json<RecordingStatus>), Refusal> {
    let clean = fields.boolean("clean").unwrap_or(false);
    let [usual, more] = limits::FRAME_RATES;
    let mut rate = usual;
    if let Some(wanted) = fields.json("frame_rate") {
        if wanted == usual || wanted == more {
            rate = if wanted == usual { usual } else { more };
        } else {
            fields.bad("frame_rate", format!("must be {usual} or {more}"));
        }
    }
    fields.finish()?;
    let status = machine.start_recording(clean.then_some(rate)).await?;
    Ok((StatusCode::CREATED, Json(status)))
}

pub(super) async fn stop(State(machine): Shared) -> Result<Json<RecordingStatus>, Refusal> {
    Ok(Json(machine.recorder.stop().await?))
}

pub(super) async fn list(State(machine): Shared) -> Result<Json<Items<RecordingSummary>>, Refusal> {
    let items = machine.recorder.list().await?;
    Ok(Json(Items { items }))
}

pub(super) async fn one(
    State(machine): Shared,
    Segment(id): Segment,
) -> Result<Json<RecordingSummary>, Refusal> {
    Ok(Json(machine.recorder.get(&id).await?))
}

pub(super) async fn delete(
    State(machine): Shared,
    Segment(id): Segment,
) -> Result<StatusCode, Refusal> {
    machine.recorder.delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The whole video, or the bytes that a `Range` asks for; of an active recording
/// what there is of it.
pub(super) async fn download(
    State(machine): Shared,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, Refusal> {
    let file = machine.recorder.file(&id).await?;
    let video = serve(&file, "video/mp4", request).await;
    Ok(video.ok_or(RecorderError::Unknown(id))?)
}

/// The same of the clean video: an extension of the protocol.
pub(super) async fn frames(
    State(machine): Shared,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, Refusal> {
    let file = machine.recorder.frames(&id).await?;
    let video = serve(&file, "video/x-matroska", request).await;
    Ok(video.ok_or(RecorderError::Unframed(id))?)
}

/// A file, or the part of it that is asked for; nothing if it is not there.
async fn serve(file: &Path, mime_type: &'static str, request: Request) -> Option<Response> {
    let mut response = range::serve(ServeFile::new(file), only_range(request)).await;
    if response.status() == StatusCode::NOT_FOUND {
        return None;
    }
    if response.status().is_success() {
        let video = HeaderValue::from_static(mime_type);
        response.headers_mut().insert(header::CONTENT_TYPE, video);
    }
    Some(response)
}

/// The request without what else could change the answer: the protocol knows no
/// conditional requests.
fn only_range(mut request: Request) -> Request {
    let headers = request.headers_mut();
    let ranges: Vec<_> = headers.get_all(header::RANGE).iter().cloned().collect();
    headers.clear();
    for range in ranges {
        headers.append(header::RANGE, range);
    }
    request
}
