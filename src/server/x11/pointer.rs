//! The pointer, by XTEST.

use std::{
    sync::MutexGuard,
    thread,
    time::{Duration, Instant},
};

use x11rb::protocol::{
    xproto::{
        BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_RELEASE_EVENT,
        MOTION_NOTIFY_EVENT,
    },
    xtest::ConnectionExt as _,
};

use super::{Screen, XError, lock, patience::is_awaited};
use crate::{
    desktop::wire::Clicked,
    geometry::Point,
    input::{Button, Direction, Key},
};

/// How long a program may hold the pointer before we go on without it.
const HELD: Duration = Duration::from_millis(500);

/// So long the X server is asked again and again, each time a round trip...
const AT_ONCE: Duration = Duration::from_millis(3);
/// ...and then with pauses.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// The bits of buttons 1 to 5 in the state of the pointer.
const BUTTONS: u16 = 0x1f00;

/// Programs take a drag for one when the pointer moves while the button is
/// down, and many want to see it move more than once: this many pixels a step...
const DRAG_STEP: u32 = 12;
/// ...at least this many steps, however short the way...
const DRAG_STEPS: u32 = 8;
/// ...at most this many, however long...
const MAX_DRAG_STEPS: u32 = 60;
/// ...and time in between to follow.
const DRAG_PAUSE: Duration = Duration::from_millis(5);

/// What a program gets between the press and the first motion, and between the
/// last motion and the release: a window manager grabs the pointer there, and
/// the target of a drop says whether it wants it.
const DRAG_REST: Duration = Duration::from_millis(40);

/// A button that is down. It goes up whatever happens.
struct Pressed<'s> {
    screen: &'s Screen,
    button: u8,
}

impl<'s> Pressed<'s> {
    fn press(screen: &'s Screen, button: u8) -> Result<Self, XError> {
        screen.fake(BUTTON_PRESS_EVENT, button, (0, 0))?;
        Ok(Self { screen, button })
    }
}

impl Drop for Pressed<'_> {
    fn drop(&mut self) {
        // Without a connection there is no button either.
        let _ = self.screen.fake(BUTTON_RELEASE_EVENT, self.button, (0, 0));
    }
}

impl Screen {
    /// Where the pointer is.
    pub(in crate::server) fn pointer(&self) -> Result<Point, XError> {
        let pointer = self.connection.query_pointer(self.root)?.reply()?;
        Ok(Point::new(pointer.root_x.into(), pointer.root_y.into()))
    }

    /// Puts the pointer at `to`, as near as the screen allows; returns where
    /// it then is.
    ///
    /// A window manager may hold the pointer still while it handles a click, so
    /// the move is waited for.
    pub(in crate::server) fn move_pointer(&self, to: Point) -> Result<Point, XError> {
        let _alone = self.pointer_alone();
        self.go(to)
    }

    /// Clicks once, at `at` or where the pointer is, with the keys `held` down, and
    /// waits until the keyboard is where the click put it; returns where that was,
    /// and who has the keyboard.
    pub(in crate::server) fn click(
        &self,
        at: Option<Point>,
        button: Button,
        held: &[Key],
    ) -> Result<Clicked, XError> {
        let _alone = self.pointer_alone();
        let place = match at {
            Some(point) => self.go(point)?,
            None => self.pointer()?,
        };
        let before = self.before_click(place)?;
        self.holding(held, || {
            drop(Pressed::press(self, button.number())?);
            self.released()
        })?;
        let focus = Some(self.settle(&before)?);
        let Point { x, y } = place;
        Ok(Clicked { x, y, focus })
    }

    /// Holds `button` from one place to another, with steps in between and with
    /// the keys `held` down; returns where the pointer then is.
    pub(in crate::server) fn drag(
        &self,
        from: Point,
        to: Point,
        button: Button,
        held: &[Key],
    ) -> Result<Point, XError> {
        let _alone = self.pointer_alone();
        let begin = self.go(from)?;
        self.holding(held, || self.pull(begin, to, button))
    }

    fn pull(&self, begin: Point, to: Point, button: Button) -> Result<Point, XError> {
        let pressed = Pressed::press(self, button.number())?;
        self.round_trip()?;
        thread::sleep(DRAG_REST);
        for place in way(begin, to) {
            self.jump(place)?;
            self.round_trip()?;
            thread::sleep(DRAG_PAUSE);
        }
        let place = self.go(to)?;
        thread::sleep(DRAG_REST);
        drop(pressed);
        self.released()?;
        Ok(place)
    }

    /// Turns the wheel by `amount` notches; returns where the pointer is.
    pub(in crate::server) fn scroll(
        &self,
        direction: Direction,
        amount: u32,
    ) -> Result<Point, XError> {
        let _alone = self.pointer_alone();
        for _ in 0..amount {
            drop(Pressed::press(self, direction.button())?);
        }
        self.released()?;
        self.pointer()
    }

    /// Two who work the pointer at once would get neither's click.
    pub(super) fn pointer_alone(&self) -> MutexGuard<'_, ()> {
        lock(&self.pointing)
    }

    pub(super) fn go(&self, to: Point) -> Result<Point, XError> {
        let size = self.size()?;
        let within = |n: i32, limit: u32| n.clamp(0, i32::try_from(limit).unwrap_or(i32::MAX) - 1);
        let place = Point::new(within(to.x, size.width), within(to.y, size.height));
        self.jump(place)?;
        let begun = Instant::now();
        loop {
            let now = self.pointer()?;
            if now == place || begun.elapsed() > HELD {
                return Ok(now);
            }
            rest(begun);
        }
    }

    /// Waits until every button is up for the X server too: while a window
    /// manager holds the pointer to handle a click, its release waits in a
    /// queue, and keys that come after it would overtake it.
    fn released(&self) -> Result<(), XError> {
        let begun = Instant::now();
        // But those that somebody holds.
        let buttons = BUTTONS & !lock(&self.held).mask();
        loop {
            let pointer = self.connection.query_pointer(self.root)?.reply()?;
            let held = u16::from(pointer.mask) & buttons;
            if held == 0 || begun.elapsed() > HELD {
                return Ok(());
            }
            rest(begun);
        }
    }

    fn jump(&self, to: Point) -> Result<(), XError> {
        let [x, y] = [to.x, to.y].map(|n| i16::try_from(n).unwrap_or(i16::MAX));
        self.fake(MOTION_NOTIFY_EVENT, 0, (x, y))
    }

    /// One event as if it came from a device. `detail` is a button, a keycode,
    /// or 0 for an absolute motion to `place`. Nothing goes down or moves once nobody
    /// waits for it any more; what is down goes up all the same.
    pub(super) fn fake(&self, event: u8, detail: u8, place: (i16, i16)) -> Result<(), XError> {
        if !matches!(event, BUTTON_RELEASE_EVENT | KEY_RELEASE_EVENT) {
            is_awaited()?;
        }
        let (x, y) = place;
        self.connection
            .xtest_fake_input(event, detail, 0, self.root, x, y, 0)?;
        Ok(())
    }
}

/// Rests before the X server is asked again. Mostly it is a matter of parts of
/// a millisecond, less than the shortest sleep.
pub(super) fn rest(since: Instant) {
    if since.elapsed() > AT_ONCE {
        thread::sleep(LOOK_AGAIN);
    }
}

/// The places between two points, the last one included, evenly spaced.
fn way(from: Point, to: Point) -> impl Iterator<Item = Point> {
    let longest = from.x.abs_diff(to.x).max(from.y.abs_diff(to.y));
    let steps = (longest / DRAG_STEP).clamp(DRAG_STEPS, MAX_DRAG_STEPS);
    let between = move |a: i32, b: i32, step: u32| {
        let part = (i64::from(b) - i64::from(a)) * i64::from(step) / i64::from(steps);
        i32::try_from(i64::from(a) + part).unwrap_or(b)
    };
    (1..=steps)
        .map(move |step| Point::new(between(from.x, to.x, step), between(from.y, to.y, step)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_has_steps_however_short_and_ends_where_it_should() {
        let short: Vec<Point> = way(Point::new(5, 5), Point::new(7, 5)).collect();
        assert_eq!(short.len(), 8);
        assert_eq!(short.last(), Some(&Point::new(7, 5)));
        let long: Vec<Point> = way(Point::new(7679, 0), Point::new(0, 4319)).collect();
        assert_eq!(long.len(), 60);
        assert_eq!(long.last(), Some(&Point::new(0, 4319)));
        assert!(long.is_sorted_by_key(|place| place.y));
    }
}
