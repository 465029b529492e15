//! Moving, resizing, raising and closing windows.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Json, extract::State};
use tokio::time::sleep;

use super::{
    Shared,
    display::with_screen,
    extract::{Body, Segment},
    fields::Fields,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{Arranged, Arrangement, limits},
    geometry::WindowState,
    server::{
        machine::Machine,
        x11::{Arranging, number},
    },
};

/// How long a window may take unless the request says otherwise, in milliseconds.
const USUAL_WAIT: u64 = 1000;

/// The first pause before looking again, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(4), Duration::from_millis(60)];

/// How long nothing must have been drawn in a window that has changed...
const STILL: Duration = Duration::from_millis(100);
/// ...and how long that is waited for at most: some windows show videos.
const LONGEST: Duration = Duration::from_millis(500);

/// Requests a change of a window, and waits until the window has changed.
pub(super) async fn arrange(
    State(machine): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<Arranged>, Refusal> {
    let wanted = wanted(&mut fields);
    let wait = fields.integer("wait", 0..=limits::WAIT.as_secs() * 1000);
    let window = number(&id);
    if window.is_none() {
        fields.bad("window", "must be the id of a window, such as 0x04000007");
    }
    fields.finish()?;
    let deadline = Instant::now() + Duration::from_millis(wait.unwrap_or(USUAL_WAIT));
    let window = window.unwrap_or_default();
    let begun = with_screen(&machine, move |screen| screen.arrange(window, wanted)).await?;
    let Some(arranging) = begun else {
        return Err(Refusal::not_found(format!("there is no window {id}")));
    };
    let arranged = until_arranged(&machine, arranging, deadline);
    tokio::select! {
        arranged = arranged => Ok(Json(arranged?)),
        () = machine.closing.cancelled() => {
            Err(Refusal::unavailable("the desktop is shutting down".to_owned()))
        }
    }
}

/// The requested change, which must not be empty, and nothing together with `close`.
fn wanted(fields: &mut Fields) -> Arrangement {
    fields.only(&[
        "x", "y", "width", "height", "state", "raise", "close", "wait",
    ]);
    let state = fields.text("state").and_then(|name| {
        let state = WindowState::from_name(&name);
        if state.is_none() {
            let names = WindowState::NAMES.join(", ");
            fields.bad("state", format!("`{name}` is not one of {names}"));
        }
        state
    });
    let wanted = Arrangement {
        x: fields.integer("x", limits::WINDOW_PLACE),
        y: fields.integer("y", limits::WINDOW_PLACE),
        width: fields.integer("width", limits::SIDE),
        height: fields.integer("height", limits::SIDE),
        state,
        raise: fields.boolean("raise").unwrap_or(false),
        close: fields.boolean("close").unwrap_or(false),
    };
    let asked = ["x", "y", "width", "height", "state"];
    let is_given = asked.iter().any(|name| fields.has(name));
    if wanted.close && (is_given || wanted.raise) {
        fields.bad("close", "cannot be combined with other fields");
    } else if wanted.is_empty() && !is_given {
        fields.bad("state", "or another field is required");
    }
    wanted
}

/// Looks until a window has changed as requested, and its program has drawn it, or until the time
/// is over.
async fn until_arranged(
    machine: &Arc<Machine>,
    mut arranging: Arranging,
    deadline: Instant,
) -> Result<Arranged, Refusal> {
    let [mut pause, longest] = PAUSES;
    let (mut looks, mut rested) = (0, false);
    loop {
        let arranged;
        (arranging, arranged) = look(machine, arranging).await?;
        looks += 1;
        // A window that was like this before has nothing to draw.
        if arranged.done && (rested || looks == 1) || arranged.window.is_none() {
            if arranged.done && looks > 1 {
                calm(machine, &arranged).await?;
            }
            return Ok(arranged);
        }
        if arranged.done {
            // Some programs take their time to answer with a size of their own.
            let window = arranging.window();
            with_screen(machine, move |screen| screen.rest_arranged(window)).await?;
            rested = true;
            continue;
        }
        rested = false;
        let now = Instant::now();
        if now >= deadline {
            return Ok(arranged);
        }
        sleep(pause.min(deadline - now)).await;
        pause = (pause * 3 / 2).min(longest);
    }
}

async fn look(
    machine: &Arc<Machine>,
    mut arranging: Arranging,
) -> Result<(Arranging, Arranged), Refusal> {
    let (unpainted, catch_up) = (Arc::clone(&machine.unpainted), machine.catch_up());
    with_screen(machine, move |screen| {
        catch_up(screen)?;
        let arranged = screen.arranged(&mut arranging, &unpainted)?;
        Ok((arranging, arranged))
    })
    .await
}

/// Waits for a pause in what is drawn where a window is, but not for long.
async fn calm(machine: &Arc<Machine>, arranged: &Arranged) -> Result<(), Refusal> {
    let Some(window) = &arranged.window else {
        return Ok(());
    };
    let region = Some(window.rect());
    let latest = Instant::now() + LONGEST;
    loop {
        let catch_up = machine.catch_up();
        with_screen(machine, move |screen| catch_up(screen)).await?;
        let missing = STILL.saturating_sub(Duration::from_millis(machine.still(region)));
        let now = Instant::now();
        if missing.is_zero() || now >= latest {
            return Ok(());
        }
        sleep(missing.min(latest - now)).await;
    }
}
