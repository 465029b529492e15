//! What the screen of a desktop in memory shows.

use std::time::Duration;

use image::{Rgb, RgbImage};
use imageproc::{drawing::draw_filled_rect_mut, rect};
use tokio::time::{Instant, sleep};

use super::{DesktopError, MemoryDesktop, Result, State, future::Fate};
use crate::{
    desktop::wire::{Damage, ImageFormat, limits, operation},
    geometry::{Rect, Size},
    vision::{self, Frame, Limits, Mask},
};

/// A typed character marks a cell of this size.
const CELL: Size = Size::new(8, 12);

const BACKGROUND: [u8; 3] = [58, 78, 95];
const PANEL: [u8; 3] = [246, 245, 244];

/// How often it looks whether something was drawn.
const TICK: Duration = Duration::from_millis(1);

impl MemoryDesktop {
    /// The same, which sends every picture with this size, whatever its screen has.
    #[must_use]
    pub fn sending(self, pictures: Size) -> Self {
        self.lock().pictures = Some(pictures);
        self
    }

    /// A picture of a part of the screen, all of which must be on it.
    pub(super) fn encoded(&self, region: Option<Rect>, format: ImageFormat) -> Result<Vec<u8>> {
        let frame = self.draw();
        let rect = region.unwrap_or(frame.size().to_rect());
        let cropped = frame.crop(rect).map_err(|error| DesktopError::Argument {
            field: "region",
            problem: error.to_string(),
        })?;
        Ok(match format {
            ImageFormat::Png => cropped.encode_png(),
            ImageFormat::Jpeg { quality } => {
                cropped.encode_jpeg(quality.unwrap_or(limits::USUAL_QUALITY))
            }
        })
    }

    /// What of `region` is on the screen.
    pub(super) fn part(&self, region: Option<Rect>) -> Result<Frame> {
        let frame = self.draw();
        let whole = frame.size().to_rect();
        let part = whole
            .intersection(region.unwrap_or(whole))
            .unwrap_or_default();
        frame.crop(part).map_err(|error| DesktopError::Argument {
            field: "region",
            problem: error.to_string(),
        })
    }

    /// Waits until something in `region` changed, at most for `wait`.
    pub(super) async fn damage_within(
        &self,
        region: Option<Rect>,
        since: Option<u64>,
        wait: Duration,
    ) -> Result<Damage> {
        let deadline = Instant::now() + wait;
        loop {
            self.alive(&operation::DAMAGE)?;
            let damage = self.damage_since(region, since);
            let now = Instant::now();
            if since.is_none() || damage.changed.is_some() || now >= deadline {
                return Ok(damage);
            }
            sleep(TICK.min(deadline - now)).await;
        }
    }

    fn damage_since(&self, region: Option<Rect>, since: Option<u64>) -> Damage {
        let now = self.draw();
        let shown = &mut self.lock().shown;
        if shown.last() != Some(&now) {
            shown.push(now.clone());
        }
        let before =
            since.and_then(|since| shown.get(usize::try_from(since).ok()?.checked_sub(1)?));
        let difference = before.map(|before| {
            let difference = vision::compare(before, &now, &Mask::default(), &Limits::EXACT);
            let clusters = difference.clusters.iter().map(|cluster| cluster.bounds);
            clusters.reduce(Rect::union)
        });
        let region = region.unwrap_or(now.size().to_rect());
        Damage {
            revision: shown.len() as u64,
            width: now.size().width,
            height: now.size().height,
            changed: difference
                .flatten()
                .and_then(|changed| changed.intersection(region)),
        }
    }

    pub(super) fn draw(&self) -> Frame {
        let State { size, pictures, .. } = *self.lock();
        let size = pictures.unwrap_or(size);
        let mut canvas = RgbImage::from_pixel(size.width, size.height, Rgb(BACKGROUND));
        fill(&mut canvas, Rect::new(0, 0, size.width, 28), PANEL);
        for fate in self.happened() {
            if let Fate::Paint(rect, colour) = fate {
                fill(&mut canvas, *rect, *colour);
            }
        }
        let columns = (size.width / CELL.width).max(1);
        for (index, char) in (0..).zip(self.lock().typed.chars()) {
            let cell: u32 = index;
            let [x, y] = [
                cell % columns * CELL.width,
                40 + cell / columns * CELL.height,
            ]
            .map(|n| i32::try_from(n).unwrap_or(i32::MAX));
            // Every character has a colour of its own; that is all they need.
            let [_, red, green, blue] = u32::from(char).wrapping_mul(0x9e37_79b1).to_be_bytes();
            let place = Rect::new(x, y, CELL.width, CELL.height);
            fill(&mut canvas, place, [red, green, blue]);
        }
        canvas.into()
    }
}

/// Gives a rectangle, as far as it is inside, one colour.
fn fill(canvas: &mut RgbImage, rect: Rect, colour: [u8; 3]) {
    let whole = Size::new(canvas.width(), canvas.height()).to_rect();
    if let Some(Rect {
        x,
        y,
        width,
        height,
    }) = whole.intersection(rect)
    {
        let inside = rect::Rect::at(x, y).of_size(width, height);
        draw_filled_rect_mut(canvas, inside, Rgb(colour));
    }
}
