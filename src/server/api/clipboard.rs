//! The clipboards of a desktop: an extension of the protocol.

use axum::{Json, extract::State, http::StatusCode};

use super::{
    Shared,
    display::with_screen,
    extract::{Parameters, Raw},
    fields::Fields,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{ClipboardContent, limits},
    input::Clipboard,
};

/// The content of a clipboard.
pub(super) async fn read(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Json<ClipboardContent>, Refusal> {
    let clipboard = selection(&mut fields);
    fields.finish()?;
    let content = with_screen(&machine, move |screen| screen.clipboard(clipboard)).await?;
    Ok(Json(content))
}

/// Puts the text of the body on a clipboard.
pub(super) async fn write(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
    Raw(bytes): Raw,
) -> Result<StatusCode, Refusal> {
    let clipboard = selection(&mut fields);
    if bytes.len() > limits::CLIPBOARD {
        let most = limits::CLIPBOARD;
        fields.bad("body", format!("must have at most {most} bytes"));
    }
    let text = String::from_utf8(bytes.into());
    if text.is_err() {
        fields.bad("body", "must be text in UTF-8");
    }
    fields.finish()?;
    let text = text.unwrap_or_default();
    with_screen(&machine, move |screen| screen.copy(clipboard, &text)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which clipboard is meant.
fn selection(fields: &mut Fields) -> Clipboard {
    let Some(name) = fields.text("selection") else {
        return Clipboard::default();
    };
    Clipboard::from_name(&name).unwrap_or_else(|| {
        let names = Clipboard::NAMES.join(", ");
        fields.bad("selection", format!("must be one of {names}"));
        Clipboard::default()
    })
}
