//! The viewer: noVNC's page, which connects on its own to the desktop of the
//! address that it came from.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use tower_http::services::ServeDir;

use super::{Shared, forward::forward, range, refusal::Refusal};
use crate::server::machine::Machine;

/// Where Debian's package `novnc` puts the viewer.
const FOLDER: &str = "/usr/share/novnc";

/// The parts of it that its page asks for.
const PARTS: [&str; 4] = ["/app", "/core", "/include", "/vendor"];

/// The path of the WebSocket, which is noVNC's own choice.
const SOCKET: &str = "/websockify";

/// Tells the page, before it reads its address, to connect at once and to scale
/// the picture, where its WebSocket is, and to forget the token that its
/// address brought.
const SETTINGS: &str = "<script>\
{const here=location.pathname.replace(/[^/]*$/,'');\
history.replaceState(null,'',here+'?autoconnect=true&reconnect=true&resize=scale&path='\
+encodeURIComponent(here.slice(1)+'websockify'))}\
</script>";

/// Whether a path belongs to the viewer.
pub(super) fn is_at(path: &str) -> bool {
    let within = |part| {
        path.strip_prefix(part)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    path == "/" || path == SOCKET || PARTS.into_iter().any(within)
}

pub(super) fn routes() -> Router<Arc<Machine>> {
    let page = Router::new()
        .route("/", get(page))
        .route(SOCKET, get(socket));
    PARTS.into_iter().fold(page, |routes, part| {
        let files = ServeDir::new(format!("{FOLDER}{part}"));
        let served = move |request| range::serve(files.clone(), request);
        routes.nest_service(part, any(served))
    })
}

async fn page() -> Result<Response, Refusal> {
    let file = format!("{FOLDER}/vnc.html");
    let text = tokio::fs::read_to_string(&file).await.map_err(|error| {
        Refusal::internal(format!("the viewer's page {file} cannot be read: {error}"))
    })?;
    let page = text.replacen("<head>", &format!("<head>{SETTINGS}"), 1);
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
    ];
    Ok((headers, Html(page)).into_response())
}

/// The WebSocket, on its way to the desktop's own bridge to VNC.
async fn socket(State(machine): Shared, request: Request) -> Result<Response, Refusal> {
    let wants_socket = request
        .headers()
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    if !wants_socket {
        return Err(Refusal::field("Upgrade", "must be `websocket` here"));
    }
    let port = machine.processes.viewer_port();
    let port = port.ok_or_else(|| Refusal::unavailable("the viewer's bridge is not running"))?;
    let path = format!("/?token={}", machine.viewer_token());
    forward(request, port, &path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_not_the_viewers() {
        for (path, viewers) in [
            ("/", true),
            ("/websockify", true),
            ("/app/ui.js", true),
            ("/core/rfb.js", true),
            ("/application", false),
            ("/api/status", false),
            ("/app", false),
        ] {
            assert_eq!(is_at(path), viewers, "{path}");
        }
    }
}
