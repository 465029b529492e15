//! A desktop in memory: a screen on which typed characters leave marks, and
//! whose future can be written down beforehand.
//!
//! It plays a scenario dry, and it stands for a real desktop in tests. It keeps
//! tokio's time, so a test with paused time waits for nothing.

mod clipboard;
mod commands;
mod future;
mod host;
mod input;
mod process;
mod recording;
mod screen;
#[cfg(test)]
mod tests;
mod widget;
mod window;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

pub use self::host::MemoryHost;
use self::{commands::Answers, future::Fate};
use super::{
    ByteStream, Desktop, DesktopError, Refused, Result, StatusStream, ready,
    wire::{
        Arranged, Arrangement, Calm, Clicked, ClipboardContent, Damage, DisplayInfo,
        ExecuteRequest, ExecuteResult, Extensions, Holding, ImageFormat, ProcessInfo,
        ProcessRestart, ProcessStatusList, RecordingStatus, RecordingSummary, Scope, Stack, Widget,
        WidgetQuery, WidgetTrees, WidgetsFound, Window,
        operation::{self, Extension, Operation},
    },
};
use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Clipboard, Direction, Key},
    vision::Frame,
};

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
    /// Cancelled once nobody expects it to answer.
    given_up: CancellationToken,
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
    /// What the recording holds, if a test has said so.
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
    /// The field that was clicked last, and how much was typed before.
    field: Option<(String, usize)>,
    /// The ids of widgets that were scrolled into view.
    revealed: Vec<String>,
    /// What was asked of windows, by their ids.
    arranged: Vec<(String, Arrangement)>,
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
            offers: offered(),
            given_up: CancellationToken::new(),
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

    /// The same, which offers nothing in addition to the protocol.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.offers = Extensions::default();
        self
    }

    /// What was done to it, in order, each in a few words.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        self.lock().actions.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is consistent after every statement, even after a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn acted(&self, what: String) {
        self.lock().actions.push(what);
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

/// What a desktop in memory can do: everything except showing what moves.
fn offered() -> Extensions {
    let mut all = Extensions::all();
    all.items
        .retain(|name| name != Extensions::CLEAN_RECORDINGS);
    all
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
    fn give_up(&self) {
        self.given_up.cancel();
    }

    async fn health(&self) -> Result<bool> {
        self.awake().await?;
        Ok(self.alive(&operation::HEALTH).is_ok())
    }

    async fn display_info(&self) -> Result<DisplayInfo> {
        self.awake().await?;
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
        self.awake().await?;
        self.alive(&operation::SCREENSHOT)?;
        self.encoded(region, format)
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
        Ok(self.point(to))
    }

    async fn click(&self, at: Option<Point>, button: Button, held: &[Key]) -> Result<Clicked> {
        self.alive(&operation::CLICK)?;
        Ok(self.clicked(at, button, held))
    }

    async fn drag(&self, from: Point, to: Point, button: Button, held: &[Key]) -> Result<Point> {
        self.alive(&operation::DRAG)?;
        Ok(self.dragged(from, to, button, held))
    }

    async fn scroll(&self, direction: Direction, amount: u32) -> Result<Point> {
        self.alive(&operation::SCROLL)?;
        self.acted(format!("scroll {direction} {amount}"));
        Ok(self.lock().pointer)
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        self.alive(&operation::TYPE_TEXT)?;
        self.typed(text);
        Ok(())
    }

    async fn press_key(&self, key: &Key) -> Result<bool> {
        self.alive(&operation::PRESS_KEY)?;
        Ok(self.pressed(key))
    }

    async fn hotkey(&self, chord: &Chord) -> Result<bool> {
        self.alive(&operation::HOTKEY)?;
        Ok(self.chorded(chord))
    }

    async fn hold(&self, holding: &Holding) -> Result<Point> {
        self.reach(&operation::HOLD)?;
        Ok(self.holding(holding))
    }

    async fn recording_status(&self) -> Result<RecordingStatus> {
        Ok(self.lock().recording.clone())
    }

    async fn start_recording(&self) -> Result<RecordingStatus> {
        Ok(self.start())
    }

    async fn start_clean_recording(&self, _frame_rate: u32) -> Result<RecordingStatus> {
        self.offers(&operation::RECORDED_FRAMES)?;
        Ok(self.start())
    }

    async fn stop_recording(&self) -> Result<RecordingStatus> {
        self.awake().await?;
        self.stop()
    }

    async fn recordings(&self) -> Result<Vec<RecordingSummary>> {
        Ok(self.kept().into_iter().collect())
    }

    async fn get_recording(&self, id: &str) -> Result<RecordingSummary> {
        self.kept_as(id)
    }

    async fn download_recording(&self, _id: &str) -> Result<Vec<u8>> {
        Ok(self.video())
    }

    async fn recorded_frames(&self, id: &str) -> Result<ByteStream> {
        self.offers(&operation::RECORDED_FRAMES)?;
        Err(not_found(&format!("GET /api/recordings/{id}/frames")))
    }

    async fn delete_recording(&self, id: &str) -> Result<()> {
        self.forget(id)
    }

    async fn process_status(&self) -> Result<ProcessStatusList> {
        self.awake().await?;
        Ok(self.statuses())
    }

    async fn status_stream(&self) -> Result<StatusStream> {
        self.awake().await?;
        Ok(self.following())
    }

    async fn get_process(&self, name: &str) -> Result<ProcessInfo> {
        self.process(name)
    }

    async fn restart_process(&self, name: &str) -> Result<ProcessRestart> {
        self.restart(name)
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
        self.offers(&operation::EXECUTE)?;
        self.awake().await?;
        self.acted(commands::described(request));
        sleep(self.slow).await;
        self.answer(&request.command)
    }

    async fn read_file(&self, path: &str) -> Result<Vec<u8>> {
        self.offers(&operation::READ_FILE)?;
        let bytes = self.lock().files.get(path).cloned();
        bytes.ok_or_else(|| not_found("GET /api/files"))
    }

    async fn write_file(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.offers(&operation::WRITE_FILE)?;
        self.acted(format!("write {path}"));
        self.lock().files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    async fn read_clipboard(&self, clipboard: Clipboard) -> Result<ClipboardContent> {
        self.reach(&operation::READ_CLIPBOARD)?;
        Ok(self.copied(clipboard))
    }

    async fn write_clipboard(&self, clipboard: Clipboard, text: &str) -> Result<()> {
        self.reach(&operation::WRITE_CLIPBOARD)?;
        self.copy(clipboard, text);
        Ok(())
    }

    async fn stack(&self, _region: Option<Rect>) -> Result<Stack> {
        self.reach(&operation::STACK)?;
        Ok(self.stacked())
    }

    async fn calm(&self, _region: Option<Rect>) -> Result<Calm> {
        self.reach(&operation::CALM)?;
        let Stack { still, layers, .. } = self.stacked();
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
        self.damage_within(region, since, wait).await
    }

    async fn frame(&self, region: Option<Rect>) -> Result<Frame> {
        self.awake().await?;
        self.reach(&operation::FRAME)?;
        self.part(region)
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

    async fn widgets(&self, scope: &Scope) -> Result<WidgetTrees> {
        self.reach(&operation::WIDGETS)?;
        self.trees(scope)
    }

    async fn find_widgets(&self, query: &WidgetQuery) -> Result<WidgetsFound> {
        self.reach(&operation::FIND_WIDGETS)?;
        self.widgets_like(query)
    }

    async fn reveal_widget(&self, id: &str) -> Result<Widget> {
        self.reach(&operation::REVEAL_WIDGET)?;
        self.revealed(id)
    }

    async fn wait_until_ready(&self, timeout: Duration) -> Result<()> {
        ready::wait_until_ready(self, timeout).await
    }
}
