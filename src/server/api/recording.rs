//! Recordings.

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use tower_http::services::ServeFile;

use super::{Shared, extract::Segment, range, refusal::Refusal};
use crate::{
    desktop::wire::{Items, RecordingStatus, RecordingSummary},
    server::recorder::RecorderError,
};

pub(super) async fn status(State(machine): Shared) -> Json<RecordingStatus> {
    Json(machine.recorder.status().await)
}

pub(super) async fn start(
    State(machine): Shared,
) -> Result<(StatusCode, Json<RecordingStatus>), Refusal> {
    let status = machine.start_recording().await?;
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
    let mut response = range::serve(ServeFile::new(file), only_range(request)).await;
    if response.status() == StatusCode::NOT_FOUND {
        return Err(RecorderError::Unknown(id).into());
    }
    if response.status().is_success() {
        let video = HeaderValue::from_static("video/mp4");
        response.headers_mut().insert(header::CONTENT_TYPE, video);
    }
    Ok(response)
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
