//! Looking as fast as possible: where something was drawn, reported as soon as it is drawn, and
//! uncompressed pixels.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use super::{
    Shared,
    display::{capture, part, with_screen},
    extract::Parameters,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{self, limits},
    server::x11::Screen,
};

/// Where something was drawn since a revision: at once if something was, else
/// when something is, or after `wait`. Without `since`, the revision now.
pub(super) async fn damage(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Json<wire::Damage>, Refusal> {
    let region = part(&mut fields);
    let since = fields.integer("since", limits::COUNT);
    let wait = fields.integer("wait", 0..=limits::WAIT.as_secs() * 1000);
    fields.finish()?;
    let wait = Duration::from_millis(wait.unwrap_or(0));
    let (revision, changed) = match since {
        None => (machine.damage.revision(), None),
        Some(since) => {
            let drawn = timeout(wait, machine.damage.after(since, region));
            tokio::select! {
                // Also what came at the last moment counts.
                _ = drawn => machine.damage.since(since, region),
                () = machine.closing.cancelled() => {
                    return Err(Refusal::unavailable("the desktop is shutting down".to_owned()));
                }
            }
        }
    };
    let size = with_screen(&machine, Screen::size).await?;
    Ok(Json(wire::Damage {
        revision,
        width: size.width,
        height: size.height,
        changed: changed.and_then(|changed| changed.intersection(size.to_rect())),
    }))
}

/// The pixels of the whole screen or of a region, clipped and refused as that
/// of a screenshot: three bytes each, red, green and blue, row by row.
pub(super) async fn frame(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Response, Refusal> {
    let region = part(&mut fields);
    fields.finish()?;
    let frame = capture(&machine, region, |frame| frame).await?;
    let headers = [
        ("content-type", "application/octet-stream".to_owned()),
        (wire::FRAME_SIZE, frame.size().to_string()),
    ];
    Ok((headers, frame.into_bytes()).into_response())
}
