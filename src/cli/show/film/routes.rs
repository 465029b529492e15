//! What is answered to the page of a film.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::{
    change::{self, Caption, Zoom},
    drafts::Which,
    page::the_page,
    preview, recordings,
    state::{self, About},
    undo,
};
use crate::cli::show::{
    answer::{Problem, settled},
    desk::Desk,
    files,
    writer::change,
};

/// The addresses of the page, below those of the report.
pub(in crate::cli::show) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/.deskhand/films", get(the_films))
        .route("/.deskhand/film", get(the_page))
        .route("/.deskhand/film/state", get(the_state))
        .route("/.deskhand/film/caption", post(caption))
        .route("/.deskhand/film/zoom", post(zoom))
        .route("/.deskhand/film/undo", post(undo))
        .route("/.deskhand/film/preview", get(how_far).post(draw))
        .route("/.deskhand/film/preview/end", post(end))
        .route("/.deskhand/film/preview.mp4", get(the_draft))
}

/// Asks the desk on a thread that may wait.
async fn asked<T: Serialize + Send + 'static>(
    desk: Arc<Desk>,
    ask: impl FnOnce(&Desk) -> Result<T, Problem> + Send + 'static,
) -> Response {
    match spawn_blocking(move || ask(&desk)).await {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(problem)) => problem.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn the_films(State(desk): State<Arc<Desk>>) -> Response {
    asked(desk, |desk| Ok(recordings::list(desk))).await
}

async fn the_state(State(desk): State<Arc<Desk>>, Query(about): Query<About>) -> Response {
    asked(desk, move |desk| state::state(desk, &about)).await
}

async fn caption(State(desk): State<Arc<Desk>>, Json(asked): Json<Caption>) -> Response {
    change(desk, move |desk, changed| {
        change::caption(desk, changed, &asked)
    })
    .await
}

async fn zoom(State(desk): State<Arc<Desk>>, Json(asked): Json<Zoom>) -> Response {
    change(desk, move |desk, changed| {
        change::zoom(desk, changed, &asked)
    })
    .await
}

async fn undo(State(desk): State<Arc<Desk>>, Json(asked): Json<About>) -> Response {
    change(desk, move |desk, changed| undo::undo(desk, changed, &asked)).await
}

async fn draw(State(desk): State<Arc<Desk>>, Json(about): Json<About>) -> Response {
    asked(desk, move |desk| preview::start(desk, &about)).await
}

async fn how_far(State(desk): State<Arc<Desk>>, Query(which): Query<Which>) -> Response {
    asked(desk, move |desk| preview::told(desk, &which)).await
}

async fn end(State(desk): State<Arc<Desk>>, Json(about): Json<About>) -> Response {
    match spawn_blocking(move || preview::stop(&desk, &about)).await {
        Ok(()) => settled(Ok("the preview is closed".to_owned())),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn the_draft(
    State(desk): State<Arc<Desk>>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Response {
    match spawn_blocking(move || preview::content(&desk, &which)).await {
        Ok(Ok(content)) => files::answer("preview.mp4", content, &headers),
        _ => (StatusCode::NOT_FOUND, "there is no such preview\n").into_response(),
    }
}
