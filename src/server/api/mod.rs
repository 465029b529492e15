//! The desktop API over HTTP: which path does what.

mod clipboard;
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
mod widgets;
mod window;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub(super) use self::gate::Gate;
use self::{
    connections::InUse,
    control_plane::{Plane, SandboxAddress},
    refusal::Refusal,
};
use super::{machine::Machine, sandboxes::Sandboxes};
use crate::desktop::wire::{
    Extensions, limits,
    operation::{self, Operation},
};

/// The largest request body: 50,000 characters of text in JSON escapes.
const MAX_BODY: usize = 1 << 20;

/// The longest way to write a character in JSON: two escapes, as for an emoji.
const ESCAPED: usize = r"\ud83d\ude00".len();

const _: () = assert!(
    limits::TEXT * ESCAPED < MAX_BODY,
    "every text fits into a body"
);

type Shared = State<Arc<Machine>>;

/// Everything that one address answers, behind its gate.
struct App {
    gate: Gate,
    /// The desktop of the address itself, with the control plane if there is one.
    own: Router,
    plane: Option<Arc<Plane>>,
}

/// Serves until `stop`, and then until the answers that are under way have been sent.
pub(super) async fn serve(
    listener: TcpListener,
    machine: Arc<Machine>,
    gate: Gate,
    sandboxes: Option<Sandboxes>,
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
        let target = plane.and_then(|plane| SandboxAddress::of(&mut request, plane));
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
async fn lead(
    request: Request,
    plane: &Plane,
    target: &SandboxAddress,
) -> Result<Response, Refusal> {
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
    let Served { router, .. } = served();
    router.merge(viewer::routes()).with_state(machine)
}

/// What is served, of the table of operations.
#[derive(Default)]
struct Served {
    router: Router<Arc<Machine>>,
    #[cfg(test)]
    operations: Vec<&'static str>,
}

impl Served {
    /// The same, with one operation more.
    fn with<A: 'static>(
        mut self,
        operation: &'static Operation,
        handler: impl Handler<A, Arc<Machine>>,
    ) -> Self {
        // The table has no method that axum does not know.
        if let Ok(method) = MethodFilter::try_from(operation.method.clone()) {
            self.router = self.router.route(operation.path, on(method, handler));
            #[cfg(test)]
            self.operations.push(operation.id);
        }
        self
    }
}

/// The handler of each operation.
fn served() -> Served {
    let large = DefaultBodyLimit::max(limits::FILE);
    // One byte more, so that a longer text is told from a longer body.
    let text = DefaultBodyLimit::max(limits::CLIPBOARD + 1);
    Served::default()
        .with(&operation::HEALTH, display::health)
        .with(&operation::DISPLAY_INFO, display::info)
        .with(&operation::SCREEN, display::info)
        .with(&operation::RESIZE_SCREEN, display::resize)
        .with(&operation::WINDOWS, display::windows)
        .with(&operation::SCREENSHOT, display::screenshot)
        .with(&operation::SCREENSHOT_REGION, display::screenshot_region)
        .with(&operation::POINTER_POSITION, input::position)
        .with(&operation::MOVE_POINTER, input::move_pointer)
        .with(&operation::CLICK, input::click)
        .with(&operation::DRAG, input::drag)
        .with(&operation::SCROLL, input::scroll)
        .with(&operation::TYPE_TEXT, input::type_text)
        .with(&operation::PRESS_KEY, input::press)
        .with(&operation::HOTKEY, input::hotkey)
        .with(&operation::HOLD, input::hold)
        .with(&operation::RECORDING_STATUS, recording::status)
        .with(&operation::START_RECORDING, recording::start)
        .with(&operation::STOP_RECORDING, recording::stop)
        .with(&operation::RECORDINGS, recording::list)
        .with(&operation::GET_RECORDING, recording::one)
        .with(&operation::DELETE_RECORDING, recording::delete)
        .with(&operation::DOWNLOAD_RECORDING, recording::download)
        .with(&operation::RECORDED_FRAMES, recording::frames)
        .with(&operation::PROCESS_STATUS, process::status)
        .with(&operation::STATUS_STREAM, process::stream)
        .with(&operation::GET_PROCESS, process::one)
        .with(&operation::RESTART_PROCESS, process::restart)
        .with(&operation::PROCESS_LOGS, process::logs)
        .with(&operation::PROCESS_ERRORS, process::errors)
        .with(&operation::EXTENSIONS, extensions)
        .with(&operation::EXECUTE, execute::execute)
        .with(&operation::READ_FILE, files::read)
        .with(&operation::WRITE_FILE, files::write.layer(large))
        .with(&operation::READ_CLIPBOARD, clipboard::read)
        .with(&operation::WRITE_CLIPBOARD, clipboard::write.layer(text))
        .with(&operation::STACK, display::stack)
        .with(&operation::CALM, display::calm)
        .with(&operation::DAMAGE, frame::damage)
        .with(&operation::FRAME, frame::frame)
        .with(&operation::ARRANGE_WINDOW, window::arrange)
        .with(&operation::WIDGETS, widgets::trees)
        .with(&operation::FIND_WIDGETS, widgets::find)
        .with(&operation::REVEAL_WIDGET, widgets::reveal)
}

async fn extensions(State(machine): Shared) -> Json<Extensions> {
    let mut extensions = Extensions::all();
    if machine.widgets.is_none() {
        extensions.items.retain(|name| name != Extensions::WIDGETS);
    }
    Json(extensions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::wire::operation::OPERATIONS;

    #[test]
    fn every_operation_of_the_table_is_served() {
        let table: Vec<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(served().operations, table);
    }
}
