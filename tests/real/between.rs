//! Something between a client and a desktop, which hides extensions of it.

use std::net::SocketAddr;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use deskhand::{
    desktop::wire::{Extensions, FRAME_SIZE},
    internal::desktop::extension_of,
};
use reqwest::Client;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::started::Started;

/// What hands everything on to a desktop but what belongs to an extension that it hides.
pub(crate) struct Between {
    pub(crate) url: String,
    serving: JoinHandle<std::io::Result<()>>,
}

#[derive(Clone)]
struct Hiding {
    http: Client,
    url: String,
    hidden: Extensions,
}

impl Between {
    /// Hides these extensions of a desktop.
    pub(crate) async fn hiding(hidden: Extensions, desktop: &Started) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        // The first client sets up what encrypts, without which there is no other.
        drop(desktop.client());
        let state = Hiding {
            http: Client::builder().no_proxy().build().unwrap(),
            url: desktop.said("url").to_owned(),
            hidden,
        };
        let service = Router::new().fallback(hand_on).with_state(state);
        Self {
            url: format!("http://{address}"),
            serving: tokio::spawn(async { axum::serve(listener, service).await }),
        }
    }

    /// Hides all extensions of a desktop, which then has the protocol and nothing else.
    pub(crate) async fn hiding_all(desktop: &Started) -> Self {
        Self::hiding(Extensions::all(), desktop).await
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn hand_on(State(between): State<Hiding>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let is_hidden = |name: &str| between.hidden.has(name);
    if extension_of(request.method(), &path).is_some_and(is_hidden) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let address = format!("{}{}", between.url, request.uri().path_and_query().unwrap());
    let (parts, body) = request.into_parts();
    let mut call = between.http.request(parts.method, address);
    for name in ["authorization", "content-type"] {
        if let Some(value) = parts.headers.get(name) {
            call = call.header(name, value);
        }
    }
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let answer = call.body(body).send().await.unwrap();
    let status = answer.status();
    let headers = answer.headers();
    let told: Vec<_> = ["content-type", FRAME_SIZE]
        .into_iter()
        .filter_map(|name| Some((name, headers.get(name)?.clone())))
        .collect();
    let body = if path == "/api/extensions" {
        let mut fields: Value = answer.json().await.unwrap();
        let items = fields["items"].as_array_mut().unwrap();
        items.retain(|name| !is_hidden(name.as_str().unwrap()));
        Body::from(fields.to_string())
    } else if path.starts_with("/api/input/") && is_hidden(Extensions::STACK) {
        let mut fields: Value = answer.json().await.unwrap();
        for field in ["focus", "reached"] {
            fields.as_object_mut().unwrap().remove(field);
        }
        Body::from(fields.to_string())
    } else {
        Body::from_stream(answer.bytes_stream())
    };
    let mut response = (status, body).into_response();
    for (name, value) in told {
        response.headers_mut().insert(name, value);
    }
    response
}
