//! Draws the frames of a film.
//!
//! One thread reads the recording and decides what each frame is made of; two others draw;
//! the thread that asked gets the frames in their order. Each waits for the next, so that
//! no more than a few frames are in memory.

mod easel;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use self::easel::{Easel, Studio};
use super::{
    Film,
    recipe::{Recipe, Shown},
    source::{Drawn, Source, SourceError},
};
use crate::vision::Frame;

/// A frame of a film, as the sink gets it.
#[derive(Clone, Debug)]
pub enum Shot {
    /// A new picture.
    New(Frame),
    /// The picture of the previous frame again.
    Same,
}

/// Why a film was not drawn completely.
#[derive(Debug, thiserror::Error)]
pub enum PlayError<E: fmt::Debug + fmt::Display> {
    /// The frames of the recording could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The sink gave up.
    #[error("{0}")]
    Sink(E),
}

/// How many threads draw at the same time.
const EASELS: usize = 2;

/// How many frames may wait to be drawn, or to be taken.
const WAITING: usize = 3;

/// Draws all frames of a film, in their order, and gives each to `sink`, which runs on this
/// thread. The first is always new.
///
/// # Errors
///
/// Those of the source and of the sink; nothing is drawn after an error.
pub fn play<E: fmt::Debug + fmt::Display>(
    film: &Film,
    source: impl Source + Send,
    sink: impl FnMut(Shot) -> Result<(), E>,
) -> Result<(), PlayError<E>> {
    draw(film, source, 0..film.frames(), sink)
}

/// Draws some frames of a film, which are given by their numbers, ascending, and gives each
/// to `sink` in their order.
///
/// # Errors
///
/// Those of the source and of the sink; nothing is drawn after an error.
pub fn stills<E: fmt::Debug + fmt::Display>(
    film: &Film,
    source: impl Source + Send,
    frames: &[u32],
    sink: impl FnMut(Shot) -> Result<(), E>,
) -> Result<(), PlayError<E>> {
    draw(film, source, frames.iter().copied(), sink)
}

fn draw<E: fmt::Debug + fmt::Display>(
    film: &Film,
    source: impl Source + Send,
    frames: impl Iterator<Item = u32> + Send,
    mut sink: impl FnMut(Shot) -> Result<(), E>,
) -> Result<(), PlayError<E>> {
    let studio = Studio::new(film);
    let (order, orders) = sync_channel(WAITING);
    let (finished, done) = sync_channel(WAITING);
    let orders = Mutex::new(Some(orders));
    thread::scope(|scope| {
        let failed = finished.clone();
        scope.spawn(move || {
            if let Err(error) = read(film, source, frames, &order) {
                let _ = failed.send(Done::Failed(error));
            }
        });
        for _ in 0..EASELS {
            let (finished, orders, studio) = (finished.clone(), &orders, &studio);
            scope.spawn(move || work(studio, orders, &finished));
        }
        // Only the threads hold senders now, so the channel ends when all of them have ended.
        drop(finished);
        let _end = End(&orders);
        collect(done, &mut sink)
    })
}

/// A frame to be drawn; without a recipe it repeats the previous one.
struct Order {
    number: u64,
    recipe: Option<(Recipe, Frame)>,
}

/// The orders, until nobody wants them any more.
type Queue = Mutex<Option<Receiver<Order>>>;

fn locked(queue: &Queue) -> MutexGuard<'_, Option<Receiver<Order>>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Once this is dropped, nobody waits for an order to be taken, even after a panic.
struct End<'a>(&'a Queue);

impl Drop for End<'_> {
    fn drop(&mut self) {
        drop(locked(self.0).take());
    }
}

/// The result of an order.
enum Done {
    Drawn(u64, Shot),
    Failed(SourceError),
}

/// Reads the recording, and orders one frame after another.
fn read(
    film: &Film,
    mut source: impl Source,
    frames: impl Iterator<Item = u32>,
    orders: &SyncSender<Order>,
) -> Result<(), SourceError> {
    let mut reel = Reel::new(film, &mut source)?;
    let mut last: Option<Recipe> = None;
    for (number, frame) in (0..).zip(frames) {
        reel.wind(film.source_time(frame))?;
        let recipe = film.recipe(frame, &reel.now);
        let is_same = last.as_ref() == Some(&recipe);
        let order = Order {
            number,
            recipe: (!is_same).then(|| (recipe.clone(), reel.now.frame.clone())),
        };
        last = Some(recipe);
        if orders.send(order).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The recording, wound to a picture.
struct Reel<'a, S> {
    film: &'a Film,
    source: &'a mut S,
    now: Shown,
    next: Option<Drawn>,
}

impl<'a, S: Source> Reel<'a, S> {
    /// Begins at the first picture, which is also shown before its time.
    fn new(film: &'a Film, source: &'a mut S) -> Result<Self, SourceError> {
        let first = source.next_frame()?;
        let next = source.next_frame()?;
        let black = || Drawn {
            at: 0.0,
            frame: Frame::filled(film.screen, [0; 3]),
        };
        let Drawn { at, frame } = first.unwrap_or_else(black);
        let now = Shown {
            picture: 1,
            since: film.moment(at),
            frame,
        };
        Ok(Self {
            film,
            source,
            now,
            next,
        })
    }

    /// Goes on to the picture that is visible at a moment of the timeline.
    fn wind(&mut self, moment: f64) -> Result<(), SourceError> {
        while let Some(drawn) = self
            .next
            .take_if(|next| self.film.moment(next.at) <= moment)
        {
            self.now = Shown {
                picture: self.now.picture + 1,
                since: self.film.moment(drawn.at),
                frame: drawn.frame,
            };
            self.next = self.source.next_frame()?;
        }
        Ok(())
    }
}

/// Draws what is ordered until there are no more orders, or nobody wants them any more.
fn work(studio: &Studio<'_>, orders: &Queue, finished: &SyncSender<Done>) {
    let mut easel = Easel::new(studio);
    loop {
        let order = locked(orders)
            .as_ref()
            .and_then(|orders| orders.recv().ok());
        let Some(Order { number, recipe }) = order else {
            return;
        };
        let shot = match recipe {
            Some((recipe, screen)) => Shot::New(easel.draw(&recipe, &screen)),
            None => Shot::Same,
        };
        if finished.send(Done::Drawn(number, shot)).is_err() {
            return;
        }
    }
}

/// Gives what is drawn to the sink, in its order.
fn collect<E: fmt::Debug + fmt::Display>(
    done: Receiver<Done>,
    sink: &mut impl FnMut(Shot) -> Result<(), E>,
) -> Result<(), PlayError<E>> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for done in done {
        match done {
            Done::Failed(error) => return Err(error.into()),
            Done::Drawn(number, shot) => {
                early.insert(number, shot);
            }
        }
        while let Some(shot) = early.remove(&next) {
            sink(shot).map_err(PlayError::Sink)?;
            next += 1;
        }
    }
    Ok(())
}
