//! The pointer and the keyboard.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State};
use tokio_util::sync::CancellationToken;

use super::{
    Shared,
    display::{with_screen, with_screen_within},
    extract::Body,
    fields::Fields,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{Clicked, Done, Holding, Position, limits},
    geometry::Point,
    input::{BadChord, Button, Chord, Direction, Key, UnknownKey},
    server::{
        machine::Machine,
        x11::{Screen, XError, can_type},
    },
};

/// How long the longest text may take.
const LONG_TEXT: Duration = Duration::from_secs(240);

/// How long a key or a chord may take: it may wait for a text.
const ONE_CHORD: Duration = Duration::from_secs(20);

const fn done(reached: Option<bool>) -> Json<Done> {
    Json(Done { ok: true, reached })
}

pub(super) async fn position(State(machine): Shared) -> Result<Json<Position>, Refusal> {
    Ok(Json(with_screen(&machine, Screen::pointer).await?.into()))
}

pub(super) async fn move_pointer(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Position>, Refusal> {
    fields.require(&["x", "y"]);
    let to = point(&mut fields, ["x", "y"]);
    fields.finish()?;
    let to = to.unwrap_or_default();
    Ok(Json(
        with_screen(&machine, move |screen| screen.move_pointer(to))
            .await?
            .into(),
    ))
}

pub(super) async fn click(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Clicked>, Refusal> {
    let at = point(&mut fields, ["x", "y"]);
    if fields.has("x") != fields.has("y") {
        fields.bad("x", "and `y` must be given together or not at all");
    }
    let button = button(&mut fields);
    let held = modifiers(&mut fields);
    fields.finish()?;
    let windows = Arc::clone(&machine.unpainted);
    let done = with_screen(&machine, move |screen| {
        screen.settle_new_window(&windows)?;
        screen.click(at, button, &held)
    });
    Ok(Json(done.await?))
}

pub(super) async fn drag(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Position>, Refusal> {
    fields.require(&["from_x", "from_y", "to_x", "to_y"]);
    let from = point(&mut fields, ["from_x", "from_y"]).unwrap_or_default();
    let to = point(&mut fields, ["to_x", "to_y"]).unwrap_or_default();
    let button = button(&mut fields);
    let held = modifiers(&mut fields);
    fields.finish()?;
    let done = with_screen(&machine, move |screen| screen.drag(from, to, button, &held));
    Ok(Json(done.await?.into()))
}

pub(super) async fn scroll(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Position>, Refusal> {
    fields.require(&["direction"]);
    let name = fields.text("direction");
    let direction = name.as_deref().and_then(Direction::from_name);
    if name.is_some() && direction.is_none() {
        fields.bad("direction", "must be one of up, down, left, right");
    }
    let amount = fields.integer("amount", limits::NOTCHES);
    fields.finish()?;
    let direction = direction.unwrap_or(Direction::Down);
    let amount = amount.unwrap_or(1);
    let done = with_screen(&machine, move |screen| screen.scroll(direction, amount));
    Ok(Json(done.await?.into()))
}

pub(super) async fn type_text(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Done>, Refusal> {
    fields.require(&["text"]);
    let text = fields.text("text").unwrap_or_default();
    let count = text.chars().count();
    if count > limits::TEXT {
        fields.bad(
            "text",
            format!(
                "has {count} characters; at most {} can be typed at once",
                limits::TEXT
            ),
        );
    }
    if let Some((index, char)) = text.chars().enumerate().find(|(_, char)| !can_type(*char)) {
        let code = u32::from(char);
        let place = index + 1;
        let error = format!("contains U+{code:04X} (character {place}), which no key types");
        fields.bad("text", error);
    }
    fields.finish()?;
    let typed = wanted(LONG_TEXT, &machine, move |screen, unwanted| {
        screen.type_text(&text, unwanted)
    });
    // A long text takes long, but the X server must not be silent for that time.
    tokio::select! {
        typed = typed => typed?,
        silence = machine.silence() => return Err(silence.into()),
    }
    Ok(done(None))
}

pub(super) async fn press(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Done>, Refusal> {
    fields.require(&["key"]);
    let name = fields.text("key");
    fields.finish()?;
    let key = Key::from_name(&name.unwrap_or_default())
        .map_err(|error| Refusal::field("key", explain(&error)))?;
    let pressed = wanted(ONE_CHORD, &machine, move |screen, unwanted| {
        screen.press(&key, unwanted)
    });
    Ok(done(Some(pressed.await?)))
}

pub(super) async fn hotkey(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Done>, Refusal> {
    fields.require(&["keys"]);
    let names = fields.texts("keys");
    fields.finish()?;
    let names = names.unwrap_or_default();
    let chord =
        Chord::from_names(names.iter().map(String::as_str)).map_err(|error| match error {
            BadChord::Key(error) => Refusal::field("keys", explain(&error)),
            count @ BadChord::Count { .. } => Refusal::field("keys", count.to_string()),
        })?;
    let pressed = wanted(ONE_CHORD, &machine, move |screen, unwanted| {
        screen.hotkey(&chord, unwanted)
    });
    Ok(done(Some(pressed.await?)))
}

/// Keys and a button that are pressed and stay down, or are released: an extension of the protocol.
pub(super) async fn hold(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Position>, Refusal> {
    fields.require(&["down"]);
    let at = point(&mut fields, ["x", "y"]);
    if fields.has("x") != fields.has("y") {
        fields.bad("x", "and `y` must be given together or not at all");
    }
    let number = fields.integer("button", limits::BUTTON);
    let keys = held_keys(&mut fields, "keys");
    let down = fields.boolean("down");
    if !fields.has("button") && keys.is_empty() {
        fields.bad("keys", "must name a key if there is no `button`");
    }
    fields.finish()?;
    let wanted = Holding {
        keys,
        button: number.and_then(Button::from_number),
        at,
        down: down.unwrap_or(false),
    };
    let windows = Arc::clone(&machine.unpainted);
    let done = with_screen_within(ONE_CHORD, &machine, move |screen| {
        if wanted.down {
            screen.settle_keyboard(&windows)?;
        }
        screen.hold(&wanted)
    });
    Ok(Json(done.await?.into()))
}

/// Works the keyboard as long as somebody waits for it: when the client goes
/// away or the time is over, this future is dropped, and the token tells the
/// thread that works. Otherwise a text of a step that has ended would run on
/// into the next one.
async fn wanted<T: Send + 'static>(
    patience: Duration,
    machine: &Arc<Machine>,
    work: impl FnOnce(&Screen, &CancellationToken) -> Result<T, XError> + Send + 'static,
) -> Result<T, Refusal> {
    let unwanted = CancellationToken::new();
    let _guard = unwanted.clone().drop_guard();
    let windows = Arc::clone(&machine.unpainted);
    let work = move |screen: &Screen| {
        screen.settle_keyboard(&windows)?;
        work(screen, &unwanted)
    };
    with_screen_within(patience, machine, work).await
}

fn button(fields: &mut Fields) -> Button {
    let number = fields.integer("button", limits::BUTTON);
    number.and_then(Button::from_number).unwrap_or_default()
}

/// The keys to hold meanwhile: an extension of the protocol.
fn modifiers(fields: &mut Fields) -> Vec<Key> {
    held_keys(fields, "modifiers")
}

fn held_keys(fields: &mut Fields, field: &'static str) -> Vec<Key> {
    let names = fields.texts(field).unwrap_or_default();
    if names.len() > limits::HELD_KEYS {
        let (count, most) = (names.len(), limits::HELD_KEYS);
        let error = format!("has {count} keys; at most {most} can be held down");
        fields.bad(field, error);
        return Vec::new();
    }
    let mut keys = Vec::with_capacity(names.len());
    for name in names {
        match Key::from_name(&name) {
            Ok(key) if keys.contains(&key) => {
                fields.bad(field, format!("contains `{name}` twice"));
            }
            Ok(key) => keys.push(key),
            Err(error) => fields.bad(field, explain(&error)),
        }
    }
    keys
}

fn point(fields: &mut Fields, [x, y]: [&str; 2]) -> Option<Point> {
    let (x, y) = [x, y]
        .map(|name| fields.integer(name, limits::COORDINATE))
        .into();
    Some(Point::new(x?, y?))
}

fn explain(error: &UnknownKey) -> String {
    let nearest = error
        .nearest
        .map(|name| format!("; did you mean `{name}`?"));
    format!("{error}{}", nearest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many keys are held, or what is wrong with their names.
    fn held(names: &[&str]) -> Result<usize, String> {
        let body = serde_json::json!({"modifiers": names}).to_string();
        let mut fields = Fields::of_body(body.as_bytes()).unwrap();
        let keys = modifiers(&mut fields);
        let finished = fields.finish().map_err(|refusal| refusal.words());
        finished.map(|()| keys.len())
    }

    #[test]
    fn up_to_four_different_keys_are_held_meanwhile() {
        assert_eq!(held(&[]), Ok(0));
        assert_eq!(held(&["shift", "ctrl", "alt", "super"]), Ok(4));
        for (names, problem) in [
            (&["shift", "Shift_L"][..], "contains `Shift_L` twice"),
            (
                &["a", "b", "c", "d", "e"],
                "has 5 keys; at most 4 can be held down",
            ),
        ] {
            assert_eq!(held(names), Err(format!("400 modifiers: {problem}")));
        }
        let unknown = held(&["shfit"]).unwrap_err();
        assert!(unknown.ends_with("; did you mean `shift`?"), "{unknown}");
    }

    #[test]
    fn a_place_has_both_coordinates() {
        let read = |body: &str| {
            let mut fields = Fields::of_body(body.as_bytes()).unwrap();
            point(&mut fields, ["x", "y"])
        };
        assert_eq!(read(r#"{"x": 7, "y": 0}"#), Some(Point::new(7, 0)));
        assert_eq!(read(r#"{"x": 7}"#), None);
    }
}
