//! The desktop API over HTTP: which path does what.

mod connections;
mod control_plane;
mod display;
mod execute;
mod extract;
mod fields;
mod files;
mod forward;
mod frame;
mod gate;
mod input;
mod output;
mod process;
mod range;
mod recording;
mod refusal;
mod viewer;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub(super) use self::gate::Gate;
use self::{
    connections::InUse,
    control_plane::{Plane, Target},
    refusal::Refusal,
};
use super::{machine::Machine, sandboxes::Sandboxes};
use crate::desktop::wire::{Extensions, limits};

/// The largest request body: 50,000 characters of text in JSON escapes.
const MAX_BODY: usize = 1 << 20;

type Shared = State<Arc<Machine>>;

/// Everything that one address answers, behind its gate.
struct App {
    gate: Gate,
    /// The desktop of the address itself, with the control plane if there is one.
    own: Router,
    plane: Option<Arc<Plane>>,
}

/// Serves until `stop`, and then until the answers that are on their way are
/// given.
pub(super) async fn serve(
    listener: TcpListener,
    machine: Arc<Machine>,
    (gate, sandboxes): (Gate, Option<Sandboxes>),
    stop: CancellationToken,
) {
    let plane = sandboxes.map(|sandboxes| Arc::new(Plane::new(sandboxes)));
    let planes_paths = plane.clone().map(control_plane::routes);
    let app = App {
        gate,
        own: finished(desktop(machine).merge(planes_paths.unwrap_or_default())),
        plane,
    };
    let app = Arc::new(app);
    let answer = move |request| {
        let app = Arc::clone(&app);
        async move {
            let response = app.answer(request).await;
            response.unwrap_or_else(Refusal::into_response)
        }
    };
    connections::serve(listener, answer, stop).await;
}

impl App {
    async fn answer(&self, mut request: Request) -> Result<Response, Refusal> {
        let connection = request.extensions().get::<InUse>().cloned();
        let plane = self.plane.as_deref();
        let target = plane.and_then(|plane| Target::of(&mut request, plane));
        let pass = match (plane, &target) {
            (Some(plane), Some(target)) => {
                let opened = |token: &str| plane.presigned.opens(token, target);
                let named = target.by_host;
                self.gate.admit_to(&request, named, opened)?
            }
            _ => self.gate.admit(&request)?,
        };
        if let Some(connection) = connection {
            if connection.is_crowded() {
                return Err(Refusal::crowded());
            }
            connection.is_known();
        }
        let mut response = match (plane, target) {
            (Some(plane), Some(target)) => lead(request, plane, &target).await?,
            _ => dispatch(self.own.clone(), request).await,
        };
        pass.stamp(&mut response);
        Ok(response)
    }
}

/// Leads a request to the desktop of a sandbox, or to a port of it.
async fn lead(request: Request, plane: &Plane, target: &Target) -> Result<Response, Refusal> {
    let machine = plane.sandboxes.machine(&target.sandbox)?;
    if let Some(port) = target.port {
        let path = request.uri().path_and_query().map(ToString::to_string);
        return forward::forward(request, port, path.as_deref().unwrap_or("/")).await;
    }
    Ok(dispatch(finished(desktop(machine)), request).await)
}

async fn dispatch(router: Router, request: Request) -> Response {
    let Ok(response) = router.oneshot(request).await;
    response
}

/// The same paths, with an answer for every other one.
fn finished(paths: Router) -> Router {
    paths
        .fallback(|| async { Refusal::not_found("there is nothing at this path") })
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed() })
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// Every path of one desktop.
fn desktop(machine: Arc<Machine>) -> Router {
    let written = put(files::write).layer(DefaultBodyLimit::max(limits::FILE));
    Router::new()
        .route("/api/healthz", get(display::health))
        .route("/api/display", get(display::info))
        .route(
            "/api/display/screen",
            get(display::info).post(display::resize),
        )
        .route("/api/display/windows", get(display::windows))
        .route("/api/display/calm", get(display::calm))
        .route("/api/display/stack", get(display::stack))
        .route("/api/display/selection", get(display::selection))
        .route("/api/damage", get(frame::damage))
        .route("/api/frame", get(frame::frame))
        .route("/api/screenshot", get(display::screenshot))
        .route("/api/screenshot/region", post(display::screenshot_region))
        .route("/api/input/position", get(input::position))
        .route("/api/input/move", post(input::move_pointer))
        .route("/api/input/click", post(input::click))
        .route("/api/input/drag", post(input::drag))
        .route("/api/input/scroll", post(input::scroll))
        .route("/api/input/type", post(input::type_text))
        .route("/api/input/press", post(input::press))
        .route("/api/input/hotkey", post(input::hotkey))
        .route("/api/recording", get(recording::status))
        .route("/api/recording/start", post(recording::start))
        .route("/api/recording/stop", post(recording::stop))
        .route("/api/recordings", get(recording::list))
        .route(
            "/api/recordings/{id}",
            get(recording::one).delete(recording::delete),
        )
        .route("/api/recordings/{id}/download", get(recording::download))
        .route("/api/status", get(process::status))
        .route("/api/status/stream", get(process::stream))
        .route("/api/process/execute", post(execute::execute))
        .route("/api/process/{name}/status", get(process::one))
        .route("/api/process/{name}/restart", post(process::restart))
        .route("/api/process/{name}/logs", get(process::logs))
        .route("/api/process/{name}/errors", get(process::errors))
        .route("/api/files", get(files::read).merge(written))
        .route("/api/extensions", get(extensions))
        .merge(viewer::routes())
        .with_state(machine)
}

async fn extensions() -> Json<Extensions> {
    Json(Extensions::all())
}
