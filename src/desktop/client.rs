//! The desktop API over HTTP.

mod operations;

use std::{sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::{
    Desktop, DesktopError, Result,
    call::Call,
    control_plane::Commands,
    http::{Credentials, Http},
    reader::{self, Way},
    retry::Retries,
    wire::{
        Done, Extensions, Position, limits,
        operation::{Extension, Operation},
    },
};
use crate::geometry::Point;

/// The bytes of the largest screen, three for each pixel.
const MAX_FRAME: usize = *limits::WIDTH.end() as usize * *limits::HEIGHT.end() as usize * 3;

/// How long an answer may take in addition to the time that was asked for.
const ANSWER: Duration = Duration::from_secs(30);

/// A desktop at a URL.
#[derive(Clone)]
pub struct DesktopClient {
    http: Http,
    /// How commands run, and files move, where the desktop itself does neither.
    commands: Option<Commands>,
    /// How its widgets are read where it does not report them, once that was asked.
    reader: Arc<OnceCell<Way>>,
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
    /// [`DesktopError::Argument`] if `url` is not an address, a header cannot carry
    /// `token`, or no HTTP client can be set up.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self> {
        let encrypted = !url.starts_with("http://");
        let http = Http::new(url, encrypted, token.map(Credentials::bearer))?;
        Ok(Self::over(http, None))
    }

    /// The desktop at the address of `http`, with `commands` if it runs none
    /// itself.
    pub(super) fn over(http: Http, commands: Option<Commands>) -> Self {
        Self {
            http,
            commands,
            reader: Arc::default(),
        }
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

    /// The same desktop, whose calls are repeated if it asks to wait (429), or if nobody answered a
    /// question at that moment: three times, within seconds.
    #[must_use]
    pub fn with_retries(mut self) -> Self {
        self.http = self.http.with_retries(Retries::HOSTED);
        self
    }

    /// The same desktop for another session, which is not affected if this one was given up.
    ///
    /// # Errors
    ///
    /// None in practice: its address was one before.
    pub fn anew(&self) -> Result<Self> {
        Ok(Self {
            http: self.http.at(self.http.base())?,
            commands: self.commands.clone(),
            reader: Arc::clone(&self.reader),
        })
    }

    /// The address that every path is below.
    #[must_use]
    pub fn desktop_url(&self) -> &str {
        self.http.base()
    }

    /// The answer of an operation without arguments.
    async fn get<T: DeserializeOwned>(&self, operation: &'static Operation) -> Result<T> {
        self.json(&Call::of(operation)).await
    }

    /// The answer of an operation with a body.
    async fn post<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        body: &impl Serialize,
    ) -> Result<T> {
        self.json(&Call::of(operation).json(body)?).await
    }

    /// The answer of an operation on the thing with this name or id.
    async fn about<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        thing: &str,
    ) -> Result<T> {
        self.json(&Call::about(operation, thing)).await
    }

    async fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        self.explained(call, self.http.json(call).await).await
    }

    async fn bytes(&self, call: &Call) -> Result<Vec<u8>> {
        self.explained(call, self.http.bytes(call).await).await
    }

    /// An action whose answer says only that it was done, and whether it reached anybody: if the
    /// desktop does not say, it did.
    async fn act(&self, operation: &'static Operation, body: &Value) -> Result<bool> {
        let call = Call::of(operation).json(body)?;
        let Done { ok, reached } = self.json(&call).await?;
        if ok {
            return Ok(reached.unwrap_or(true));
        }
        Err(DesktopError::Answer {
            call: call.name(),
            problem: "`ok`: false, where a failed action has an error status".to_owned(),
        })
    }

    /// What a desktop answers. If it does not know the path of an extension, the error says so.
    async fn explained<T>(&self, call: &Call, answer: Result<T>) -> Result<T> {
        match (answer, call.extension()) {
            (Err(error), Some(Extension { name, what }))
                if matches!(error.status(), Some(404 | 405)) =>
            {
                if self.extensions().await?.has(name) {
                    return Err(error);
                }
                let extension = name;
                Err(DesktopError::Unsupported { what, extension })
            }
            (answer, _) => answer,
        }
    }

    /// How widgets are read where the desktop does not report them.
    async fn reader(&self) -> Result<&Way> {
        let probe = || async {
            let announced = self.extensions().await?;
            if announced.has(Extensions::EXECUTE) {
                reader::probe(self, &announced).await
            } else {
                Ok(Way::None("commands".to_owned()))
            }
        };
        self.reader.get_or_try_init(probe).await
    }

    /// What the desktop answers about widgets, or what is read `otherwise` where it does
    /// not report them.
    async fn widgets_or<T, F>(&self, call: Call, otherwise: impl FnOnce(bool) -> F) -> Result<T>
    where
        T: DeserializeOwned,
        F: Future<Output = Result<T>>,
    {
        if !self.reader.initialized() {
            let answer = self.json(&call).await;
            if !matches!(answer, Err(DesktopError::Unsupported { .. })) {
                return answer;
            }
        }
        match self.reader().await? {
            Way::Commands { has_stack } => otherwise(*has_stack).await,
            Way::None(lacks) => Err(DesktopError::NoWidgets {
                lacks: lacks.clone(),
            }),
        }
    }

    /// An action whose answer is the new position of the pointer.
    async fn point(&self, operation: &'static Operation, body: &Value) -> Result<Point> {
        let position: Position = self.post(operation, body).await?;
        Ok(position.into())
    }
}
