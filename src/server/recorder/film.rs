//! The thread that takes the pictures of a recording: for the plain video at its ticks, pointer
//! included, if anything has changed; for the clean one, whenever something was drawn.

use std::{
    io::{PipeReader, PipeWriter, pipe},
    os::fd::AsFd,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use tokio::{
    sync::{oneshot, watch},
    time::timeout,
};

use super::{
    FRAME_RATE, PATIENCE, RecorderError,
    feed::Feed,
    pace::{Pace, tick_at, time_of},
};
use crate::{
    desktop::wire::RecordedFrames,
    geometry::Size,
    server::x11::{Camera, Pointer, Woken, XError, bytes},
};

/// How long the thread may take for its last picture; if it takes longer, the X server does not
/// answer.
const LAST_PICTURE: Duration = Duration::from_secs(3);

/// How often to check whether ffmpeg can take the next picture.
const LOOK_AGAIN: Duration = Duration::from_millis(3);

/// A clean recording.
pub(super) struct Clean {
    pub(super) feed: Feed,
    /// The maximum number of frames per second.
    pub(super) rate: u32,
}

/// What to record, and where to write it.
pub(super) struct Order {
    pub(super) camera: Camera,
    pub(super) size: Size,
    pub(super) plain: Feed,
    pub(super) clean: Option<Clean>,
}

/// A running recording. It ends when it is dropped.
pub(super) struct Film {
    /// Closed to end it.
    stop: Option<PipeWriter>,
    feeds: Vec<Feed>,
    told: Arc<Told>,
    ended: watch::Receiver<bool>,
}

/// What the thread reports.
#[derive(Default)]
struct Told {
    recorded: AtomicU64,
    dropped: AtomicU64,
    /// How many ticks the plain video has.
    ticks: AtomicU64,
    problem: Mutex<Option<String>>,
}

impl Told {
    fn problem(&self) -> MutexGuard<'_, Option<String>> {
        // The state is consistent after every statement, even after a panic.
        self.problem.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Film {
    /// Starts taking pictures; returns once the first is taken, with its time.
    pub(super) async fn start(order: Order) -> Result<(Self, DateTime<Utc>), RecorderError> {
        let (stopped, stop) = pipe()?;
        let (begun, first) = oneshot::channel();
        let (ending, ended) = watch::channel(false);
        let told = Arc::new(Told::default());
        let clean = order.clean.as_ref().map(|clean| clean.feed.clone());
        let film = Self {
            stop: Some(stop),
            feeds: [order.plain.clone()].into_iter().chain(clean).collect(),
            told: Arc::clone(&told),
            ended,
        };
        let closed = film.feeds.clone();
        thread::Builder::new()
            .name("film".to_owned())
            .spawn(move || {
                let result = Take::new(order, stopped, Arc::clone(&told)).play(begun);
                *told.problem() = result.err().map(|error| error.to_string());
                for feed in closed {
                    feed.close();
                }
                ending.send_replace(true);
            })?;
        match timeout(PATIENCE, first).await {
            Ok(Ok(time)) => Ok((film, time)),
            Ok(Err(_)) => {
                let problem = film.problem().unwrap_or_default();
                Err(XError::Program(problem).into())
            }
            Err(_) => Err(XError::Silent(PATIENCE).into()),
        }
    }

    /// Takes the last picture and ends; false if the X server does not answer.
    pub(super) async fn stop(&mut self) -> bool {
        self.stop = None;
        let ended = self.ended.wait_for(|ended| *ended);
        let in_time = timeout(LAST_PICTURE, ended).await.is_ok();
        self.close();
        in_time
    }

    /// Whether it has ended on its own.
    pub(super) fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }

    /// What ended it, if nobody asked for it.
    pub(super) fn problem(&self) -> Option<String> {
        self.told.problem().clone()
    }

    /// How long the plain video is.
    pub(super) fn length(&self) -> Duration {
        time_of(self.told.ticks.load(Ordering::Relaxed))
    }

    /// The frames of the clean video, if there is one.
    pub(super) fn frames(&self) -> Option<RecordedFrames> {
        (self.feeds.len() > 1).then(|| RecordedFrames {
            recorded: self.told.recorded.load(Ordering::Relaxed),
            dropped: self.told.dropped.load(Ordering::Relaxed),
        })
    }

    fn close(&self) {
        for feed in &self.feeds {
            feed.close();
        }
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        // The thread may wait for an X server that hangs.
        self.close();
    }
}

/// What the thread has.
struct Take {
    order: Order,
    stopped: PipeReader,
    told: Arc<Told>,
    begun: Instant,
    /// The whole screen as it was last seen, and when that was.
    picture: Vec<u8>,
    seen: Instant,
    /// Whether something was drawn since then.
    drawn: bool,
    pace: Option<Pace>,
    /// The last tick of the plain video, and whether its picture is the latest.
    tick: u64,
    is_shown: bool,
    pointer: Option<Pointer>,
}

impl Take {
    fn new(order: Order, stopped: PipeReader, told: Arc<Told>) -> Self {
        let begun = Instant::now();
        Self {
            picture: vec![0; bytes(order.size)],
            pace: order
                .clean
                .as_ref()
                .map(|clean| Pace::new(clean.rate, begun)),
            order,
            stopped,
            told,
            begun,
            seen: begun,
            drawn: true,
            tick: 0,
            is_shown: false,
            pointer: None,
        }
    }

    /// Takes pictures until it is stopped, or nobody reads them any more.
    fn play(mut self, begun: oneshot::Sender<DateTime<Utc>>) -> Result<(), XError> {
        let now = Utc::now();
        self.look()?;
        // However long it took, it is the start of both videos.
        self.seen = self.begun;
        self.pointer = Some(self.order.camera.pointer()?);
        self.show(0);
        self.keep();
        let _ = begun.send(now);
        let mut next_tick = 1;
        while !self.is_read_no_more() {
            let tick = self.begun + time_of(next_tick);
            let due = self.clean_frame()?;
            if Instant::now() >= tick {
                self.plain_frame(tick_at(self.begun.elapsed()))?;
                // A tick that has passed in the meantime is skipped: the thread must have time to
                // be stopped.
                next_tick = tick_at(self.begun.elapsed()) + 1;
                continue;
            }
            let until = due.map_or(tick, |due| due.min(tick));
            match self.order.camera.wait(until, self.stopped.as_fd())? {
                Woken::Drawn(ago) => self.draw(ago),
                Woken::Late => {}
                Woken::Stopped => return self.end(),
            }
        }
        Ok(())
    }

    fn is_read_no_more(&self) -> bool {
        let clean = self.order.clean.as_ref();
        self.order.plain.is_closed() || clean.is_some_and(|clean| clean.feed.is_closed())
    }

    /// Something was drawn.
    fn draw(&mut self, ago: Duration) {
        let now = Instant::now();
        let at = now.checked_sub(ago).unwrap_or(now).max(self.seen);
        self.drawn = true;
        if let Some(pace) = &mut self.pace {
            pace.drawn(at);
        }
    }

    /// Brings the picture to what the screen shows.
    fn look(&mut self) -> Result<(), XError> {
        if self.drawn {
            self.drawn = false;
            self.seen = Instant::now();
            self.order.camera.take(&mut self.picture)?;
            self.is_shown = false;
        }
        Ok(())
    }

    /// Takes a frame of the clean video, if one is due; returns when the next one is due.
    fn clean_frame(&mut self) -> Result<Option<Instant>, XError> {
        let (Some(pace), Some(clean)) = (&self.pace, &self.order.clean) else {
            return Ok(None);
        };
        let Some(due) = pace.due() else {
            return Ok(None);
        };
        let now = Instant::now();
        if now < due {
            return Ok(Some(due));
        }
        if !clean.feed.has_room() {
            return Ok(Some(now + LOOK_AGAIN));
        }
        self.look()?;
        if let Some(pace) = &mut self.pace {
            let missed = pace.taken(now);
            self.told.dropped.fetch_add(missed, Ordering::Relaxed);
        }
        self.keep();
        Ok(None)
    }

    /// Sends the picture to the clean video.
    fn keep(&self) {
        if let Some(clean) = &self.order.clean {
            let time = self.seen.saturating_duration_since(self.begun);
            clean.feed.send(time, &self.picture, |_| {});
            self.told.recorded.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends what the screen shows to the plain video, if it has changed; and once a second in any
    /// case, so that ffmpeg writes what it has.
    fn plain_frame(&mut self, tick: u64) -> Result<(), XError> {
        if !self.order.plain.has_room() {
            return Ok(());
        }
        // A clean recording has looked already, or will look when it can keep the picture.
        if self.order.clean.is_none() {
            self.look()?;
        }
        let pointer = Some(self.order.camera.pointer()?);
        let rate = u64::from(FRAME_RATE);
        let is_due = tick / rate > self.tick / rate;
        if !self.is_shown || pointer != self.pointer || is_due {
            self.pointer = pointer;
            self.show(tick);
        }
        Ok(())
    }

    /// Sends the picture with the pointer to the plain video.
    fn show(&mut self, tick: u64) {
        let (size, pointer) = (self.order.size, &self.pointer);
        let draw = |picture: &mut [u8]| {
            if let Some(pointer) = pointer {
                pointer.draw(picture, size);
            }
        };
        self.order.plain.send(time_of(tick), &self.picture, draw);
        self.is_shown = true;
        self.tick = tick;
        self.told.ticks.store(tick + 1, Ordering::Relaxed);
    }

    /// Ends both videos with what the screen shows now.
    fn end(mut self) -> Result<(), XError> {
        self.look()?;
        self.seen = Instant::now();
        self.pointer = Some(self.order.camera.pointer()?);
        self.keep();
        let now = tick_at(self.begun.elapsed());
        self.show(now.max(self.tick + 1));
        Ok(())
    }
}
