//! The clients against a server on loopback that answers what it is told to,
//! and keeps what it was sent.

mod calls;
mod filesystem;
mod plane;
mod reader;
mod refusals;
mod streams;

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, Uri},
};
use futures_util::{StreamExt, stream};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

use super::{
    DesktopClient,
    http::{Credentials, Http},
    retry::Retries,
};

/// What the server says to one request.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    chunks: Vec<Vec<u8>>,
    /// Whether the connection breaks before the end.
    breaks: bool,
    delay: Duration,
}

/// What the server was sent.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// `GET /api/screenshot?format=png`.
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

#[derive(Debug, Default)]
struct Script {
    answers: Vec<Answer>,
    seen: Vec<Seen>,
}

/// A server that gives its answers in order, the last one to all that follow.
pub(super) struct Server {
    port: u16,
    script: Arc<Mutex<Script>>,
    task: JoinHandle<io::Result<()>>,
}

impl Answer {
    pub(super) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            chunks: vec![body.into()],
            breaks: false,
            delay: Duration::ZERO,
        }
    }

    pub(super) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    pub(super) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn in_chunks(mut self, chunks: Vec<Vec<u8>>) -> Self {
        self.chunks = chunks;
        self
    }

    pub(super) fn breaking(mut self) -> Self {
        self.breaks = true;
        self
    }

    pub(super) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn into_response(mut self) -> Response<Body> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = if self.chunks.len() == 1 && !self.breaks {
            Body::from(self.chunks.remove(0))
        } else {
            let end = self.breaks.then(|| Err(io::Error::other("broken")));
            let chunks = self.chunks.into_iter().map(Ok).chain(end);
            // Each chunk leaves on its own.
            let chunks = stream::iter(chunks).then(async |chunk| {
                tokio::task::yield_now().await;
                chunk
            });
            Body::from_stream(chunks.boxed())
        };
        response.body(body).expect("a response")
    }
}

impl Server {
    pub(super) async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let script = Arc::new(Mutex::new(Script {
            answers: answers.into_iter().collect(),
            seen: Vec::new(),
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        let task = tokio::spawn(async move { axum::serve(listener, app).await });
        Self { port, script, task }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it; nobody answers at its address any more.
    pub(super) async fn end(mut self) {
        self.task.abort();
        // It is done once it holds the port no longer.
        let _ = (&mut self.task).await;
    }

    /// Everything it was sent, in order.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.script.lock().expect("no panic").seen.clone()
    }

    /// A client that repeats nothing.
    pub(super) fn client(&self) -> DesktopClient {
        DesktopClient::new(&self.url(), Some("secret")).expect("a client")
    }

    /// A client that repeats calls three times, with short pauses.
    pub(super) fn retrying_client(&self) -> DesktopClient {
        let http = Http::new(&self.url(), false, Some(Credentials::bearer("secret")))
            .expect("a client")
            .with_retries(Retries {
                most: 3,
                first_pause: Duration::from_millis(5),
            });
        DesktopClient::over(http, None)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(script): State<Arc<Mutex<Script>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let answer = {
        let mut script = script.lock().expect("no panic");
        script.seen.push(Seen {
            line: format!("{method} {uri}"),
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        if script.answers.len() > 1 {
            script.answers.remove(0)
        } else {
            script.answers.first().expect("an answer").clone()
        }
    };
    sleep(answer.delay).await;
    answer.into_response()
}
