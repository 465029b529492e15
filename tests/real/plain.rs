//! A scenario on a desktop at a URL that offers the protocol and nothing else.

use std::{fs, net::SocketAddr, process::Command, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reqwest::Client;

use crate::{arrive::program, place::Place, program::shell, started::Started};

/// What the local desktop can do beside the protocol.
const EXTENSIONS: [&str; 8] = [
    "/api/extensions",
    "/api/display/stack",
    "/api/display/calm",
    "/api/clipboard",
    "/api/damage",
    "/api/frame",
    "/api/process/execute",
    "/api/files",
];

/// Hands everything on to the desktop, but knows no extension, and tells of a click
/// and of keys only what the protocol does.
async fn hand_on(State((http, url)): State<(Client, String)>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if EXTENSIONS.contains(&&*path) || path.starts_with("/api/windows/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let address = format!("{url}{}", request.uri().path_and_query().unwrap());
    let (parts, body) = request.into_parts();
    let mut call = http.request(parts.method, address);
    for name in ["authorization", "content-type"] {
        if let Some(value) = parts.headers.get(name) {
            call = call.header(name, value);
        }
    }
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let answer = call.body(body).send().await.unwrap();
    let (status, kind) = (
        answer.status(),
        answer.headers().get("content-type").cloned(),
    );
    let body = if path.starts_with("/api/input/") {
        let mut told: serde_json::Value = answer.json().await.unwrap();
        for field in ["focus", "reached"] {
            told.as_object_mut().unwrap().remove(field);
        }
        Body::from(told.to_string())
    } else {
        Body::from_stream(answer.bytes_stream())
    };
    let mut response = (status, body).into_response();
    if let Some(kind) = kind {
        response.headers_mut().insert("content-type", kind);
    }
    response
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_protocol_does_not_tell_is_not_checked_and_that_is_said_once() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--size", "1280x800"], &[]);
    let form = program("form.py");
    shell(
        &desktop.client(),
        &format!("/usr/bin/python3 {form} >/dev/null 2>&1 &"),
    )
    .await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let http = Client::builder().no_proxy().build().unwrap();
    let state = (http, desktop.said("url").to_owned());
    let service = Router::new().fallback(hand_on).with_state(state);
    let serving = tokio::spawn(async { axum::serve(listener, service).await });

    let scenario = place.path().join("plain.yaml");
    let steps = "version: 1\nname: Plain\ndesktop: { size: 1280x800 }\nsteps:
  - wait-ready
  - wait: { window: /Form/, stable: 300ms }
  - click: [890, 160]
  - type: abc
  - hotkey: ctrl+a
  - press: { key: Delete, times: 3 }
  - type: x
  - wait: { window: \"Form: x / 0\" }
  - click: { text: Count }
  - wait: { window: \"Form: x / 1\" }
";
    fs::write(&scenario, steps).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_deskhand"));
    run.args([
        "run",
        "--target",
        &format!("http://{address}"),
        "--artifacts",
    ])
    .arg(place.path().join("artifacts"))
    .arg(&scenario)
    .env("DESKHAND_TOKEN", desktop.said("token"));
    let played = tokio::task::spawn_blocking(move || run.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8(played.stderr).unwrap();
    assert!(played.status.success(), "{said}");
    let note = "does not report which window is on top";
    assert_eq!(said.matches(note).count(), 1, "{said}");
    serving.abort();
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}
