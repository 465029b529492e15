//! What is answered at which address.

use std::{io, sync::Arc};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{net::TcpListener, sync::watch, task::spawn_blocking};

use super::{
    answer::Problem, desk::Desk, draw, files, film, git, live, page, review, runs::Runs,
    writer::change,
};
use crate::report::{self, RunLog};

/// The most that a request may bring, in bytes.
const MOST: usize = 64 << 10;

/// The header with which the page says which run it shows.
const OF_RUN: &str = "x-deskhand-run";

/// What a handler is given.
pub(super) type Shared = State<Arc<Desk>>;

/// Serves until it is dropped.
pub(super) async fn serve(listener: TcpListener, desk: Arc<Desk>) -> io::Result<()> {
    let (news, _) = watch::channel(live::State::default());
    let watching = live::watch(Arc::clone(&desk), news.clone());
    let follow = move || {
        let news = news.subscribe();
        async move { live::events(news) }
    };
    let guard = middleware::from_fn_with_state(Arc::clone(&desk), guarded);
    let routes = Router::new()
        .route("/", get(the_page))
        .route("/.deskhand/review", get(the_review))
        .route("/.deskhand/events", get(follow))
        .route("/.deskhand/live/{scenario}", get(live_picture))
        .route("/.deskhand/accept", post(accept))
        .route("/.deskhand/mask", post(mask))
        .route("/.deskhand/region", post(region))
        .route("/.deskhand/needle", post(needle))
        .route("/.deskhand/reject", post(reject))
        .route("/.deskhand/reopen", post(reopen))
        .merge(film::routes::routes())
        .fallback(get(a_file))
        .layer(DefaultBodyLimit::max(MOST))
        .layer(guard)
        .with_state(desk);
    tokio::select! {
        ended = axum::serve(listener, routes) => ended,
        () = watching => Ok(()),
    }
}

/// Lets in who may come, and says what a browser must not do with the answer.
async fn guarded(State(desk): Shared, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let admitted = desk.gate.admit(request.uri(), request.headers(), changes);
    let (mut answer, cookie) = match admitted {
        Ok(cookie) => match of_another_run(&desk, request.headers()).await {
            Some(problem) => (problem.into_response(), cookie),
            None => (next.run(request).await, cookie),
        },
        Err(refused) => (refused.into_response(), None),
    };
    let headers = answer.headers_mut();
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// A problem, if a request is about another run than the one that is there now: its paths
/// may be the same.
async fn of_another_run(desk: &Arc<Desk>, headers: &HeaderMap) -> Option<Problem> {
    let meant = headers.get(OF_RUN)?.to_str().ok()?.to_owned();
    let shared = Arc::clone(desk);
    let run = spawn_blocking(move || page::run(&shared.runs.log()));
    let is_other = run.await.ok()? != meant;
    is_other.then(|| Problem::new("there is a newer run: reload the page".to_owned()))
}

async fn the_page(State(desk): Shared) -> Response {
    let rendered = spawn_blocking(move || page::render(&desk.runs.log())).await;
    let Ok(page) = rendered else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let kind = "text/html; charset=utf-8";
    let about = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, page::POLICY),
    ];
    (about, page).into_response()
}

async fn a_file(State(desk): Shared, uri: Uri, headers: HeaderMap) -> Response {
    let Some(path) = decoded(uri.path().trim_start_matches('/')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let found = spawn_blocking(move || {
        if let Some(script) = script(&desk.runs, &path) {
            let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
            return Ok((kind, script).into_response());
        }
        let content = desk.runs.content(&path)?;
        Ok::<_, io::Error>(files::answer(&path, content, &headers))
    });
    match found.await {
        Ok(Ok(answer)) => answer,
        _ => (StatusCode::NOT_FOUND, "the run has no such file\n").into_response(),
    }
}

async fn the_review(State(desk): Shared) -> Response {
    let shared = Arc::clone(&desk);
    let Ok((mut items, files)) = spawn_blocking(move || review::items(&shared)).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let states = git::states(&files, &desk.environment).await;
    review::with_git(&mut items, &states);
    Json(items).into_response()
}

async fn live_picture(State(desk): Shared, Path(scenario): Path<usize>) -> Response {
    match spawn_blocking(move || live::picture(&desk, scenario)).await {
        Ok(Some(png)) => ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn accept(State(desk): Shared, Json(asked): Json<review::Accept>) -> Response {
    change(desk, move |desk, _| review::accept(desk, &asked)).await
}

async fn reject(State(desk): Shared, Json(asked): Json<review::Reject>) -> Response {
    let by = git::user(&desk.environment).await;
    change(desk, move |desk, _| {
        review::reject(desk, &asked, by.as_deref())
    })
    .await
}

async fn reopen(State(desk): Shared, Json(asked): Json<review::Reopen>) -> Response {
    change(desk, move |desk, _| review::reopen(desk, &asked)).await
}

async fn mask(State(desk): Shared, Json(asked): Json<draw::Mask>) -> Response {
    change(desk, move |desk, changed| draw::mask(desk, changed, &asked)).await
}

async fn region(State(desk): Shared, Json(asked): Json<draw::Region>) -> Response {
    change(desk, move |desk, changed| {
        draw::region(desk, changed, &asked)
    })
    .await
}

async fn needle(State(desk): Shared, Json(asked): Json<draw::Cut>) -> Response {
    change(desk, move |desk, _| draw::needle(desk, &asked)).await
}

/// A script of the page, made from what it hands over: the one in an archive may be
/// anybody's.
fn script(runs: &Runs, path: &str) -> Option<String> {
    let log: Arc<RunLog> = runs.log();
    let script = report::scripts(&log).find(|script| script.path == path)?;
    script.text(|path| runs.read(path)).ok()
}

/// A path without its escapes; `None` if it is not text then.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            other => other,
        });
    }
    let path = String::from_utf8(bytes).ok()?;
    (!path.contains('\0')).then_some(path)
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_an_address_are_undone_once() {
        assert_eq!(
            decoded("a%20b/50%25%231.png").as_deref(),
            Some("a b/50%#1.png")
        );
        assert_eq!(decoded("%252e%C3%BC").as_deref(), Some("%2eü"));
        for wrong in ["%", "%2", "%zz", "%+1", "%ff", "a%00b"] {
            assert_eq!(decoded(wrong), None, "{wrong}");
        }
    }
}
