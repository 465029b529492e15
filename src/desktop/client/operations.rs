//! Every operation of the desktop API, as a call over HTTP.

use std::time::Duration;

use async_trait::async_trait;
use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::{ANSWER, DesktopClient, MAX_FRAME};
use crate::{
    desktop::{
        ByteStream, Desktop, DesktopError, Result, StatusStream, answer, bounds,
        call::Call,
        control_plane,
        error::no_reader,
        http::Answer,
        reader::{self, Way},
        ready,
        wire::{
            Arranged, Arrangement, Calm, Clicked, ClipboardContent, Damage, DisplayInfo,
            ExecuteRequest, ExecuteResult, Extensions, FRAME_SIZE, Health, Holding, ImageFormat,
            Items, Position, ProcessErrors, ProcessInfo, ProcessLogs, ProcessRestart,
            ProcessStatusList, RecordingStatus, RecordingSummary, Scope, Stack, Widget,
            WidgetQuery, WidgetTrees, WidgetsFound, Window, limits,
            operation::{self, Extension, Operation},
        },
    },
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Clipboard, Direction, Key},
    vision::Frame,
};

#[async_trait]
impl Desktop for DesktopClient {
    fn give_up(&self) {
        self.http.give_up();
    }

    async fn health(&self) -> Result<bool> {
        // 503 is an answer here: the server runs, but the display does not.
        let call = Call::of(&operation::HEALTH).unwell_is_an_answer();
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
        self.get(&operation::DISPLAY_INFO).await
    }

    async fn screen(&self) -> Result<DisplayInfo> {
        self.get(&operation::SCREEN).await
    }

    async fn resize_screen(&self, size: Size) -> Result<DisplayInfo> {
        bounds::screen(size)?;
        let body = json!({"width": size.width, "height": size.height});
        let call = Call::of(&operation::RESIZE_SCREEN)
            .json(&body)?
            .repeatable();
        self.json(&call).await
    }

    async fn windows(&self) -> Result<Vec<Window>> {
        let list: Items<Window> = self.get(&operation::WINDOWS).await?;
        Ok(list.items)
    }

    async fn screenshot(&self, region: Option<Rect>, format: ImageFormat) -> Result<Vec<u8>> {
        bounds::format(format)?;
        let mut fields = picture(format);
        if let Some(rect) = region {
            bounds::region(rect)?;
            fields.extend(place(rect));
        }
        let call = Call::of(&operation::SCREENSHOT).parameters(&fields)?;
        self.bytes(&call).await
    }

    async fn screenshot_region(&self, region: Rect, format: ImageFormat) -> Result<Vec<u8>> {
        bounds::format(format)?;
        bounds::region(region)?;
        let mut fields = picture(format);
        fields.extend(place(region));
        let call = Call::of(&operation::SCREENSHOT_REGION).json(&fields)?;
        self.bytes(&call.repeatable()).await
    }

    async fn pointer_position(&self) -> Result<Point> {
        let position: Position = self.get(&operation::POINTER_POSITION).await?;
        Ok(position.into())
    }

    async fn move_pointer(&self, to: Point) -> Result<Point> {
        bounds::point(to)?;
        let body = json!({"x": to.x, "y": to.y});
        let call = Call::of(&operation::MOVE_POINTER).json(&body)?.repeatable();
        let position: Position = self.json(&call).await?;
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
        self.post(&operation::CLICK, &body).await
    }

    async fn drag(&self, from: Point, to: Point, button: Button, held: &[Key]) -> Result<Point> {
        bounds::place("from_x", "from_y", from)?;
        bounds::place("to_x", "to_y", to)?;
        let mut body = json!({
            "from_x": from.x, "from_y": from.y, "to_x": to.x, "to_y": to.y,
            "button": button.number(),
        });
        hold(&mut body, held)?;
        self.point(&operation::DRAG, &body).await
    }

    async fn scroll(&self, direction: Direction, amount: u32) -> Result<Point> {
        bounds::amount(amount)?;
        let body = json!({"direction": direction.name(), "amount": amount});
        self.point(&operation::SCROLL, &body).await
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        bounds::text(text)?;
        self.act(&operation::TYPE_TEXT, &json!({"text": text}))
            .await?;
        Ok(())
    }

    async fn press_key(&self, key: &Key) -> Result<bool> {
        self.act(&operation::PRESS_KEY, &json!({"key": key.name()}))
            .await
    }

    async fn hotkey(&self, chord: &Chord) -> Result<bool> {
        let keys: Vec<&str> = chord.keys().iter().map(Key::name).collect();
        self.act(&operation::HOTKEY, &json!({"keys": keys})).await
    }

    async fn hold(&self, holding: &Holding) -> Result<Point> {
        bounds::holding(holding)?;
        let mut body = json!({"down": holding.down});
        if !holding.keys.is_empty() {
            let keys: Vec<&str> = holding.keys.iter().map(Key::name).collect();
            body["keys"] = keys.into();
        }
        if let Some(button) = holding.button {
            body["button"] = button.number().into();
        }
        if let Some(point) = holding.at {
            body["x"] = point.x.into();
            body["y"] = point.y.into();
        }
        // What is down is not pressed again.
        let call = Call::of(&operation::HOLD).json(&body)?.repeatable();
        let position: Position = self.json(&call).await?;
        Ok(position.into())
    }

    async fn recording_status(&self) -> Result<RecordingStatus> {
        self.get(&operation::RECORDING_STATUS).await
    }

    async fn start_recording(&self) -> Result<RecordingStatus> {
        self.post(&operation::START_RECORDING, &json!({})).await
    }

    async fn start_clean_recording(&self, frame_rate: u32) -> Result<RecordingStatus> {
        bounds::frame_rate(frame_rate)?;
        // A desktop that does not know it would make a plain recording.
        if let Some(Extension { name, what }) = operation::RECORDED_FRAMES.extension
            && !self.extensions().await?.has(name)
        {
            let extension = name;
            return Err(DesktopError::Unsupported { what, extension });
        }
        let body = json!({"clean": true, "frame_rate": frame_rate});
        self.post(&operation::START_RECORDING, &body).await
    }

    async fn stop_recording(&self) -> Result<RecordingStatus> {
        self.post(&operation::STOP_RECORDING, &json!({})).await
    }

    async fn recordings(&self) -> Result<Vec<RecordingSummary>> {
        let list: Items<RecordingSummary> = self.get(&operation::RECORDINGS).await?;
        Ok(list.items)
    }

    async fn get_recording(&self, id: &str) -> Result<RecordingSummary> {
        bounds::id("id", id)?;
        self.about(&operation::GET_RECORDING, id).await
    }

    async fn download_recording(&self, id: &str) -> Result<Vec<u8>> {
        bounds::id("id", id)?;
        let call = Call::about(&operation::DOWNLOAD_RECORDING, id);
        self.bytes(&call).await
    }

    async fn recorded_frames(&self, id: &str) -> Result<ByteStream> {
        bounds::id("id", id)?;
        let call = Call::about(&operation::RECORDED_FRAMES, id);
        let response = self.explained(&call, self.http.open(&call).await).await?;
        let (http, name) = (self.http.clone(), call.name());
        let parts = stream::try_unfold(response, move |mut response| {
            let (http, call) = (http.clone(), name.clone());
            async move {
                let part = timeout(ANSWER, response.chunk()).await;
                let part = part.map_err(|_| DesktopError::Timeout {
                    call,
                    after: ANSWER,
                })?;
                let part = part.map_err(|error| http.broken(&error))?;
                Ok(part.map(|part| (part, response)))
            }
        });
        Ok(parts.boxed())
    }

    async fn delete_recording(&self, id: &str) -> Result<()> {
        bounds::id("id", id)?;
        let call = Call::about(&operation::DELETE_RECORDING, id);
        self.bytes(&call).await?;
        Ok(())
    }

    async fn process_status(&self) -> Result<ProcessStatusList> {
        self.get(&operation::PROCESS_STATUS).await
    }

    async fn status_stream(&self) -> Result<StatusStream> {
        let response = self.http.open(&Call::of(&operation::STATUS_STREAM)).await?;
        let http = self.http.clone();
        let events = response.bytes_stream().eventsource().map(move |event| {
            let event = event.map_err(|error| http.broken(&error))?;
            ready::read_status(&event.event, &event.data)
        });
        Ok(events.boxed())
    }

    async fn get_process(&self, name: &str) -> Result<ProcessInfo> {
        bounds::process(name)?;
        self.about(&operation::GET_PROCESS, name).await
    }

    async fn restart_process(&self, name: &str) -> Result<ProcessRestart> {
        bounds::process(name)?;
        let call = Call::about(&operation::RESTART_PROCESS, name).json(&json!({}))?;
        self.json(&call).await
    }

    async fn process_logs(&self, name: &str) -> Result<String> {
        bounds::process(name)?;
        let logs: ProcessLogs = self.about(&operation::PROCESS_LOGS, name).await?;
        Ok(logs.logs)
    }

    async fn process_errors(&self, name: &str) -> Result<String> {
        bounds::process(name)?;
        let errors: ProcessErrors = self.about(&operation::PROCESS_ERRORS, name).await?;
        Ok(errors.errors)
    }

    async fn extensions(&self) -> Result<Extensions> {
        let mut extensions = match self.get(&operation::EXTENSIONS).await {
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
        let call = control_plane::execution(Call::of(&operation::EXECUTE), request)?;
        self.json(&call).await
    }

    async fn read_file(&self, path: &str) -> Result<Vec<u8>> {
        bounds::path(path)?;
        if let Some(commands) = &self.commands {
            return commands.read_file(path).await;
        }
        let call = Call::of(&operation::READ_FILE).query("path", path);
        self.bytes(&call).await
    }

    async fn write_file(&self, path: &str, bytes: &[u8]) -> Result<()> {
        bounds::path(path)?;
        if let Some(commands) = &self.commands {
            return commands.write_file(path, bytes).await;
        }
        bounds::file(bytes)?;
        let call = Call::of(&operation::WRITE_FILE).query("path", path);
        self.bytes(&call.bytes(bytes.to_vec())).await?;
        Ok(())
    }

    async fn read_clipboard(&self, clipboard: Clipboard) -> Result<ClipboardContent> {
        let call = Call::of(&operation::READ_CLIPBOARD);
        self.json(&call.query("selection", clipboard.name())).await
    }

    async fn write_clipboard(&self, clipboard: Clipboard, text: &str) -> Result<()> {
        bounds::clipboard(text)?;
        let call = Call::of(&operation::WRITE_CLIPBOARD).query("selection", clipboard.name());
        self.bytes(&call.bytes(text.into())).await?;
        Ok(())
    }

    async fn stack(&self, region: Option<Rect>) -> Result<Stack> {
        let call = part_of(&operation::STACK, region)?;
        self.json(&call).await
    }

    async fn calm(&self, region: Option<Rect>) -> Result<Calm> {
        let call = part_of(&operation::CALM, region)?;
        self.json(&call).await
    }

    async fn damage(
        &self,
        region: Option<Rect>,
        since: Option<u64>,
        wait: Duration,
    ) -> Result<Damage> {
        bounds::wait(wait)?;
        let mut call = part_of(&operation::DAMAGE, region)?.outlasting(wait + ANSWER);
        if let Some(since) = since {
            call = call.query("since", &since.to_string());
            call = call.query("wait", &wait.as_millis().to_string());
        }
        self.json(&call).await
    }

    async fn frame(&self, region: Option<Rect>) -> Result<Frame> {
        let call = part_of(&operation::FRAME, region)?;
        let answer = self.http.answer(&call, MAX_FRAME).await;
        let Answer { headers, body, .. } = self.explained(&call, answer).await?;
        let size = headers.get(FRAME_SIZE).and_then(|size| size.to_str().ok());
        let size: Option<Size> = size.and_then(|size| size.parse().ok());
        let frame = match size {
            Some(size) => Frame::new(size, body).map_err(|error| format!("a picture that {error}")),
            None => Err(format!("the header `{FRAME_SIZE}` has no size")),
        };
        frame.map_err(|problem| DesktopError::Answer {
            call: call.name(),
            problem,
        })
    }

    async fn arrange_window(
        &self,
        id: &str,
        wanted: &Arrangement,
        wait: Duration,
    ) -> Result<Arranged> {
        bounds::id("window", id)?;
        bounds::arrangement(wanted)?;
        bounds::wait(wait)?;
        let mut body = json!(wanted);
        body["wait"] = json!(wait.as_millis());
        let call = Call::about(&operation::ARRANGE_WINDOW, id).json(&body)?;
        self.json(&call.outlasting(wait + ANSWER)).await
    }

    async fn no_widgets(&self) -> Result<Option<String>> {
        if self.extensions().await?.has(Extensions::WIDGETS) {
            return Ok(None);
        }
        Ok(match self.reader().await? {
            Way::Commands { .. } => None,
            Way::None(lacks) => Some(no_reader(lacks)),
        })
    }

    async fn widgets(&self, scope: &Scope) -> Result<WidgetTrees> {
        let call = Call::of(&operation::WIDGETS);
        let call = match scope {
            Scope::All => call,
            Scope::Focused => call.query("scope", "focused"),
            Scope::Window(id) => call.query("window", id),
            Scope::Widget(id) => call.query("widget", id),
        };
        let otherwise = |has_stack| reader::trees(self, scope, has_stack);
        self.widgets_or(call, otherwise).await
    }

    async fn find_widgets(&self, query: &WidgetQuery) -> Result<WidgetsFound> {
        bounds::widget(query)?;
        let call = Call::of(&operation::FIND_WIDGETS).json(&json!(query))?;
        let otherwise = |has_stack| reader::find(self, query, has_stack);
        self.widgets_or(call, otherwise).await
    }

    async fn reveal_widget(&self, id: &str) -> Result<Widget> {
        let call = Call::of(&operation::REVEAL_WIDGET).json(&json!({ "widget": id }))?;
        let otherwise = |has_stack| reader::reveal(self, id, has_stack);
        self.widgets_or(call, otherwise).await
    }

    async fn wait_until_ready(&self, timeout: Duration) -> Result<()> {
        ready::wait_until_ready(self, timeout).await
    }
}

/// A question about the whole screen or a region of it.
fn part_of(operation: &'static Operation, region: Option<Rect>) -> Result<Call> {
    let call = Call::of(operation);
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
