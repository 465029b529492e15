//! The desktop API over HTTP.

use std::time::Duration;

use async_trait::async_trait;
use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{
    Desktop, DesktopError, Result, StatusStream, answer, bounds,
    call::Call,
    control_plane::{self, Commands},
    http::{Answer, Credentials, Http},
    ready,
    wire::{
        Calm, Clicked, Damage, DisplayInfo, Done, ExecuteRequest, ExecuteResult, Extensions,
        FRAME_SIZE, Health, ImageFormat, Items, Position, ProcessErrors, ProcessInfo, ProcessLogs,
        ProcessRestart, ProcessStatusList, RecordingStatus, RecordingSummary, Selection, Stack,
        Window, limits,
    },
};
use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Direction, Key},
    vision::Frame,
};

/// The bytes of the largest screen, three for each pixel.
const MAX_FRAME: usize = *limits::WIDTH.end() as usize * *limits::HEIGHT.end() as usize * 3;

/// What an answer may take beside the time that was asked for.
const ANSWER: Duration = Duration::from_secs(30);

/// A desktop at a URL.
#[derive(Clone)]
pub struct DesktopClient {
    http: Http,
    /// How commands run, and files move, where the desktop itself does neither.
    commands: Option<Commands>,
}

impl std::fmt::Debug for DesktopClient {
    /// Without the token: a client may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DesktopClient")
            .field("base", &self.http.base())
            .finish_non_exhaustive()
    }
}

impl DesktopClient {
    /// A client of the desktop whose API is below `url`, such as
    /// `http://127.0.0.1:4000`. Nothing is sent yet. No call is repeated, and
    /// each may take 300 s.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Argument`] if `url` is no address, a header cannot carry
    /// `token`, or no HTTP client can be set up.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self> {
        let encrypted = !url.starts_with("http://");
        let http = Http::new(url, encrypted, token.map(Credentials::bearer))?;
        Ok(Self::over(http, None))
    }

    /// The desktop at the address of `http`, with `commands` if it runs none
    /// itself.
    pub(super) fn over(http: Http, commands: Option<Commands>) -> Self {
        Self { http, commands }
    }

    /// The same desktop, each call of which may take `timeout`, repetitions
    /// included. [`Desktop::execute`] takes longer where its request does, and
    /// of a status stream only the start counts.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Argument`] if `timeout` is 0.
    pub fn with_timeout(&self, timeout: Duration) -> Result<Self> {
        let mut client = self.clone();
        client.http = client.http.with_timeout(timeout)?;
        if let Some(commands) = &mut client.commands {
            *commands = commands.with_timeout(timeout)?;
        }
        Ok(client)
    }

    /// The address that every path is below.
    #[must_use]
    pub fn desktop_url(&self) -> &str {
        self.http.base()
    }

    async fn get<T: DeserializeOwned>(&self, path: impl Into<String>) -> Result<T> {
        self.http.json(&Call::get(path)).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: impl Into<String>,
        body: &impl Serialize,
    ) -> Result<T> {
        self.http.json(&Call::post(path).json(body)?).await
    }

    /// An action that has nothing to tell but that it was done, and whether it
    /// reached anybody: it did where the desktop does not tell.
    async fn act(&self, path: &str, body: &Value) -> Result<bool> {
        let call = Call::post(path).json(body)?;
        let Done { ok, reached } = self.http.json(&call).await?;
        if ok {
            return Ok(reached.unwrap_or(true));
        }
        Err(DesktopError::Answer {
            call: call.name(),
            problem: "`ok`: false, where a failed action has an error status".to_owned(),
        })
    }

    /// What a desktop answers to an extension's path. Where it does not know the
    /// path, that is told as what it is.
    async fn extended<T>(
        &self,
        (what, extension): (&'static str, &'static str),
        answer: Result<T>,
    ) -> Result<T> {
        match answer {
            Err(error) if matches!(error.status(), Some(404 | 405)) => {
                if self.extensions().await?.has(extension) {
                    return Err(error);
                }
                Err(DesktopError::Unsupported { what, extension })
            }
            answer => answer,
        }
    }

    /// An action that tells where the pointer then is.
    async fn point(&self, path: &str, body: &Value) -> Result<Point> {
        let position: Position = self.post(path, body).await?;
        Ok(position.into())
    }
}

#[async_trait]
impl Desktop for DesktopClient {
    async fn health(&self) -> Result<bool> {
        // 503 is an answer here: the server is there, the display is not.
        let call = Call::get("/api/healthz").unwell_is_an_answer();
        let answer = self.http.answer(&call, limits::ANSWER).await?;
        match answer::parse::<Health>(&call.name(), &answer.body) {
            Ok(health) => Ok(health.ok),
            // Somebody on the way to the server said so, not the server.
            Err(_) if !answer.status.is_success() => Err(answer::refused(
                call.name(),
                answer.status,
                answer.headers,
                &answer.body,
            )),
            Err(error) => Err(error),
        }
    }

    async fn display_info(&self) -> Result<DisplayInfo> {
        self.get("/api/display").await
    }

    async fn screen(&self) -> Result<DisplayInfo> {
        self.get("/api/display/screen").await
    }

    async fn resize_screen(&self, size: Size) -> Result<DisplayInfo> {
        bounds::screen(size)?;
        let body = json!({"width": size.width, "height": size.height});
        let call = Call::post("/api/display/screen").json(&body)?.repeatable();
        self.http.json(&call).await
    }

    async fn windows(&self) -> Result<Vec<Window>> {
        let list: Items<Window> = self.get("/api/display/windows").await?;
        Ok(list.items)
    }

    async fn screenshot(&self, region: Option<Rect>, format: ImageFormat) -> Result<Vec<u8>> {
        bounds::format(format)?;
        let mut fields = picture(format);
        if let Some(rect) = region {
            bounds::region(rect)?;
            fields.extend(place(rect));
        }
        let call = Call::get("/api/screenshot").parameters(&fields)?;
        self.http.bytes(&call).await
    }

    async fn screenshot_region(&self, region: Rect, format: ImageFormat) -> Result<Vec<u8>> {
        bounds::format(format)?;
        bounds::region(region)?;
        let mut fields = picture(format);
        fields.extend(place(region));
        let call = Call::post("/api/screenshot/region").json(&fields)?;
        self.http.bytes(&call.repeatable()).await
    }

    async fn pointer_position(&self) -> Result<Point> {
        let position: Position = self.get("/api/input/position").await?;
        Ok(position.into())
    }

    async fn move_pointer(&self, to: Point) -> Result<Point> {
        bounds::point(to)?;
        let body = json!({"x": to.x, "y": to.y});
        let call = Call::post("/api/input/move").json(&body)?.repeatable();
        let position: Position = self.http.json(&call).await?;
        Ok(position.into())
    }

    async fn click(&self, at: Option<Point>, button: Button, held: &[Key]) -> Result<Clicked> {
        let mut body = json!({"button": button.number()});
        hold(&mut body, held)?;
        if let Some(point) = at {
            bounds::point(point)?;
            body["x"] = point.x.into();
            body["y"] = point.y.into();
        }
        self.post("/api/input/click", &body).await
    }

    async fn drag(&self, from: Point, to: Point, button: Button, held: &[Key]) -> Result<Point> {
        bounds::place(("from_x", "from_y"), from)?;
        bounds::place(("to_x", "to_y"), to)?;
        let mut body = json!({
            "from_x": from.x, "from_y": from.y, "to_x": to.x, "to_y": to.y,
            "button": button.number(),
        });
        hold(&mut body, held)?;
        self.point("/api/input/drag", &body).await
    }

    async fn scroll(&self, direction: Direction, amount: u32) -> Result<Point> {
        bounds::amount(amount)?;
        let body = json!({"direction": direction.name(), "amount": amount});
        self.point("/api/input/scroll", &body).await
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        bounds::text(text)?;
        self.act("/api/input/type", &json!({"text": text})).await?;
        Ok(())
    }

    async fn press_key(&self, key: &Key) -> Result<bool> {
        self.act("/api/input/press", &json!({"key": key.name()}))
            .await
    }

    async fn hotkey(&self, chord: &Chord) -> Result<bool> {
        let keys: Vec<&str> = chord.keys().iter().map(Key::name).collect();
        self.act("/api/input/hotkey", &json!({"keys": keys})).await
    }

    async fn recording_status(&self) -> Result<RecordingStatus> {
        self.get("/api/recording").await
    }

    async fn start_recording(&self) -> Result<RecordingStatus> {
        self.post("/api/recording/start", &json!({})).await
    }

    async fn stop_recording(&self) -> Result<RecordingStatus> {
        self.post("/api/recording/stop", &json!({})).await
    }

    async fn recordings(&self) -> Result<Vec<RecordingSummary>> {
        let list: Items<RecordingSummary> = self.get("/api/recordings").await?;
        Ok(list.items)
    }

    async fn get_recording(&self, id: &str) -> Result<RecordingSummary> {
        bounds::id("id", id)?;
        self.get(format!("/api/recordings/{id}")).await
    }

    async fn download_recording(&self, id: &str) -> Result<Vec<u8>> {
        bounds::id("id", id)?;
        let call = Call::get(format!("/api/recordings/{id}/download"));
        self.http.bytes(&call).await
    }

    async fn delete_recording(&self, id: &str) -> Result<()> {
        bounds::id("id", id)?;
        let call = Call::delete(format!("/api/recordings/{id}"));
        self.http.bytes(&call).await?;
        Ok(())
    }

    async fn process_status(&self) -> Result<ProcessStatusList> {
        self.get("/api/status").await
    }

    async fn status_stream(&self) -> Result<StatusStream> {
        let response = self.http.open(&Call::get("/api/status/stream")).await?;
        let http = self.http.clone();
        let events = response.bytes_stream().eventsource().map(move |event| {
            let event = event.map_err(|error| http.broken(&error))?;
            ready::read_status(&event.event, &event.data)
        });
        Ok(events.boxed())
    }

    async fn get_process(&self, name: &str) -> Result<ProcessInfo> {
        bounds::process(name)?;
        self.get(format!("/api/process/{name}/status")).await
    }

    async fn restart_process(&self, name: &str) -> Result<ProcessRestart> {
        bounds::process(name)?;
        self.post(format!("/api/process/{name}/restart"), &json!({}))
            .await
    }

    async fn process_logs(&self, name: &str) -> Result<String> {
        bounds::process(name)?;
        let logs: ProcessLogs = self.get(format!("/api/process/{name}/logs")).await?;
        Ok(logs.logs)
    }

    async fn process_errors(&self, name: &str) -> Result<String> {
        bounds::process(name)?;
        let errors: ProcessErrors = self.get(format!("/api/process/{name}/errors")).await?;
        Ok(errors.errors)
    }

    async fn extensions(&self) -> Result<Extensions> {
        let mut extensions = match self.get("/api/extensions").await {
            // A desktop of the protocol alone does not know the path; one that
            // serves pages may show one instead.
            Err(DesktopError::Status(refused)) if matches!(refused.status, 404 | 405) => {
                Extensions::default()
            }
            Err(DesktopError::Answer { .. }) => Extensions::default(),
            answer => answer?,
        };
        for name in [Extensions::EXECUTE, Extensions::FILES] {
            if self.commands.is_some() && !extensions.has(name) {
                extensions.items.push(name.to_owned());
            }
        }
        Ok(extensions)
    }

    async fn execute(&self, request: &ExecuteRequest) -> Result<ExecuteResult> {
        if let Some(commands) = &self.commands {
            return commands.execute(self, request).await;
        }
        let call = control_plane::execution("/api/process/execute".to_owned(), request)?;
        match self.http.json(&call).await {
            Err(error) if error.status() == Some(404) => Err(DesktopError::Unsupported {
                what: "run commands",
                extension: Extensions::EXECUTE,
            }),
            answer => answer,
        }
    }

    async fn read_file(&self, path: &str) -> Result<Vec<u8>> {
        bounds::path(path)?;
        if let Some(commands) = &self.commands {
            return commands.read_file(path).await;
        }
        let call = Call::get("/api/files").query("path", path);
        let answer = self.http.bytes(&call).await;
        let read = ("read files", Extensions::FILES);
        self.extended(read, answer).await
    }

    async fn write_file(&self, path: &str, bytes: &[u8]) -> Result<()> {
        bounds::path(path)?;
        if let Some(commands) = &self.commands {
            return commands.write_file(path, bytes).await;
        }
        bounds::file(bytes)?;
        let call = Call::put("/api/files").query("path", path);
        let answer = self.http.bytes(&call.bytes(bytes.to_vec())).await;
        let written = ("write files", Extensions::FILES);
        self.extended(written, answer).await?;
        Ok(())
    }

    async fn selection(&self) -> Result<String> {
        let answer = self.get::<Selection>("/api/display/selection").await;
        let told = ("tell what is selected", Extensions::SELECTION);
        Ok(self.extended(told, answer).await?.text)
    }

    async fn stack(&self, region: Option<Rect>) -> Result<Stack> {
        let call = part_of("/api/display/stack", region)?;
        let told = ("tell what lies on the screen", Extensions::STACK);
        self.extended(told, self.http.json(&call).await).await
    }

    async fn calm(&self, region: Option<Rect>) -> Result<Calm> {
        let call = part_of("/api/display/calm", region)?;
        let told = ("tell for how long it has been still", Extensions::STACK);
        self.extended(told, self.http.json(&call).await).await
    }

    async fn damage(
        &self,
        region: Option<Rect>,
        since: Option<u64>,
        wait: Duration,
    ) -> Result<Damage> {
        bounds::wait(wait)?;
        let mut call = part_of("/api/damage", region)?.outlasting(wait + ANSWER);
        if let Some(since) = since {
            call = call.query("since", &since.to_string());
            call = call.query("wait", &wait.as_millis().to_string());
        }
        let told = ("tell what was drawn", Extensions::DAMAGE);
        self.extended(told, self.http.json(&call).await).await
    }

    async fn frame(&self, region: Option<Rect>) -> Result<Frame> {
        let call = part_of("/api/frame", region)?;
        let answer = self.http.answer(&call, MAX_FRAME).await;
        let shown = ("show its pixels as they are", Extensions::FRAME);
        let Answer { headers, body, .. } = self.extended(shown, answer).await?;
        let size = headers.get(FRAME_SIZE).and_then(|size| size.to_str().ok());
        let size: Option<Size> = size.and_then(|size| size.parse().ok());
        let frame = match size {
            Some(size) => Frame::new(size, body).map_err(|error| format!("a picture that {error}")),
            None => Err(format!("no size in the header `{FRAME_SIZE}`")),
        };
        frame.map_err(|problem| DesktopError::Answer {
            call: call.name(),
            problem,
        })
    }

    async fn wait_until_ready(&self, timeout: Duration) -> Result<()> {
        ready::wait_until_ready(self, timeout).await
    }
}

/// A question about the whole screen or a region of it.
fn part_of(path: &str, region: Option<Rect>) -> Result<Call> {
    let call = Call::get(path);
    let Some(region) = region else {
        return Ok(call);
    };
    bounds::region(region)?;
    call.parameters(&Map::from_iter(place(region)))
}

fn picture(format: ImageFormat) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("format".to_owned(), format.name().into());
    if let ImageFormat::Jpeg {
        quality: Some(quality),
    } = format
    {
        fields.insert("quality".to_owned(), quality.into());
    }
    fields
}

/// Adds the keys to hold, where there are any: the protocol has no such field.
fn hold(body: &mut Value, held: &[Key]) -> Result<()> {
    bounds::held(held)?;
    if !held.is_empty() {
        let names: Vec<&str> = held.iter().map(Key::name).collect();
        body["modifiers"] = names.into();
    }
    Ok(())
}

fn place(rect: Rect) -> [(String, Value); 4] {
    [
        ("x".to_owned(), rect.x.into()),
        ("y".to_owned(), rect.y.into()),
        ("width".to_owned(), rect.width.into()),
        ("height".to_owned(), rect.height.into()),
    ]
}
