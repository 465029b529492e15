//! Pictures of a changing screen, for recordings: over a connection of their own, and only of what
//! was drawn.
//!
//! The Damage extension reports once that something was drawn, and then nothing until the damage is
//! subtracted. So a screen that is never still costs one event for each picture, and a still screen
//! costs none.

use std::{
    os::{fd::BorrowedFd, unix::fs::FileExt},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        damage::{self, ConnectionExt as _, ReportLevel},
        shm::ConnectionExt as _,
        xfixes::{self, ConnectionExt as _},
        xproto::{
            ChangeWindowAttributesAux, ConnectionExt as _, EventMask, ImageFormat, Rectangle,
            Window,
        },
    },
    rust_connection::RustConnection,
};

use super::{
    XError,
    capture::{PIXEL_BYTES, Segment},
    open,
};
use crate::geometry::{Rect, Size};

/// More rectangles than this are read as the one around them.
const MOST: usize = 8;

/// What ended a wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::server) enum Woken {
    /// Something was drawn, this long ago.
    Drawn(Duration),
    /// The time is over.
    Late,
    /// Nobody wants any more pictures.
    Stopped,
}

/// The pointer as the screen shows it now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::server) struct Pointer {
    /// Where its upper left corner is; may be outside the screen.
    left: i32,
    top: i32,
    width: usize,
    /// Row by row, each pixel with its opacity in the highest byte and its colours
    /// multiplied by that.
    pixels: Vec<u32>,
}

impl Pointer {
    /// Draws it on a picture of X11's 32-bit pixels.
    pub(in crate::server) fn draw(&self, picture: &mut [u8], size: Size) {
        let (wide, high) = (i64::from(size.width), i64::from(size.height));
        for (row, y) in self
            .pixels
            .chunks(self.width.max(1))
            .zip(i64::from(self.top)..)
        {
            for (colour, x) in row.iter().zip(i64::from(self.left)..) {
                if !(0..wide).contains(&x) || !(0..high).contains(&y) {
                    continue;
                }
                let Ok(at) = usize::try_from(y * wide + x) else {
                    continue;
                };
                let Some(pixel) = picture.get_mut(at * PIXEL_BYTES..(at + 1) * PIXEL_BYTES) else {
                    continue;
                };
                blend(*colour, pixel);
            }
        }
    }
}

/// Puts a colour that is multiplied by its opacity over a pixel.
fn blend(colour: u32, pixel: &mut [u8]) {
    let [blue, green, red, opacity] = colour.to_le_bytes();
    let through = 255 - u16::from(opacity);
    for (channel, over) in pixel.iter_mut().zip([blue, green, red]) {
        let under = (u16::from(*channel) * through + 127) / 255;
        *channel = over.saturating_add(u8::try_from(under).unwrap_or(u8::MAX));
    }
}

/// Looks at one screen of one size.
pub(in crate::server) struct Camera {
    connection: RustConnection,
    root: Window,
    size: Size,
    damage: damage::Damage,
    region: xfixes::Region,
    segment: Segment,
    /// What was read of the segment.
    part: Vec<u8>,
    /// The number of the request that took out last what was drawn.
    taken: u16,
    /// The least that the X server's clock was ahead of ours, in milliseconds.
    behind: Option<u32>,
    begun: Instant,
}

impl Camera {
    /// Connects to display `number`, whose screen is of `size`. All of it counts as drawn.
    pub(in crate::server) fn open(number: u32, cookie: &[u8], size: Size) -> Result<Self, XError> {
        let connection = open(number, cookie)?;
        connection.xfixes_query_version(5, 0)?.reply()?;
        connection.damage_query_version(1, 1)?.reply()?;
        let root = connection.setup().roots[0].root;
        let structure = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
        connection.change_window_attributes(root, &structure)?;
        let geometry = connection.get_geometry(root)?.reply()?;
        if (u32::from(geometry.width), u32::from(geometry.height)) != (size.width, size.height) {
            return Err(another_size());
        }
        let (damage, region) = (connection.generate_id()?, connection.generate_id()?);
        connection.xfixes_create_region(region, &[])?;
        connection
            .damage_create(damage, root, ReportLevel::NON_EMPTY)?
            .check()?;
        let segment = Segment::attach(&connection, bytes(size))?;
        Ok(Self {
            connection,
            root,
            size,
            damage,
            region,
            segment,
            part: Vec::new(),
            taken: 0,
            behind: None,
            begun: Instant::now(),
        })
    }

    /// Waits until something is drawn, `until` is over, or the other end of `stop` is
    /// closed. What was drawn is told once until it is taken.
    pub(in crate::server) fn wait(
        &mut self,
        until: Instant,
        stop: BorrowedFd<'_>,
    ) -> Result<Woken, XError> {
        loop {
            if let Some(ago) = self.drawn()? {
                return Ok(Woken::Drawn(ago));
            }
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).unwrap_or_default();
            let mut waited = [
                PollFd::from_borrowed_fd(stop, PollFlags::IN),
                PollFd::new(self.connection.stream(), PollFlags::IN),
            ];
            let ready = match poll(&mut waited, Some(&left)) {
                Err(rustix::io::Errno::INTR) => continue,
                ready => ready.map_err(std::io::Error::from)?,
            };
            if !waited[0].revents().is_empty() {
                return Ok(Woken::Stopped);
            }
            if ready == 0 {
                return Ok(Woken::Late);
            }
        }
    }

    /// How long something is drawn that was not told yet.
    fn drawn(&mut self) -> Result<Option<Duration>, XError> {
        let mut drawn = None;
        while let Some(event) = self.connection.poll_for_event()? {
            match event {
                // What was told before it was taken out has been seen.
                Event::DamageNotify(notify) if is_before(notify.sequence, self.taken) => {}
                Event::DamageNotify(notify) => {
                    let ago = self.ago(notify.timestamp);
                    drawn.get_or_insert(ago);
                }
                Event::ConfigureNotify(notify) if notify.window == self.root => {
                    let now = (u32::from(notify.width), u32::from(notify.height));
                    if now != (self.size.width, self.size.height) {
                        return Err(another_size());
                    }
                }
                _ => {}
            }
        }
        Ok(drawn)
    }

    /// How long ago a time of the X server's clock was. Both clocks run alike, so an event
    /// that came at once tells how they differ.
    fn ago(&mut self, time: u32) -> Duration {
        let millis = self.begun.elapsed().as_millis() % (1 << 32);
        let ours = u32::try_from(millis).unwrap_or_default();
        let difference = ours.wrapping_sub(time);
        let behind = match self.behind {
            // Half of all numbers are before any other: the clock goes round.
            Some(least) if difference.wrapping_sub(least) < 1 << 31 => least,
            _ => difference,
        };
        self.behind = Some(behind);
        Duration::from_millis(difference.wrapping_sub(behind).into())
    }

    /// Brings `picture`, the whole screen in X11's 32-bit pixels, to what the screen shows
    /// now.
    pub(in crate::server) fn take(&mut self, picture: &mut [u8]) -> Result<(), XError> {
        let taken = self
            .connection
            .damage_subtract(self.damage, x11rb::NONE, self.region)?
            .sequence_number();
        self.taken = u16::try_from(taken & 0xffff).unwrap_or_default();
        let drawn = self.connection.xfixes_fetch_region(self.region)?.reply()?;
        let parts = if drawn.rectangles.len() > MOST {
            &[drawn.extents][..]
        } else {
            &drawn.rectangles[..]
        };
        for part in parts {
            if let Some(part) = rect(*part).intersection(self.size.to_rect()) {
                self.read(part, picture)?;
            }
        }
        Ok(())
    }

    /// Reads a part of the screen into the picture of all of it.
    fn read(&mut self, part: Rect, picture: &mut [u8]) -> Result<(), XError> {
        let [x, y] = [part.x, part.y].map(|n| i16::try_from(n).unwrap_or(i16::MAX));
        let [width, height] =
            [part.width, part.height].map(|n| u16::try_from(n).unwrap_or(u16::MAX));
        let format = ImageFormat::Z_PIXMAP.into();
        let segment = self.segment.id;
        self.connection
            .shm_get_image(self.root, x, y, width, height, !0, format, segment, 0)?
            .reply()?;
        let stride = self.size.width as usize * PIXEL_BYTES;
        let row = part.width as usize * PIXEL_BYTES;
        let start =
            part.y.unsigned_abs() as usize * stride + part.x.unsigned_abs() as usize * PIXEL_BYTES;
        let length = bytes(part.size());
        let Some(rows) = picture.get_mut(start..) else {
            return Err(another_size());
        };
        if row == stride && rows.len() >= length {
            self.segment.file.read_exact_at(&mut rows[..length], 0)?;
            return Ok(());
        }
        self.part.resize(length.max(self.part.len()), 0);
        let read = &mut self.part[..length];
        self.segment.file.read_exact_at(read, 0)?;
        for (new, old) in read.chunks_exact(row).zip(rows.chunks_mut(stride)) {
            old[..row].copy_from_slice(new);
        }
        Ok(())
    }

    /// The pointer as it is now. Of one that is animated the X server tells the first
    /// picture.
    pub(in crate::server) fn pointer(&self) -> Result<Pointer, XError> {
        let image = self.connection.xfixes_get_cursor_image()?.reply()?;
        Ok(Pointer {
            left: i32::from(image.x) - i32::from(image.xhot),
            top: i32::from(image.y) - i32::from(image.yhot),
            width: image.width.into(),
            pixels: image.cursor_image,
        })
    }
}

/// How many bytes a picture of this size has.
pub(in crate::server) fn bytes(size: Size) -> usize {
    size.width as usize * size.height as usize * PIXEL_BYTES
}

/// Whether a number of a request is before another. They go round.
fn is_before(number: u16, other: u16) -> bool {
    number != other && other.wrapping_sub(number) < 1 << 15
}

fn rect(part: Rectangle) -> Rect {
    let (x, y) = (part.x.into(), part.y.into());
    Rect::new(x, y, part.width.into(), part.height.into())
}

fn another_size() -> XError {
    XError::Program("the size of the screen was changed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_requests_go_round() {
        assert!(is_before(5, 6) && is_before(65_535, 2) && is_before(0, 32_767));
        assert!(!is_before(6, 6) && !is_before(7, 6) && !is_before(2, 65_535));
    }

    #[test]
    fn a_pointer_covers_what_is_under_it_by_its_opacity() {
        let mut picture = vec![100; 2 * 2 * PIXEL_BYTES];
        let pointer = Pointer {
            left: -1,
            top: 1,
            width: 3,
            // The first is outside; then one that is opaque, and one that is half so.
            pixels: vec![0xffff_ffff, 0xff01_0203, 0x8040_0000],
        };
        pointer.draw(&mut picture, Size::new(2, 2));
        assert_eq!(picture[..8], [100; 8]);
        assert_eq!(picture[8..], [3, 2, 1, 100, 50, 50, 114, 100]);
    }
}
