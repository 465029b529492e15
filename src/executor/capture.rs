//! Pictures of a desktop's screen, and waiting until it is still.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::fault::Fault;
use crate::{
    desktop::{Desktop, wire::ImageFormat},
    geometry::Rect,
    plan::Watched,
    vision::{self, Frame, Mask},
};

/// The first pause between two looks at the screen.
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// The longest pause: a screen that does not change for long rarely changes.
const LONGEST_PAUSE: Duration = Duration::from_millis(120);

/// Takes a picture of the screen, or of a region of it.
pub(super) async fn take(desktop: &dyn Desktop, region: Option<Rect>) -> Result<Frame, Fault> {
    let png = desktop.screenshot(region, ImageFormat::Png).await?;
    Frame::decode_png(&png)
        .map_err(|error| Fault::broken(format!("the desktop sent a picture that {error}")))
}

/// The frame that a change of the screen is told by: those of `watched`.
pub(super) async fn watched(desktop: &dyn Desktop, watched: &Watched) -> Result<Frame, Fault> {
    take(desktop, watched.region).await
}

/// The largest change between two frames of `watched` that counts: where it is
/// on the screen.
pub(super) fn change(watched: &Watched, before: &Frame, now: &Frame) -> Option<Rect> {
    let origin = watched.region.map(Rect::corner).unwrap_or_default();
    let shift = |rect: &Rect, sign: i32| {
        Rect::new(
            rect.x + sign * origin.x,
            rect.y + sign * origin.y,
            rect.width,
            rect.height,
        )
    };
    if before == now {
        return None;
    }
    if before.size() != now.size() {
        return Some(shift(&now.size().to_rect(), 1));
    }
    let mask = Mask::new(watched.mask.iter().map(|rect| shift(rect, -1)).collect());
    let difference = vision::compare(before, now, &mask, 0.0);
    let largest = difference.largest_cluster()?;
    (largest.pixels > watched.max_cluster).then(|| shift(&largest.bounds, 1))
}

/// When to look again: soon at first, and again as soon as something moved.
#[derive(Debug)]
pub(super) struct Pace {
    pause: Duration,
    deadline: Instant,
}

impl Pace {
    pub(super) fn until(deadline: Instant) -> Self {
        Self {
            pause: FIRST_PAUSE,
            deadline,
        }
    }

    /// Something moved.
    pub(super) fn quicken(&mut self) {
        self.pause = FIRST_PAUSE;
    }

    /// Waits until it is time to look again; false once the time is over. The
    /// last look is at the deadline itself.
    pub(super) async fn next(&mut self) -> bool {
        if Instant::now() >= self.deadline {
            return false;
        }
        sleep_until((Instant::now() + self.pause).min(self.deadline)).await;
        self.pause = (self.pause * 3 / 2).min(LONGEST_PAUSE);
        true
    }
}

/// Waits until the picture has not changed for `still` outside of `mask`;
/// answers the last picture, and whether it was still before the deadline.
pub(super) async fn until_still(
    desktop: &dyn Desktop,
    region: Option<Rect>,
    mask: &Mask,
    (still, deadline): (Duration, Instant),
) -> Result<(Frame, bool), Fault> {
    let mut pace = Pace::until(deadline);
    let mut last = take(desktop, region).await?;
    let mut since = Instant::now();
    while since.elapsed() < still {
        if !pace.next().await {
            return Ok((last, false));
        }
        let now = take(desktop, region).await?;
        if vision::compare(&last, &now, mask, 0.0).pixels > 0 {
            since = Instant::now();
            pace.quicken();
        }
        last = now;
    }
    Ok((last, true))
}
