//! The desktop API over HTTP.

use std::time::Duration;

use async_trait::async_trait;
use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{
    Desktop, DesktopError, Refused, Result, StatusStream, ready,
    wire::{
        DisplayInfo, Done, ErrorBody, ExecuteRequest, ExecuteResult, Extensions, Health,
        ImageFormat, Items, Position, ProcessErrors, ProcessInfo, ProcessLogs, ProcessRestart,
        ProcessStatusList, RecordingStatus, RecordingSummary, Window,
    },
};
use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Direction, Key},
};

/// The protocol's default timeout of a request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(300);

/// A stream stays open as long as it is read; a year is "no timeout" here.
const STREAM_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 3600);

/// The longest text that `POST /api/input/type` takes, in characters.
const MAX_TEXT: usize = 50_000;

/// A desktop at a URL.
#[derive(Clone)]
pub struct DesktopClient {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl std::fmt::Debug for DesktopClient {
    /// Without the token: a client may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DesktopClient")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl DesktopClient {
    /// A client of the desktop whose API is below `url`, such as
    /// `http://127.0.0.1:4000`. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Argument`] if no HTTP client can be set up.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self> {
        // A proxy of the environment would send loopback requests elsewhere.
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(REQUEST_TIMEOUT)
            .user_agent(concat!("deskhand/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| DesktopError::Argument {
                field: "url",
                problem: format!("gives no HTTP client: {error}"),
            })?;
        Ok(Self {
            http,
            base: url.trim_end_matches('/').to_owned(),
            token: token.map(str::to_owned),
        })
    }

    /// The address that every path is below.
    #[must_use]
    pub fn desktop_url(&self) -> &str {
        &self.base
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn send(&self, call: &str, request: RequestBuilder) -> Result<Response> {
        let response = request
            .send()
            .await
            .map_err(|error| self.transport(call, &error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let text = response.text().await.unwrap_or_default();
        let body = serde_json::from_str::<ErrorBody>(&text).unwrap_or_else(|_| ErrorBody {
            message: text.chars().take(200).collect(),
            errors: Vec::new(),
        });
        Err(Box::new(Refused {
            status,
            call: call.to_owned(),
            message: body.message,
            errors: body.errors,
            ..Refused::default()
        })
        .into())
    }

    async fn json<T: DeserializeOwned>(&self, call: &str, request: RequestBuilder) -> Result<T> {
        let bytes = self.bytes(call, request).await?;
        serde_json::from_slice(&bytes).map_err(|error| DesktopError::Answer {
            call: call.to_owned(),
            problem: error.to_string(),
        })
    }

    async fn bytes(&self, call: &str, request: RequestBuilder) -> Result<Vec<u8>> {
        let response = self.send(call, request).await?;
        let bytes = response
            .bytes()
            .await
            .map_err(|error| self.transport(call, &error))?;
        Ok(bytes.into())
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.json(&format!("GET {path}"), self.request(Method::GET, path))
            .await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T> {
        self.json(
            &format!("POST {path}"),
            self.request(Method::POST, path).json(body),
        )
        .await
    }

    fn transport(&self, call: &str, error: &reqwest::Error) -> DesktopError {
        if error.is_timeout() {
            return DesktopError::Timeout {
                call: call.to_owned(),
                after: REQUEST_TIMEOUT,
            };
        }
        // The outermost text of reqwest only repeats the URL; the cause is below.
        let mut cause: &dyn std::error::Error = error;
        while let Some(below) = cause.source() {
            cause = below;
        }
        DesktopError::Connection {
            url: self.base.clone(),
            reason: cause.to_string(),
        }
    }
}

#[async_trait]
impl Desktop for DesktopClient {
    async fn health(&self) -> Result<bool> {
        let call = "GET /api/healthz";
        let request = self.request(Method::GET, "/api/healthz");
        let response = request
            .send()
            .await
            .map_err(|error| self.transport(call, &error))?;
        // 503 is an answer here: the server is there, the display is not.
        let health: Health = response
            .json()
            .await
            .map_err(|error| DesktopError::Answer {
                call: call.to_owned(),
                problem: error.to_string(),
            })?;
        Ok(health.ok)
    }

    async fn display_info(&self) -> Result<DisplayInfo> {
        self.get("/api/display").await
    }

    async fn screen(&self) -> Result<DisplayInfo> {
        self.get("/api/display/screen").await
    }

    async fn resize_screen(&self, size: Size) -> Result<DisplayInfo> {
        let body = json!({"width": size.width, "height": size.height});
        self.post("/api/display/screen", &body).await
    }

    async fn windows(&self) -> Result<Vec<Window>> {
        let list: Items<Window> = self.get("/api/display/windows").await?;
        Ok(list.items)
    }

    async fn screenshot(&self, region: Option<Rect>, format: ImageFormat) -> Result<Vec<u8>> {
        let mut query = picture(format);
        if let Some(rect) = region {
            query.extend(place(rect));
        }
        let request = self.request(Method::GET, "/api/screenshot").query(&query);
        self.bytes("GET /api/screenshot", request).await
    }

    async fn screenshot_region(&self, region: Rect, format: ImageFormat) -> Result<Vec<u8>> {
        let mut body = picture(format);
        body.extend(place(region));
        let path = "/api/screenshot/region";
        let request = self.request(Method::POST, path).json(&body);
        self.bytes("POST /api/screenshot/region", request).await
    }

    async fn pointer_position(&self) -> Result<Point> {
        let position: Position = self.get("/api/input/position").await?;
        Ok(position.into())
    }

    async fn move_pointer(&self, to: Point) -> Result<Point> {
        let body = json!({"x": to.x, "y": to.y});
        let position: Position = self.post("/api/input/move", &body).await?;
        Ok(position.into())
    }

    async fn click(&self, at: Option<Point>, button: Button) -> Result<Point> {
        let mut body = json!({"button": button.number()});
        if let Some(point) = at {
            body["x"] = point.x.into();
            body["y"] = point.y.into();
        }
        let position: Position = self.post("/api/input/click", &body).await?;
        Ok(position.into())
    }

    async fn drag(&self, from: Point, to: Point, button: Button) -> Result<Point> {
        let body = json!({
            "from_x": from.x, "from_y": from.y, "to_x": to.x, "to_y": to.y,
            "button": button.number(),
        });
        let position: Position = self.post("/api/input/drag", &body).await?;
        Ok(position.into())
    }

    async fn scroll(&self, direction: Direction, amount: u32) -> Result<Point> {
        let body = json!({"direction": direction.name(), "amount": amount});
        let position: Position = self.post("/api/input/scroll", &body).await?;
        Ok(position.into())
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        let count = text.chars().count();
        if count > MAX_TEXT {
            return Err(DesktopError::Argument {
                field: "text",
                problem: format!("has {count} characters; at most {MAX_TEXT} can be typed at once"),
            });
        }
        let _: Done = self.post("/api/input/type", &json!({"text": text})).await?;
        Ok(())
    }

    async fn press_key(&self, key: &Key) -> Result<()> {
        let _: Done = self
            .post("/api/input/press", &json!({"key": key.name()}))
            .await?;
        Ok(())
    }

    async fn hotkey(&self, chord: &Chord) -> Result<()> {
        let keys: Vec<&str> = chord.keys().iter().map(Key::name).collect();
        let _: Done = self
            .post("/api/input/hotkey", &json!({"keys": keys}))
            .await?;
        Ok(())
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
        self.get(&format!("/api/recordings/{id}")).await
    }

    async fn download_recording(&self, id: &str) -> Result<Vec<u8>> {
        let path = format!("/api/recordings/{id}/download");
        self.bytes(&format!("GET {path}"), self.request(Method::GET, &path))
            .await
    }

    async fn delete_recording(&self, id: &str) -> Result<()> {
        let path = format!("/api/recordings/{id}");
        let request = self.request(Method::DELETE, &path);
        self.send(&format!("DELETE {path}"), request).await?;
        Ok(())
    }

    async fn process_status(&self) -> Result<ProcessStatusList> {
        self.get("/api/status").await
    }

    async fn status_stream(&self) -> Result<StatusStream> {
        let call = "GET /api/status/stream";
        let request = self
            .request(Method::GET, "/api/status/stream")
            .timeout(STREAM_TIMEOUT);
        let bytes = self.send(call, request).await?.bytes_stream();
        let client = self.clone();
        let events = bytes.eventsource().map(move |event| {
            let event = event.map_err(|error| DesktopError::Connection {
                url: client.base.clone(),
                reason: error.to_string(),
            })?;
            ready::read_status(&event.event, &event.data)
        });
        Ok(events.boxed())
    }

    async fn get_process(&self, name: &str) -> Result<ProcessInfo> {
        self.get(&format!("/api/process/{name}/status")).await
    }

    async fn restart_process(&self, name: &str) -> Result<ProcessRestart> {
        self.post(&format!("/api/process/{name}/restart"), &json!({}))
            .await
    }

    async fn process_logs(&self, name: &str) -> Result<String> {
        let logs: ProcessLogs = self.get(&format!("/api/process/{name}/logs")).await?;
        Ok(logs.logs)
    }

    async fn process_errors(&self, name: &str) -> Result<String> {
        let errors: ProcessErrors = self.get(&format!("/api/process/{name}/errors")).await?;
        Ok(errors.errors)
    }

    async fn extensions(&self) -> Result<Extensions> {
        match self.get("/api/extensions").await {
            // A desktop of the protocol alone does not know the path.
            Err(error) if error.status() == Some(404) => Ok(Extensions::default()),
            answer => answer,
        }
    }

    async fn execute(&self, request: &ExecuteRequest) -> Result<ExecuteResult> {
        match self.post("/api/process/execute", request).await {
            Err(error) if error.status() == Some(404) => Err(DesktopError::Unsupported {
                what: "run commands",
                extension: Extensions::EXECUTE,
            }),
            answer => answer,
        }
    }

    async fn wait_until_ready(&self, timeout: Duration) -> Result<()> {
        ready::wait_until_ready(self, timeout).await
    }
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

fn place(rect: Rect) -> [(String, Value); 4] {
    [
        ("x".to_owned(), rect.x.into()),
        ("y".to_owned(), rect.y.into()),
        ("width".to_owned(), rect.width.into()),
        ("height".to_owned(), rect.height.into()),
    ]
}
