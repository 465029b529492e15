//! The page of a film: its frame; a script fills it with what the server knows.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::task::spawn_blocking;

use crate::{
    cli::show::{desk::Desk, page},
    report,
};

const STYLE: &str = include_str!("film.css");
const FRAME: &str = include_str!("film.html");
const SCRIPTS: [&str; 5] = [
    include_str!("film.js"),
    include_str!("track.js"),
    include_str!("picture.js"),
    include_str!("inspector.js"),
    include_str!("preview.js"),
];

/// The page as a browser gets it, whichever recording it is about.
pub(super) async fn the_page(State(desk): State<Arc<Desk>>) -> Response {
    let run = spawn_blocking(move || page::run(&desk.runs.log())).await;
    let Ok(run) = run else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let about = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, page::POLICY),
    ];
    (about, render(&run)).into_response()
}

fn render(run: &str) -> String {
    let scripts = SCRIPTS.map(|script| format!("<script>{script}</script>"));
    FRAME
        .replace("/* style */", &format!("{}{STYLE}", report::PAGE_STYLE))
        .replace("<!-- run -->", run)
        .replace("<!-- scripts -->", &scripts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_page_ends_it_early_or_comes_from_elsewhere() {
        for script in SCRIPTS {
            assert!(!script.contains("</script") && !script.contains("http"));
        }
        let page = render("2026");
        assert!(page.contains("content=\"2026\""));
        for left in ["/* style */", "<!-- scripts -->", "<!-- run -->"] {
            assert!(!page.contains(left), "{left}");
        }
    }
}
