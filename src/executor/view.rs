//! Looking at the screen, once or until something happens there.
//!
//! A desktop that reports what was drawn is looked at exactly when something was drawn, and only
//! there. Any other one is looked at again and again: soon at first, and the less often the longer
//! nothing moves.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use super::fault::Fault;
use crate::{
    desktop::{
        Desktop,
        wire::{Calm, Damage, Extensions, ImageFormat, Stack, Window},
    },
    event::Looks,
    geometry::{Point, Rect, Size},
    vision::Frame,
};

/// The first pause between two looks at the screen.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// The longest pause: a screen that does not change for long rarely changes.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_millis(120);

/// The longest that one call waits for something to be drawn.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How often to take a picture again if its size is not as expected.
const TRIES: usize = 3;

/// How a desktop can be looked at.
#[derive(Clone, Copy)]
pub(super) struct Eyes<'d> {
    desktop: &'d dyn Desktop,
    seen: &'d Seen,
    /// Whether it gives pixels as they are.
    frames: bool,
    /// Whether it reports what was drawn.
    damage: bool,
    /// Whether it reports the stacking order.
    stack: bool,
}

impl<'d> Eyes<'d> {
    /// Asks a desktop what it offers. One that cannot say so offers nothing. What was
    /// seen of its screen is remembered in `seen`.
    pub(super) async fn of(desktop: &'d dyn Desktop, seen: &'d Seen) -> Self {
        let offers = desktop.extensions().await.unwrap_or_default();
        Self {
            desktop,
            seen,
            frames: offers.has(Extensions::FRAME),
            damage: offers.has(Extensions::DAMAGE),
            stack: offers.has(Extensions::STACK),
        }
    }

    /// Has a look at the screen, or at its widgets, counted with its time.
    pub(super) async fn timed<T>(self, look: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let seen = look.await;
        lock(&self.seen.looks).add(begun.elapsed());
        seen
    }

    /// The looks at the screen since this was asked last; `None` if there were none.
    pub(super) fn looks(self) -> Option<Looks> {
        let looks = std::mem::take(&mut *lock(&self.seen.looks));
        (looks.count > 0).then_some(looks)
    }

    /// Whether the desktop reports what was drawn.
    pub(super) const fn tells_damage(self) -> bool {
        self.damage
    }

    /// Whether the desktop reports the stacking order.
    pub(super) const fn tells_stack(self) -> bool {
        self.stack
    }

    /// What lies on the screen and on what, and how long nothing has been drawn
    /// in `region`; `None` if the desktop does not say.
    pub(super) async fn stack(self, region: Option<Rect>) -> Result<Option<Stack>, Fault> {
        if !self.stack {
            return Ok(None);
        }
        Ok(Some(self.desktop.stack(region).await?))
    }

    /// How long nothing has been drawn in `region`, and whether every window has
    /// painted itself; `None` if the desktop does not say.
    pub(super) async fn calm(self, region: Rect) -> Result<Option<Calm>, Fault> {
        if !self.stack {
            return Ok(None);
        }
        Ok(Some(self.desktop.calm(Some(region)).await?))
    }

    /// The windows of the list.
    pub(super) async fn windows(self) -> Result<Vec<Window>, Fault> {
        Ok(self.desktop.windows().await?)
    }

    /// The size of the screen now.
    pub(super) async fn screen(self) -> Result<Size, Fault> {
        Ok(self.desktop.display_info().await?.size())
    }

    /// A picture of the screen, or of a region of it, as far as that is on the
    /// screen. One of another size is an error: no step could trust it.
    pub(super) async fn take(self, region: Option<Rect>) -> Result<Frame, Fault> {
        let mut tries = 0;
        loop {
            let frame = self.timed(self.picture(region)).await?;
            let size = frame.size();
            if self.is_known(size, region) {
                return Ok(frame);
            }
            let screen = self.desktop.display_info().await?.size();
            let whole = screen.to_rect();
            let wanted = region.map_or(Some(whole), |region| region.intersection(whole));
            if wanted.is_some_and(|wanted| wanted.size() == size) {
                if region.is_none() {
                    *lock(&self.seen.screen) = screen;
                }
                return Ok(frame);
            }
            tries += 1;
            // The screen may get another size between the two calls.
            if tries == TRIES {
                let whole = format!("its screen has {screen}");
                let asked = region.map_or(whole, |region| format!("{region} was asked for"));
                let message = format!("the desktop sent a picture of {size} pixels, but {asked}");
                return Err(Fault::broken(message));
            }
        }
    }

    /// Whether a picture has the size of the region, or the size that the screen
    /// had before; nothing has to be asked then.
    fn is_known(self, size: Size, region: Option<Rect>) -> bool {
        let known = region.map_or_else(|| *lock(&self.seen.screen), Rect::size);
        size == known
    }

    async fn picture(self, region: Option<Rect>) -> Result<Frame, Fault> {
        if self.frames {
            return Ok(self.desktop.frame(region).await?);
        }
        let png = self.desktop.screenshot(region, ImageFormat::Png).await?;
        Frame::decode_png(&png)
            .map_err(|error| Fault::broken(format!("the desktop sent a picture that {error}")))
    }

    /// A picture that is kept up to date.
    pub(super) async fn view(self, region: Option<Rect>) -> Result<View<'d>, Fault> {
        let drawings = self.drawings(region).await?;
        let frame = self.take(region).await?;
        Ok(View {
            drawings,
            region,
            frame,
        })
    }

    /// Begins to wait for something to be drawn in `region`, or anywhere.
    pub(super) async fn drawings(self, region: Option<Rect>) -> Result<Drawings<'d>, Fault> {
        let mut seen = None;
        if self.damage {
            seen = Some(self.desktop.damage(region, None, Duration::ZERO).await?);
        }
        Ok(Drawings {
            eyes: self,
            region,
            seen,
            pause: FIRST_PAUSE,
        })
    }
}

/// What was seen of a screen.
#[derive(Default)]
pub(super) struct Seen {
    /// Its size, as it was last.
    screen: Mutex<Size>,
    /// The looks at it since somebody asked.
    looks: Mutex<Looks>,
}

impl Seen {
    pub(super) fn with_size(size: Size) -> Self {
        Self {
            screen: Mutex::new(size),
            ..Self::default()
        }
    }
}

/// The most looks of a step that are told one by one.
const MOST_LOOKS: usize = 20;

impl Looks {
    fn add(&mut self, took: Duration) {
        self.count += 1;
        if self.last.len() == MOST_LOOKS {
            self.last.remove(0);
        }
        // Thousandths of a millisecond say nothing.
        self.last
            .push((took.as_secs_f64() * 100_000.0).round() / 100.0);
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is in there is consistent after every statement, even after a panic.
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for something to be drawn.
pub(super) struct Drawings<'d> {
    eyes: Eyes<'d>,
    region: Option<Rect>,
    /// What the desktop told last; `None` where it tells nothing.
    seen: Option<Damage>,
    /// Until the next look, if the desktop does not say.
    pause: Duration,
}

impl Drawings<'_> {
    /// Waits until something may look different, at most until `until`; answers
    /// where. `None` stands for all that is watched: where the desktop does not
    /// tell, where the screen has another size, and when the time is over, so
    /// that the last look trusts nobody.
    pub(super) async fn next(&mut self, until: Instant) -> Result<Option<Rect>, Fault> {
        let Some(seen) = &mut self.seen else {
            sleep_until((Instant::now() + self.pause).min(until)).await;
            self.pause = (self.pause * 3 / 2).min(LONGEST_PAUSE);
            return Ok(None);
        };
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let (since, wait) = (Some(seen.revision), left.min(LONGEST_WAIT));
            let damage = self.eyes.desktop.damage(self.region, since, wait).await?;
            let resized = damage.size() != seen.size();
            *seen = damage;
            if resized {
                return Ok(None);
            }
            if damage.changed.is_some() || Instant::now() >= until {
                return Ok(damage.changed);
            }
        }
    }

    /// Where something was drawn since the last look, without waiting.
    async fn so_far(&mut self) -> Result<Drawn, Fault> {
        let Some(seen) = &mut self.seen else {
            return Ok(Drawn::Perhaps);
        };
        let desktop = self.eyes.desktop;
        let since = Some(seen.revision);
        let damage = desktop.damage(self.region, since, Duration::ZERO).await?;
        let resized = damage.size() != seen.size();
        *seen = damage;
        Ok(match damage.changed {
            _ if resized => Drawn::Perhaps,
            None => Drawn::Nothing,
            Some(part) => Drawn::In(part),
        })
    }

    /// Something moved, so more will.
    pub(super) fn quicken(&mut self) {
        self.pause = FIRST_PAUSE;
    }
}

/// What was drawn between two looks.
enum Drawn {
    Nothing,
    In(Rect),
    /// The desktop does not tell, or the screen has another size.
    Perhaps,
}

/// A picture of the screen, or of a region of it, that is kept up to date.
pub(super) struct View<'d> {
    drawings: Drawings<'d>,
    region: Option<Rect>,
    frame: Frame,
}

impl View<'_> {
    /// The picture as it was last looked at.
    pub(super) const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Checks whether the picture has changed by now.
    pub(super) async fn again(&mut self) -> Result<bool, Fault> {
        match self.drawings.so_far().await? {
            Drawn::Nothing => Ok(false),
            Drawn::In(part) => self.look(Some(part)).await,
            Drawn::Perhaps => self.look(None).await,
        }
    }

    /// Looks whether the picture is another one by now; returns in which part, without
    /// waiting.
    pub(super) async fn difference(&mut self) -> Result<Option<Rect>, Fault> {
        let (part, before) = match self.drawings.so_far().await? {
            Drawn::Nothing => return Ok(None),
            Drawn::In(part) => (Some(part), self.frame.size()),
            Drawn::Perhaps => (None, self.frame.size()),
        };
        if !self.look(part).await? {
            return Ok(None);
        }
        let whole = self.frame.size();
        Ok(Some(
            part.filter(|_| whole == before)
                .unwrap_or_else(|| whole.to_rect()),
        ))
    }

    /// Waits until the picture has changed, at most until `until`; answers
    /// whether it is. The last look is at `until` itself.
    pub(super) async fn next(&mut self, until: Instant) -> Result<bool, Fault> {
        while Instant::now() < until {
            let drawn = self.drawings.next(until).await?;
            if self.look(drawn).await? {
                self.drawings.quicken();
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Looks again at a part of the screen, or at all of it; returns whether
    /// anything is different.
    async fn look(&mut self, part: Option<Rect>) -> Result<bool, Fault> {
        let origin = self.region.map(Rect::corner).unwrap_or_default();
        let whole = Rect::at(origin, self.frame.size());
        if let Some(part) = part.filter(|part| whole.covers(*part) && *part != whole) {
            let seen = self.drawings.eyes.take(Some(part)).await?;
            let corner = Point::new(part.x - origin.x, part.y - origin.y);
            return Ok(self.frame.put(&seen, corner));
        }
        let seen = self.drawings.eyes.take(self.region).await?;
        let changed = seen != self.frame;
        self.frame = seen;
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::MemoryDesktop;

    #[tokio::test(start_paused = true)]
    async fn a_region_that_leaves_the_screen_is_clipped() {
        let desktop = MemoryDesktop::new(Size::new(640, 480));
        let seen = Seen::default();
        let eyes = Eyes::of(&desktop, &seen).await;
        let seen = eyes.take(Some(Rect::new(620, 470, 40, 30))).await;
        assert_eq!(seen.unwrap().size(), Size::new(20, 10));
    }
}
