//! A desktop in memory: a screen on which typed characters leave marks, and
//! whose future can be written down beforehand.
//!
//! It plays a scenario dry, and it stands for a real desktop in tests. It keeps
//! tokio's time, so a test with paused time waits for nothing.

mod commands;
mod future;
mod screen;
mod window;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep};

use self::{commands::Answers, future::Fate};
use super::{
    Desktop, DesktopError, Host, HostError, Refused, Result, Session, StatusStream, Wanted, ready,
    wire::{
        Arranged, Arrangement, Calm, Clicked, ClipboardContent, Damage, DisplayInfo,
        ExecuteRequest, ExecuteResult, Extensions, ImageFormat, PROCESSES, ProcessInfo,
        ProcessRestart, ProcessStatusList, RecordingStatus, RecordingSummary, Stack, Window,
        limits,
        operation::{self, Extension, Operation},
    },
};
use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Clipboard, Direction, Key},
    vision::Frame,
};

/// How often the status stream looks whether a process ended.
const HEARTBEAT: Duration = Duration::from_millis(100);

/// How often it looks whether something was drawn.
const TICK: Duration = Duration::from_millis(1);

/// Selects one more character of what was typed.
const BACK: &str = "Shift_L+Left";

/// What every recording holds.
const VIDEO: &[u8] = b"a video of nothing";

/// A desktop in memory.
#[derive(Debug)]
pub struct MemoryDesktop {
    begun: Instant,
    future: Vec<(Duration, Fate)>,
    missing: Vec<String>,
    /// How long each command takes.
    slow: Duration,
    /// A character that no program takes.
    lost: Option<char>,
    offers: Extensions,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    size: Size,
    pointer: Point,
    typed: String,
    /// How many characters were typed last; they are selected unless keys have
    /// selected others.
    last: usize,
    /// How many characters keys have selected, from the end of what was typed.
    selected: usize,
    actions: Vec<String>,
    recording: RecordingStatus,
    /// What the recording holds, if not [`VIDEO`].
    video: Option<Vec<u8>>,
    /// The size of its pictures, if not that of the screen.
    pictures: Option<Size>,
    /// What breaks the recording.
    problem: Option<String>,
    files: BTreeMap<String, Vec<u8>>,
    copied: Option<String>,
    /// What was put there, until something is typed.
    primary: Option<String>,
    /// The pictures that were told of, one for each revision from 1 on.
    shown: Vec<Frame>,
    answers: Answers,
    /// The titles of windows that stay as they are.
    stubborn: Vec<&'static str>,
    /// What was asked of windows, by their ids.
    arranged: Vec<(String, Arrangement)>,
}

impl State {
    /// What is marked: what keys have selected, or what was typed last.
    fn marked(&self) -> Option<String> {
        if self.primary.is_some() {
            return self.primary.clone();
        }
        let selected = match self.selected {
            0 => self.last,
            by_keys => by_keys,
        };
        let before = self.typed.chars().count().saturating_sub(selected);
        let marked: String = self.typed.chars().skip(before).collect();
        Some(marked).filter(|marked| !marked.is_empty())
    }
}

impl MemoryDesktop {
    /// A desktop with an empty screen of `size` below a light panel.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self {
            begun: Instant::now(),
            future: Vec::new(),
            missing: Vec::new(),
            slow: Duration::ZERO,
            lost: None,
            offers: Extensions::all(),
            state: Mutex::new(State {
                size,
                ..State::default()
            }),
        }
    }

    /// The same, on whose machine there is no program of that name.
    #[must_use]
    pub fn without_program(mut self, program: &str) -> Self {
        self.missing.push(program.to_owned());
        self
    }

    /// The same, whose programs lose one character of what is typed.
    #[must_use]
    pub fn losing(mut self, lost: char) -> Self {
        self.lost = Some(lost);
        self
    }

    /// The same, which offers nothing beside the protocol.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.offers = Extensions::default();
        self
    }

    /// The same, which sends every picture with this size, whatever its screen has.
    #[must_use]
    pub fn sending(self, pictures: Size) -> Self {
        self.lock().pictures = Some(pictures);
        self
    }

    /// The same, whose recordings hold `video`.
    #[must_use]
    pub fn recording(self, video: &[u8]) -> Self {
        self.lock().video = Some(video.to_vec());
        self
    }

    /// The same, whose recordings end by themselves, by this problem.
    #[must_use]
    pub fn breaking(self, problem: &str) -> Self {
        self.lock().problem = Some(problem.to_owned());
        self
    }

    /// What was done to it, in order, each in a few words.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        self.lock().actions.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement, also after a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn acted(&self, what: String) {
        self.lock().actions.push(what);
    }

    fn statuses(&self) -> ProcessStatusList {
        let ended: Vec<&str> = self
            .happened()
            .filter_map(|fate| {
                if let Fate::End(name) = fate {
                    Some(*name)
                } else {
                    None
                }
            })
            .collect();
        let items = PROCESSES.iter().zip(1..).map(|(name, pid)| {
            let running = !ended.contains(name);
            ProcessInfo {
                name: (*name).to_owned(),
                running,
                pid: running.then_some(pid),
                stdout_log: String::new(),
                stderr_log: String::new(),
            }
        });
        ProcessStatusList::new(items.collect())
    }

    /// Fails as a desktop does whose X server is gone.
    fn alive(&self, operation: &Operation) -> Result<()> {
        if self
            .statuses()
            .items
            .iter()
            .all(|p| p.running || p.name != "xvfb")
        {
            return Ok(());
        }
        let refused = Refused {
            status: 503,
            call: operation.to_string(),
            message: "the connection to the X server broke".to_owned(),
            ..Refused::default()
        };
        Err(Box::new(refused).into())
    }

    /// Fails where this desktop does not offer an operation.
    fn offers(&self, operation: &Operation) -> Result<()> {
        match operation.extension {
            Some(Extension { name, what }) if !self.offers.has(name) => {
                let extension = name;
                Err(DesktopError::Unsupported { what, extension })
            }
            _ => Ok(()),
        }
    }

    /// Fails where an operation does not reach a screen.
    fn reach(&self, operation: &Operation) -> Result<()> {
        self.offers(operation)?;
        self.alive(operation)
    }
}

fn summary(recording: &RecordingStatus) -> RecordingSummary {
    RecordingSummary {
        id: recording.id.clone(),
        file_name: recording.file_name.clone(),
        download: recording.download.clone(),
        mime_type: recording.mime_type.clone(),
        size_bytes: VIDEO.len() as u64,
        created_at: recording.started_at.clone().unwrap_or_default(),
        active: recording.active,
    }
}

/// The keys that are held, for the list of actions.
fn with(held: &[Key]) -> String {
    let names: Vec<&str> = held.iter().map(Key::name).collect();
    match names.join("+") {
        none if none.is_empty() => none,
        keys => format!(" with {keys}"),
    }
}

fn not_found(call: &str) -> DesktopError {
    let refused = Refused {
        status: 404,
        call: call.to_owned(),
        message: "there is no such thing on this desktop".to_owned(),
        ..Refused::default()
    };
    Box::new(refused).into()
}

#[async_trait]
impl Desktop for MemoryDesktop {
    async fn health(&self) -> Result<bool> {
        Ok(self.alive(&operation::HEALTH).is_ok())
    }

    async fn display_info(&self) -> Result<DisplayInfo> {
        let Size { width, height } = self.lock().size;
        Ok(DisplayInfo {
            display: "memory".to_owned(),
            width,
            height,
        })
    }

    async fn screen(&self) -> Result<DisplayInfo> {
        self.display_info().await
    }

    async fn resize_screen(&self, size: Size) -> Result<DisplayInfo> {
        self.alive(&operation::RESIZE_SCREEN)?;
        self.acted(format!("resize {size}"));
        self.lock().size = size;
        self.display_info().await
    }

    async fn windows(&self) -> Result<Vec<Window>> {
        self.alive(&operation::WINDOWS)?;
        Ok(self.open_windows())
    }

    async fn screenshot(&self, region: Option<Rect>, format: ImageFormat) -> Result<Vec<u8>> {
        self.alive(&operation::SCREENSHOT)?;
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

    async fn screenshot_region(&self, region: Rect, format: ImageFormat) -> Result<Vec<u8>> {
        self.screenshot(Some(region), format).await
    }

    async fn pointer_position(&self) -> Result<Point> {
        self.alive(&operation::POINTER_POSITION)?;
        Ok(self.lock().pointer)
    }

    async fn move_pointer(&self, to: Point) -> Result<Point> {
        self.alive(&operation::MOVE_POINTER)?;
        self.acted(format!("move {to}"));
        self.lock().pointer = to;
        Ok(to)
    }

    async fn click(&self, at: Option<Point>, button: Button, held: &[Key]) -> Result<Clicked> {
        self.alive(&operation::CLICK)?;
        let place = at.unwrap_or(self.lock().pointer);
        self.acted(format!("click {place} {button}{}", with(held)));
        self.lock().pointer = place;
        let Point { x, y } = place;
        let focus = None;
        Ok(Clicked { x, y, focus })
    }

    async fn drag(&self, from: Point, to: Point, button: Button, held: &[Key]) -> Result<Point> {
        self.alive(&operation::DRAG)?;
        self.acted(format!("drag {from} {to} {button}{}", with(held)));
        self.lock().pointer = to;
        Ok(to)
    }

    async fn scroll(&self, direction: Direction, amount: u32) -> Result<Point> {
        self.alive(&operation::SCROLL)?;
        self.acted(format!("scroll {direction} {amount}"));
        Ok(self.lock().pointer)
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        self.alive(&operation::TYPE_TEXT)?;
        self.acted(format!("type {text}"));
        let mut state = self.lock();
        let arrived = text.chars().filter(|char| Some(*char) != self.lost);
        let arrived: String = arrived.collect();
        state.last = arrived.chars().count();
        state.selected = 0;
        state.primary = None;
        state.typed.push_str(&arrived);
        Ok(())
    }

    async fn press_key(&self, key: &Key) -> Result<bool> {
        self.alive(&operation::PRESS_KEY)?;
        if self.stacked().focus.is_none() {
            return Ok(false);
        }
        self.acted(format!("press {key}"));
        self.lock().selected = 0;
        Ok(true)
    }

    async fn hotkey(&self, chord: &Chord) -> Result<bool> {
        self.alive(&operation::HOTKEY)?;
        if self.stacked().focus.is_none() {
            return Ok(false);
        }
        self.acted(format!("hotkey {chord}"));
        if chord.to_string() == BACK {
            self.lock().selected += 1;
        }
        Ok(true)
    }

    async fn recording_status(&self) -> Result<RecordingStatus> {
        Ok(self.lock().recording.clone())
    }

    async fn start_recording(&self) -> Result<RecordingStatus> {
        self.acted("start recording".to_owned());
        let mut state = self.lock();
        let id = "rec_1".to_owned();
        state.recording = RecordingStatus {
            id,
            active: true,
            ..RecordingStatus::default()
        };
        Ok(state.recording.clone())
    }

    async fn stop_recording(&self) -> Result<RecordingStatus> {
        self.acted("stop recording".to_owned());
        let mut state = self.lock();
        state.recording.active = false;
        let State {
            recording, problem, ..
        } = &mut *state;
        recording.problem.clone_from(problem);
        if state.problem.is_none() {
            return Ok(state.recording.clone());
        }
        let refused = Refused {
            status: 409,
            call: "POST /api/recording/stop".to_owned(),
            message: "no recording is active".to_owned(),
            ..Refused::default()
        };
        Err(Box::new(refused).into())
    }

    async fn recordings(&self) -> Result<Vec<RecordingSummary>> {
        let recording = self.lock().recording.clone();
        let kept = !recording.id.is_empty();
        Ok(kept.then(|| summary(&recording)).into_iter().collect())
    }

    async fn get_recording(&self, id: &str) -> Result<RecordingSummary> {
        let kept = self.recordings().await?.into_iter().find(|r| r.id == id);
        kept.ok_or_else(|| not_found(&format!("GET /api/recordings/{id}")))
    }

    async fn download_recording(&self, _id: &str) -> Result<Vec<u8>> {
        Ok(self.lock().video.clone().unwrap_or(VIDEO.to_vec()))
    }

    async fn delete_recording(&self, id: &str) -> Result<()> {
        self.get_recording(id).await?;
        self.lock().recording = RecordingStatus::default();
        Ok(())
    }

    async fn process_status(&self) -> Result<ProcessStatusList> {
        Ok(self.statuses())
    }

    async fn status_stream(&self) -> Result<StatusStream> {
        // The stream outlives the borrow, so it gets its own copy of what will be.
        let twin = Self {
            begun: self.begun,
            future: self.future.clone(),
            missing: Vec::new(),
            slow: Duration::ZERO,
            lost: None,
            offers: Extensions::default(),
            state: Mutex::default(),
        };
        Ok(stream::unfold((twin, false), |(twin, again)| async move {
            if again {
                sleep(HEARTBEAT).await;
            }
            let list = twin.statuses();
            Some((Ok(list), (twin, true)))
        })
        .boxed())
    }

    async fn get_process(&self, name: &str) -> Result<ProcessInfo> {
        let processes = self.statuses().items;
        let process = processes.into_iter().find(|process| process.name == name);
        process.ok_or_else(|| not_found(&format!("GET /api/process/{name}/status")))
    }

    async fn restart_process(&self, name: &str) -> Result<ProcessRestart> {
        self.acted(format!("restart {name}"));
        let message = format!("{name} restarted");
        let status = self.get_process(name).await?;
        Ok(ProcessRestart { message, status })
    }

    async fn process_logs(&self, _name: &str) -> Result<String> {
        Ok(String::new())
    }

    async fn process_errors(&self, name: &str) -> Result<String> {
        Ok(format!("the last words of {name}\n"))
    }

    async fn extensions(&self) -> Result<Extensions> {
        Ok(self.offers.clone())
    }

    async fn execute(&self, request: &ExecuteRequest) -> Result<ExecuteResult> {
        self.acted(commands::described(request));
        sleep(self.slow).await;
        self.answer(&request.command)
    }

    async fn read_file(&self, path: &str) -> Result<Vec<u8>> {
        let bytes = self.lock().files.get(path).cloned();
        bytes.ok_or_else(|| not_found("GET /api/files"))
    }

    async fn write_file(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.acted(format!("write {path}"));
        self.lock().files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    async fn read_clipboard(&self, clipboard: Clipboard) -> Result<ClipboardContent> {
        self.alive(&operation::READ_CLIPBOARD)?;
        let state = self.lock();
        let text = match clipboard {
            Clipboard::Copied => state.copied.clone(),
            Clipboard::Primary => state.marked(),
        };
        Ok(ClipboardContent {
            text,
            formats: Vec::new(),
        })
    }

    async fn write_clipboard(&self, clipboard: Clipboard, text: &str) -> Result<()> {
        self.alive(&operation::WRITE_CLIPBOARD)?;
        self.acted(format!("copy {text:?} to {}", clipboard.noun()));
        let text = Some(text.to_owned());
        let mut state = self.lock();
        match clipboard {
            Clipboard::Copied => state.copied = text,
            Clipboard::Primary => state.primary = text,
        }
        Ok(())
    }

    async fn stack(&self, _region: Option<Rect>) -> Result<Stack> {
        self.reach(&operation::STACK)?;
        Ok(self.stacked())
    }

    async fn calm(&self, region: Option<Rect>) -> Result<Calm> {
        let Stack { still, layers, .. } = self.stack(region).await?;
        let painted = layers.iter().all(|layer| layer.painted);
        Ok(Calm { still, painted })
    }

    async fn damage(
        &self,
        region: Option<Rect>,
        since: Option<u64>,
        wait: Duration,
    ) -> Result<Damage> {
        self.offers(&operation::DAMAGE)?;
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

    async fn frame(&self, region: Option<Rect>) -> Result<Frame> {
        self.reach(&operation::FRAME)?;
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

    async fn arrange_window(
        &self,
        id: &str,
        wanted: &Arrangement,
        wait: Duration,
    ) -> Result<Arranged> {
        self.reach(&operation::ARRANGE_WINDOW)?;
        self.arrange(id, wanted, wait).await
    }

    async fn wait_until_ready(&self, timeout: Duration) -> Result<()> {
        ready::wait_until_ready(self, timeout).await
    }
}

/// Gives every scenario a fresh desktop in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryHost;

#[async_trait]
impl Host for MemoryHost {
    fn kind(&self) -> &'static str {
        "memory"
    }

    async fn offers(&self) -> std::result::Result<Extensions, HostError> {
        Ok(Extensions::all())
    }

    async fn open(&self, wanted: &Wanted) -> std::result::Result<Box<dyn Session>, HostError> {
        Ok(Box::new(MemoryDesktop::new(wanted.size)))
    }
}

#[async_trait]
impl Session for MemoryDesktop {
    fn desktop(&self) -> &dyn Desktop {
        self
    }

    async fn close(self: Box<Self>) {}
}
