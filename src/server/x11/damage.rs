//! Receiving everything that is drawn, with the Damage extension (1.1).

use std::{sync::Arc, thread};

use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        damage::{self, ConnectionExt as _, ReportLevel},
        xproto::ClientMessageEvent,
    },
    rust_connection::RustConnection,
};

use super::{Barrier, XError, open};
use crate::{geometry::Rect, server::damage::Damage};

/// More rectangles at once than this are told as the one around them.
const MOST: usize = 16;

/// Tells `log` of everything that is drawn on display `number`, by a connection
/// and a thread of its own, until its X server ends.
pub(in crate::server) fn follow(
    number: u32,
    cookie: &[u8],
    log: Arc<Damage>,
    barrier: Arc<Barrier>,
) -> Result<(), XError> {
    let connection = open(number, cookie)?;
    connection.damage_query_version(1, 1)?.reply()?;
    let root = connection.setup().roots[0].root;
    let id = connection.generate_id()?;
    let level = ReportLevel::DELTA_RECTANGLES;
    connection.damage_create(id, root, level)?.check()?;
    barrier.open(&connection, root)?;
    let name = "damage".to_owned();
    thread::Builder::new()
        .name(name)
        .spawn(move || listen(&connection, id, &log, &barrier))?;
    Ok(())
}

fn listen(connection: &RustConnection, id: damage::Damage, log: &Damage, barrier: &Barrier) {
    // The end of the X server ends this too, and is not an error.
    while let Ok((drawn, message)) = next(connection) {
        // What was told once is not told again until it is taken out. All
        // rectangles up to here were sent before, so none is lost.
        let taken = connection.damage_subtract(id, x11rb::NONE, x11rb::NONE);
        if taken.is_err() || connection.flush().is_err() {
            break;
        }
        log.add(&drawn);
        if let Some(message) = message {
            barrier.meet(&message);
        }
    }
    barrier.close();
    // Whatever comes after this server looks different.
    log.add_all();
}

/// Waits for something to be drawn, or for a message; gives all that was drawn by
/// then, and the message.
fn next(connection: &RustConnection) -> Result<(Vec<Rect>, Option<ClientMessageEvent>), XError> {
    let mut drawn = Vec::new();
    let mut event = Some(connection.wait_for_event()?);
    while let Some(Event::DamageNotify(notify)) = event {
        let area = notify.area;
        let (x, y) = (area.x.into(), area.y.into());
        drawn.push(Rect::new(x, y, area.width.into(), area.height.into()));
        event = connection.poll_for_event()?;
    }
    let message = match event {
        Some(Event::ClientMessage(message)) => Some(message),
        _ => None,
    };
    if drawn.len() > MOST {
        drawn = drawn.into_iter().reduce(Rect::union).into_iter().collect();
    }
    Ok((drawn, message))
}
