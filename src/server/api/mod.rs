//! The desktop API over HTTP: who may ask, and which path does what.
//!
//! It listens on loopback and wants a token in every request. A page in the
//! user's browser can reach loopback too, so a request that names another host
//! than ours, or comes from another origin, is refused before anything else.

mod display;
mod execute;
mod fields;
mod input;
mod process;
mod recording;
mod refusal;

use std::{future::IntoFuture, sync::Arc};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::refusal::Refusal;
use super::Parts;
use crate::desktop::wire::Extensions;

/// The largest request body: 50,000 characters of text in JSON escapes.
const MAX_BODY: usize = 1 << 20;

type Shared = State<Arc<Parts>>;

/// Serves until `stop`.
pub(super) async fn serve(listener: TcpListener, parts: Arc<Parts>, stop: CancellationToken) {
    let server = axum::serve(listener, router(parts)).into_future();
    tokio::select! {
        // An error of one connection does not end the server; there is no other.
        _ = server => {}
        () = stop.cancelled() => {}
    }
}

fn router(parts: Arc<Parts>) -> Router {
    Router::new()
        .route("/api/healthz", get(display::health))
        .route("/api/display", get(display::info))
        .route("/api/display/screen", get(display::info))
        .route("/api/display/windows", get(display::windows))
        .route("/api/screenshot", get(display::screenshot))
        .route("/api/input/position", get(input::position))
        .route("/api/input/move", post(input::move_pointer))
        .route("/api/input/click", post(input::click))
        .route("/api/input/type", post(input::type_text))
        .route("/api/input/press", post(input::press))
        .route("/api/input/hotkey", post(input::hotkey))
        .route("/api/recording", get(recording::status))
        .route("/api/recording/start", post(recording::start))
        .route("/api/recording/stop", post(recording::stop))
        .route("/api/recordings/{id}/download", get(recording::download))
        .route("/api/status", get(process::status))
        .route("/api/status/stream", get(process::stream))
        .route("/api/process/execute", post(execute::execute))
        .route("/api/process/{name}/status", get(process::one))
        .route("/api/process/{name}/logs", get(process::logs))
        .route("/api/process/{name}/errors", get(process::errors))
        .route("/api/extensions", get(extensions))
        .fallback(|| async { Refusal::not_found("there is nothing at this path") })
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed() })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&parts), admit))
        .with_state(parts)
}

async fn extensions() -> Json<Extensions> {
    Json(Extensions {
        items: vec![Extensions::EXECUTE.to_owned()],
    })
}

/// Lets only those in who mean this server and know its token.
async fn admit(State(parts): Shared, request: Request, next: Next) -> Result<Response, Refusal> {
    let headers = request.headers();
    if !names_loopback(headers) {
        return Err(Refusal::forbidden(
            "this server answers only to a loopback address",
        ));
    }
    if !is_same_origin(headers) {
        return Err(Refusal::forbidden(
            "a page of another origin may not use this desktop",
        ));
    }
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = given.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(token.trim())
    });
    if !token.is_some_and(|token| same(token.as_bytes(), parts.token.as_bytes())) {
        return Err(Refusal::unauthorized());
    }
    Ok(next.run(request).await)
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

/// A browser names the origin of the page that asks; a program names none.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (
        headers.contains_key(header::ORIGIN),
        text(header::ORIGIN),
        text(header::HOST),
    ) {
        (false, ..) => true,
        (true, Some(origin), Some(host)) => origin.strip_prefix("http://") == Some(host),
        _ => false,
    }
}

/// Compares without telling by its time where the first difference is.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .fold(0, |sum, (left, right)| sum | (left ^ right))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_loopback_hosts_are_ours() {
        for (host, ours) in [
            ("127.0.0.1:4000", true),
            ("localhost", true),
            ("[::1]:80", true),
            ("evil.example", false),
            ("127.0.0.1.evil.example:80", false),
            ("", false),
        ] {
            assert_eq!(
                names_loopback(&headers(&[(header::HOST, host)])),
                ours,
                "{host}"
            );
        }
    }

    #[test]
    fn a_page_of_another_origin_is_a_stranger() {
        let host = (header::HOST, "127.0.0.1:4000");
        let from = |origin| headers(&[host.clone(), (header::ORIGIN, origin)]);
        assert!(is_same_origin(&headers(std::slice::from_ref(&host))));
        assert!(is_same_origin(&from("http://127.0.0.1:4000")));
        assert!(!is_same_origin(&from("http://evil.example")));
        assert!(!is_same_origin(&from("null")));
    }
}
