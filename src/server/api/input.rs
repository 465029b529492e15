//! The pointer and the keyboard.

use axum::{Json, body::Bytes, extract::State};

use super::{
    Shared,
    display::with_screen,
    fields::{COORDINATE, Fields},
    refusal::Refusal,
};
use crate::{
    desktop::wire::{Done, Position},
    geometry::Point,
    input::{BadChord, Button, Chord, Key, UnknownKey},
    server::x11::{Screen, can_type},
};

/// The longest text of one request, in characters.
const MAX_TEXT: usize = 50_000;

const DONE: Json<Done> = Json(Done { ok: true });

pub(super) async fn position(State(parts): Shared) -> Result<Json<Position>, Refusal> {
    Ok(Json(with_screen(&parts, Screen::pointer).await?.into()))
}

pub(super) async fn move_pointer(
    State(parts): Shared,
    body: Bytes,
) -> Result<Json<Position>, Refusal> {
    let mut fields = Fields::of_body(&body)?;
    fields.require(&["x", "y"]);
    let to = point(&mut fields);
    fields.finish()?;
    let to = to.unwrap_or_default();
    Ok(Json(
        with_screen(&parts, move |screen| screen.move_pointer(to))
            .await?
            .into(),
    ))
}

pub(super) async fn click(State(parts): Shared, body: Bytes) -> Result<Json<Position>, Refusal> {
    let mut fields = Fields::of_body(&body)?;
    let at = point(&mut fields);
    if fields.has("x") != fields.has("y") {
        fields.bad("x", "and `y` must be given together or not at all");
    }
    let button = fields.integer("button", 1..=3);
    fields.finish()?;
    let button = button
        .and_then(|n| Button::from_number(u8::try_from(n).ok()?))
        .unwrap_or_default();
    Ok(Json(
        with_screen(&parts, move |screen| screen.click(at, button))
            .await?
            .into(),
    ))
}

pub(super) async fn type_text(State(parts): Shared, body: Bytes) -> Result<Json<Done>, Refusal> {
    let mut fields = Fields::of_body(&body)?;
    fields.require(&["text"]);
    let text = fields.text("text").unwrap_or_default();
    let count = text.chars().count();
    if count > MAX_TEXT {
        fields.bad(
            "text",
            format!("has {count} characters; at most {MAX_TEXT} are typed at once"),
        );
    }
    if let Some((index, char)) = text.chars().enumerate().find(|(_, char)| !can_type(*char)) {
        let code = u32::from(char);
        let place = index + 1;
        let error = format!("has U+{code:04X} as character {place}, which no key types");
        fields.bad("text", error);
    }
    fields.finish()?;
    with_screen(&parts, move |screen| screen.type_text(&text)).await?;
    Ok(DONE)
}

pub(super) async fn press(State(parts): Shared, body: Bytes) -> Result<Json<Done>, Refusal> {
    let mut fields = Fields::of_body(&body)?;
    fields.require(&["key"]);
    let name = fields.text("key");
    fields.finish()?;
    let key = Key::from_name(&name.unwrap_or_default())
        .map_err(|error| Refusal::field("key", explain(&error)))?;
    with_screen(&parts, move |screen| screen.press(&key)).await?;
    Ok(DONE)
}

pub(super) async fn hotkey(State(parts): Shared, body: Bytes) -> Result<Json<Done>, Refusal> {
    let mut fields = Fields::of_body(&body)?;
    fields.require(&["keys"]);
    let names = fields.texts("keys");
    fields.finish()?;
    let names = names.unwrap_or_default();
    let chord =
        Chord::from_names(names.iter().map(String::as_str)).map_err(|error| match error {
            BadChord::Key(error) => Refusal::field("keys", explain(&error)),
            count @ BadChord::Count { .. } => Refusal::field("keys", count.to_string()),
        })?;
    with_screen(&parts, move |screen| screen.hotkey(&chord)).await?;
    Ok(DONE)
}

fn point(fields: &mut Fields) -> Option<Point> {
    let mut coordinate = |name| {
        fields
            .integer(name, COORDINATE)
            .and_then(|n| i32::try_from(n).ok())
    };
    let (x, y) = (coordinate("x"), coordinate("y"));
    Some(Point::new(x?, y?))
}

fn explain(error: &UnknownKey) -> String {
    let nearest = error
        .nearest
        .map(|name| format!("; did you mean `{name}`?"));
    format!("{error}{}", nearest.unwrap_or_default())
}
