//! What the screen shows.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Shared, fields::Fields, refusal::Refusal};
use crate::{
    desktop::wire::{DisplayInfo, Health, Items, Window},
    geometry::Rect,
    server::{
        Parts,
        x11::{Screen, XError},
    },
};

/// Runs `work` with the screen, on a thread that may wait.
pub(super) async fn with_screen<T: Send + 'static>(
    parts: &Arc<Parts>,
    work: impl FnOnce(&Screen) -> Result<T, XError> + Send + 'static,
) -> Result<T, Refusal> {
    let screen = Arc::clone(&parts.screen);
    let done = tokio::task::spawn_blocking(move || work(&screen)).await;
    done.map_err(|error| Refusal::internal(error.to_string()))?
        .map_err(Refusal::from)
}

pub(super) async fn health(State(parts): Shared) -> Response {
    let ok = with_screen(&parts, Screen::round_trip).await.is_ok();
    let status = if ok {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Health { ok })).into_response()
}

pub(super) async fn info(State(parts): Shared) -> Result<Json<DisplayInfo>, Refusal> {
    let size = with_screen(&parts, Screen::size).await?;
    let display = format!(":{}", parts.display);
    Ok(Json(DisplayInfo {
        display,
        width: size.width,
        height: size.height,
    }))
}

pub(super) async fn windows(State(parts): Shared) -> Result<Json<Items<Window>>, Refusal> {
    let items = with_screen(&parts, Screen::windows).await?;
    Ok(Json(Items { items }))
}

/// The whole screen or a region of it, as PNG. A region that leaves the screen
/// is clipped to it; one that lies wholly outside is refused.
pub(super) async fn screenshot(
    State(parts): Shared,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let region = region(Fields::of_query(query))?;
    let bytes = with_screen(&parts, move |screen| {
        let whole = screen.size()?.to_rect();
        let outside = || XError::Request("the region lies outside of the screen".to_owned());
        let region = match region {
            Some(region) => whole.intersection(region).ok_or_else(outside)?,
            None => whole,
        };
        Ok(screen.capture(region)?.encode_png())
    })
    .await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], bytes).into_response())
}

fn region(mut fields: Fields) -> Result<Option<Rect>, Refusal> {
    let mut number = |name| {
        let number = fields.integer(name, super::fields::COORDINATE);
        number.and_then(|n| i32::try_from(n).ok()).unwrap_or(0)
    };
    let (x, y) = (number("x"), number("y"));
    let (width, height) = (
        number("width").unsigned_abs(),
        number("height").unsigned_abs(),
    );
    if (width == 0) != (height == 0) {
        fields.bad(
            "width",
            "and `height` must be given together, both 0 or both positive",
        );
    }
    if let Some(format) = fields.text("format").filter(|format| format != "png") {
        fields.bad("format", format!("`{format}` is not served; `png` is"));
    }
    fields.finish()?;
    Ok((width > 0).then(|| Rect::new(x, y, width, height)))
}
