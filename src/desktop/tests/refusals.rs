//! Answers that are errors, and which calls are sent again.

use std::time::{Duration, Instant};

use super::{Answer, Server};
use crate::{
    desktop::{
        Desktop, DesktopClient, DesktopError,
        http::Http,
        limiter::Limiter,
        wire::{ExecuteRequest, ImageFormat, limits},
    },
    geometry::{Point, Size},
    input::{Button, Direction},
};

const POSITION: &str = r#"{"x": 3, "y": 4}"#;

fn unwell() -> Answer {
    Answer::new(503, r#"{"message": "the display is gone"}"#)
}

fn too_many() -> Answer {
    Answer::new(429, r#"{"message": "slow down"}"#).header("retry-after", "0")
}

#[tokio::test]
async fn an_error_keeps_status_headers_and_body() {
    let body = r#"{"message": "Invalid request", "errors": [{"field": "x", "error": "no"}]}"#;
    let server = Server::answering([Answer::new(400, body).header("x-request", "7")]).await;
    let result = server.client().click(None, Button::Left, &[]).await;
    let DesktopError::Status(refused) = result.expect_err("an error") else {
        panic!("another error");
    };
    assert_eq!(
        refused.to_string(),
        "400 POST /api/input/click: Invalid request (`x` no)"
    );
    assert_eq!(refused.headers["x-request"], "7");
    assert_eq!(refused.body, body);
}

#[tokio::test]
async fn only_429_and_5xx_are_retryable() {
    for (status, retryable) in [
        (302, false),
        (401, false),
        (404, false),
        (409, false),
        (429, true),
        (500, true),
        (503, true),
    ] {
        let server = Server::answering([Answer::new(status, "words")]).await;
        let error = server.client().screen().await.expect_err("an error");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.is_retryable(), retryable, "{status}");
        assert!(error.to_string().ends_with(": words"), "{error}");
    }
}

#[tokio::test]
async fn a_click_is_not_repeated_after_a_503() {
    let server = Server::answering([unwell(), Answer::ok(POSITION)]).await;
    let result = server
        .retrying_client()
        .click(None, Button::Left, &[])
        .await;
    assert_eq!(result.expect_err("an error").status(), Some(503));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_click_is_repeated_after_a_429() {
    let server = Server::answering([too_many(), too_many(), Answer::ok(POSITION)]).await;
    let result = server
        .retrying_client()
        .click(None, Button::Left, &[])
        .await;
    assert_eq!(result.expect("a click").point(), Point::new(3, 4));
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_question_is_repeated_after_a_503() {
    let server = Server::answering([unwell(), Answer::ok(POSITION)]).await;
    let result = server.retrying_client().pointer_position().await;
    assert_eq!(result.expect("a position"), Point::new(3, 4));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn no_action_is_repeated_after_a_503_unless_it_is_the_same_twice() {
    let server = Server::answering([unwell()]).await;
    let d = server.retrying_client();
    let point = Point::new(1, 1);
    let request = ExecuteRequest::default();
    let mut before = 0;
    let mut sent = |what: &str, failed: bool, times: usize| {
        assert!(failed, "{what}");
        let now = server.seen().len();
        assert_eq!(now - before, times, "{what}");
        before = now;
    };
    let drag = d.drag(point, point, Button::Left, &[]).await;
    sent("drag", drag.is_err(), 1);
    let scroll = d.scroll(Direction::Up, 1).await;
    sent("scroll", scroll.is_err(), 1);
    sent("type", d.type_text("x").await.is_err(), 1);
    sent("start", d.start_recording().await.is_err(), 1);
    sent("stop", d.stop_recording().await.is_err(), 1);
    let delete = d.delete_recording("rec_1").await;
    sent("delete", delete.is_err(), 1);
    sent("restart", d.restart_process("xvfb").await.is_err(), 1);
    sent("execute", d.execute(&request).await.is_err(), 1);
    sent("move", d.move_pointer(point).await.is_err(), 4);
    let resize = d.resize_screen(Size::new(800, 600)).await;
    sent("resize", resize.is_err(), 4);
    let part = Size::new(1, 1).to_rect();
    let picture = d.screenshot_region(part, ImageFormat::Png).await;
    sent("picture", picture.is_err(), 4);
}

#[tokio::test]
async fn a_client_of_a_local_desktop_repeats_nothing() {
    for answer in [unwell(), too_many()] {
        let server = Server::answering([answer]).await;
        server.client().screen().await.expect_err("an error");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_read_again_where_that_is_harmless() {
    let broken = Answer::ok(r#"{"x": 3"#).breaking();
    let server = Server::answering([broken.clone(), Answer::ok(POSITION)]).await;
    let position = server.retrying_client().pointer_position().await;
    assert_eq!(position.expect("a position"), Point::new(3, 4));
    let server = Server::answering([broken, Answer::ok(POSITION)]).await;
    let result = server
        .retrying_client()
        .click(None, Button::Left, &[])
        .await;
    let error = result.expect_err("an error");
    assert!(matches!(error, DesktopError::Connection { .. }), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_connection_that_does_not_open_names_the_address() {
    let server = Server::answering([]).await;
    let client = server.retrying_client();
    let url = server.url();
    server.end().await;
    let error = client
        .click(None, Button::Left, &[])
        .await
        .expect_err("nobody");
    assert!(error.is_retryable());
    let text = error.to_string();
    assert!(text.contains(&url) && text.contains("refused"), "{text}");
}

#[tokio::test]
async fn a_timeout_says_how_long_it_was() {
    let late = Answer::ok(POSITION).after(Duration::from_secs(60));
    let server = Server::answering([late]).await;
    let client = server.client().with_timeout(Duration::from_millis(50));
    let result = client.expect("a client").pointer_position().await;
    let error = result.expect_err("a timeout");
    assert_eq!(
        error.to_string(),
        "GET /api/input/position did not answer within 0.05 s"
    );
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_command_may_take_longer_than_other_calls() {
    let answer = r#"{"exit_code": 0, "stdout": "", "stderr": ""}"#;
    let late = Answer::ok(answer).after(Duration::from_millis(100));
    let server = Server::answering([late]).await;
    let client = server.client().with_timeout(Duration::from_millis(20));
    let request = ExecuteRequest::default();
    let result = client.expect("a client").execute(&request).await;
    assert_eq!(result.expect("a result").exit_code, 0);
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read() {
    let announced = Answer::ok(vec![b' '; limits::ANSWER + 1]);
    let unannounced = Answer::ok("").in_chunks(vec![vec![b' '; 1 << 20]; 11]);
    for answer in [announced, unannounced] {
        let server = Server::answering([answer.clone()]).await;
        let error = server.client().screen().await.expect_err("an error");
        assert!(error.to_string().contains("larger than 10 MiB"), "{error}");
        // A picture may be larger.
        let picture = server.client().screenshot(None, ImageFormat::Png).await;
        assert!(picture.expect("bytes").len() > limits::ANSWER);
    }
}

#[tokio::test]
async fn a_mistyped_field_is_named() {
    let answer = r#"{"display": ":0", "width": 1440.0, "height": 900}"#;
    let server = Server::answering([Answer::ok(answer)]).await;
    let error = server.retrying_client().screen().await;
    assert_eq!(
        error.expect_err("an error").to_string(),
        "the answer to GET /api/display/screen does not follow the desktop API: \
         `width`: invalid type: number `1440.0`, expected a whole number, 0 or more"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn clones_share_the_limit_of_requests() {
    let server = Server::answering([Answer::ok(POSITION)]).await;
    let window = Duration::from_millis(150);
    let http = Http::new(&server.url(), false, None).expect("a client");
    let client = DesktopClient::over(http.with_limiter(Limiter::new(2, window)), None);
    let other = client
        .with_timeout(Duration::from_secs(60))
        .expect("a client");
    let begun = Instant::now();
    for client in [&client, &other, &client] {
        client.pointer_position().await.expect("a position");
    }
    assert!(begun.elapsed() >= window);
}
