//! The pointer, by XTEST.

use std::{
    thread,
    time::{Duration, Instant},
};

use x11rb::protocol::{
    xproto::{BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, MOTION_NOTIFY_EVENT},
    xtest::ConnectionExt as _,
};

use super::{Screen, XError};
use crate::{geometry::Point, input::Button};

/// How long a program may hold the pointer before we go on without it.
const HELD: Duration = Duration::from_millis(500);

const LOOK_AGAIN: Duration = Duration::from_millis(1);

impl Screen {
    /// Where the pointer is.
    pub(in crate::server) fn pointer(&self) -> Result<Point, XError> {
        let pointer = self.connection.query_pointer(self.root)?.reply()?;
        Ok(Point::new(pointer.root_x.into(), pointer.root_y.into()))
    }

    /// Puts the pointer at `to`, as near as the screen allows; answers where
    /// it then is.
    ///
    /// A window manager may hold the pointer still while it handles a click, so
    /// the move is waited for.
    pub(in crate::server) fn move_pointer(&self, to: Point) -> Result<Point, XError> {
        let size = self.size()?;
        let within = |n: i32, limit: u32| n.clamp(0, i32::try_from(limit).unwrap_or(i32::MAX) - 1);
        let place = Point::new(within(to.x, size.width), within(to.y, size.height));
        let [x, y] = [place.x, place.y].map(|n| i16::try_from(n).unwrap_or(i16::MAX));
        self.fake(MOTION_NOTIFY_EVENT, 0, (x, y))?;
        let deadline = Instant::now() + HELD;
        loop {
            let now = self.pointer()?;
            if now == place || Instant::now() > deadline {
                return Ok(now);
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Clicks once, at `at` or where the pointer is; answers where that was.
    pub(in crate::server) fn click(
        &self,
        at: Option<Point>,
        button: Button,
    ) -> Result<Point, XError> {
        let place = match at {
            Some(point) => self.move_pointer(point)?,
            None => self.pointer()?,
        };
        self.fake(BUTTON_PRESS_EVENT, button.number(), (0, 0))?;
        self.fake(BUTTON_RELEASE_EVENT, button.number(), (0, 0))?;
        self.round_trip()?;
        Ok(place)
    }

    /// One event as if it came from a device. `detail` is a button, a keycode,
    /// or 0 for an absolute motion to `place`.
    pub(super) fn fake(&self, event: u8, detail: u8, place: (i16, i16)) -> Result<(), XError> {
        let (x, y) = place;
        self.connection
            .xtest_fake_input(event, detail, 0, self.root, x, y, 0)?;
        Ok(())
    }
}
