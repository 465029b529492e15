//! Every method: what it sends, and what it makes of the answer.

use std::fmt::Debug;

use futures_util::StreamExt as _;

use super::{Answer, Server};
use crate::{
    desktop::{
        Desktop, DesktopClient, DesktopError, Result,
        wire::{Arrangement, ExecuteRequest, Extensions, Holding, ImageFormat, limits},
    },
    geometry::{Point, Rect, Size, WindowState},
    input::{Button, Chord, Clipboard, Direction, Key},
};

const DISPLAY: &str = r#"{"display": ":0", "width": 1440, "height": 900}"#;
const POSITION: &str = r#"{"x": 3, "y": 4}"#;
const OK: &str = r#"{"ok": true}"#;
const RECORDING: &str = r#"{"id": "rec_1", "active": true}"#;
const SUMMARY: &str = r#"{"id": "rec_1", "size_bytes": 7}"#;
const CLEAN: &str = r#"{"items": ["clean-recordings"]}"#;
const PROCESS: &str =
    r#"{"name": "xvfb", "running": true, "pid": null, "stdout_log": "/o", "stderr_log": "/e"}"#;

/// Calls a method of a desktop that answers `answer`; holds the request
/// against `line` and `body`, and gives back the method's result as text.
async fn sends<T: Debug>(
    line: &str,
    body: &str,
    answer: &str,
    call: impl AsyncFnOnce(&DesktopClient) -> Result<T>,
) -> String {
    let server = Server::answering([Answer::ok(answer)]).await;
    let result = call(&server.client()).await.expect(line);
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "{line}");
    assert_eq!(seen[0].line, line);
    assert_eq!(seen[0].body, body, "{line}");
    if !body.is_empty() {
        assert_eq!(seen[0].headers["content-type"], "application/json");
    }
    format!("{result:?}")
}

#[tokio::test]
async fn questions_about_the_screen_send_what_the_protocol_says() {
    let png = ImageFormat::Png;
    let jpeg = ImageFormat::Jpeg { quality: Some(80) };
    let part = Rect::new(1, 2, 3, 4);
    let health = sends("GET /api/healthz", "", OK, async |d| d.health().await).await;
    assert_eq!(health, "true");
    let info = sends("GET /api/display", "", DISPLAY, async |d| {
        d.display_info().await
    });
    assert!(info.await.contains("1440"));
    let screen = sends("GET /api/display/screen", "", DISPLAY, async |d| {
        d.screen().await
    });
    assert!(screen.await.contains("900"));
    let body = r#"{"height":600,"width":800}"#;
    let size = Size::new(800, 600);
    let resized = sends("POST /api/display/screen", body, DISPLAY, async |d| {
        d.resize_screen(size).await
    });
    assert!(resized.await.contains("1440"));
    let list = r#"{"items": [{"id": "0x1", "class_": "a.B", "title": null}]}"#;
    let windows = sends("GET /api/display/windows", "", list, async |d| {
        d.windows().await
    });
    assert!(windows.await.contains(r#"class: "a.B""#));
    let whole = "GET /api/screenshot?format=png";
    let picture = sends(whole, "", "p", async |d| d.screenshot(None, png).await).await;
    assert_eq!(picture, "[112]");
    let cut = "GET /api/screenshot?format=jpeg&height=4&quality=80&width=3&x=1&y=2";
    sends(cut, "", "p", async |d| d.screenshot(Some(part), jpeg).await).await;
    let body = r#"{"format":"jpeg","height":4,"quality":80,"width":3,"x":1,"y":2}"#;
    let path = "POST /api/screenshot/region";
    sends(path, body, "p", async |d| {
        d.screenshot_region(part, jpeg).await
    })
    .await;
}

#[tokio::test]
async fn input_sends_what_the_protocol_says() {
    let (from, to) = (Point::new(1, 2), Point::new(3, 4));
    let there = format!("{to:?}");
    let answer = POSITION;
    let position = sends("GET /api/input/position", "", answer, async |d| {
        d.pointer_position().await
    });
    assert_eq!(position.await, there);
    let (path, body) = ("POST /api/input/move", r#"{"x":3,"y":4}"#);
    let moved = sends(path, body, answer, async |d| d.move_pointer(to).await);
    assert_eq!(moved.await, there);
    let (path, body) = ("POST /api/input/click", r#"{"button":3,"x":3,"y":4}"#);
    let clicked = sends(path, body, answer, async |d| {
        Ok(d.click(Some(to), Button::Right, &[]).await?.point())
    });
    assert_eq!(clicked.await, there);
    let here = r#"{"button":1}"#;
    let told = r#"{"x": 3, "y": 4, "focus": "late"}"#;
    let clicked = sends(path, here, told, async |d| {
        d.click(None, Button::Left, &[]).await
    });
    assert_eq!(clicked.await, "Clicked { x: 3, y: 4, focus: Some(Late) }");
    let held = ["shift", "ctrl"].map(|name| Key::from_name(name).expect(name));
    let keys = r#"{"button":1,"modifiers":["Shift_L","Control_L"]}"#;
    sends(path, keys, answer, async |d| {
        d.click(None, Button::Left, &held).await
    })
    .await;
    let path = "POST /api/input/drag";
    let body = r#"{"button":1,"from_x":1,"from_y":2,"to_x":3,"to_y":4}"#;
    let dragged = sends(path, body, answer, async |d| {
        d.drag(from, to, Button::Left, &[]).await
    });
    assert_eq!(dragged.await, there);
    let path = "POST /api/input/hold";
    let body = r#"{"button":1,"down":true,"keys":["Shift_L"],"x":1,"y":2}"#;
    let holding = Holding {
        keys: held[..1].to_vec(),
        button: Some(Button::Left),
        at: Some(from),
        down: true,
    };
    let held = sends(path, body, answer, async |d| d.hold(&holding).await);
    assert_eq!(held.await, there);
    let path = "POST /api/input/scroll";
    let body = r#"{"amount":5,"direction":"down"}"#;
    let scrolled = sends(path, body, answer, async |d| {
        d.scroll(Direction::Down, 5).await
    });
    assert_eq!(scrolled.await, there);
    let (path, body) = ("POST /api/input/type", r#"{"text":"Grüße"}"#);
    sends(path, body, OK, async |d| d.type_text("Grüße").await).await;
    let key = Key::from_name("Return").expect("a key");
    let (path, body) = ("POST /api/input/press", r#"{"key":"Return"}"#);
    sends(path, body, OK, async |d| d.press_key(&key).await).await;
    let chord = Chord::parse("ctrl+l").expect("a chord");
    let server = Server::answering([Answer::ok(OK)]).await;
    server.client().hotkey(&chord).await.expect("a hotkey");
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /api/input/hotkey");
    let names: Vec<&str> = chord.keys().iter().map(Key::name).collect();
    let body: serde_json::Value = serde_json::from_str(&seen.body).expect("JSON");
    assert_eq!(body, serde_json::json!({ "keys": names }));
}

#[tokio::test]
async fn a_clean_recording_is_asked_for_only_where_it_is_known() {
    let told = [CLEAN, RECORDING].map(Answer::ok);
    let server = Server::answering(told).await;
    server.client().start_clean_recording(60).await.unwrap();
    let [_, asked] = &server.seen()[..] else {
        panic!("two requests")
    };
    assert_eq!(asked.line, "POST /api/recording/start");
    assert_eq!(asked.body, r#"{"clean":true,"frame_rate":60}"#);

    let server = Server::answering([Answer::ok(r#"{"items": ["execute"]}"#)]).await;
    let error = server.client().start_clean_recording(30).await.unwrap_err();
    let unsupported = matches!(error, DesktopError::Unsupported { .. });
    assert!(unsupported, "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn recorded_frames_come_part_by_part() {
    let server = Server::answering([Answer::ok("frames")]).await;
    let mut parts = server.client().recorded_frames("rec_1").await.unwrap();
    let mut read = Vec::new();
    while let Some(part) = parts.next().await {
        read.extend(part.unwrap());
    }
    assert_eq!(read, b"frames");
    assert_eq!(server.seen()[0].line, "GET /api/recordings/rec_1/frames");
}

#[tokio::test]
async fn recordings_send_what_the_protocol_says() {
    let list = format!(r#"{{"items": [{SUMMARY}]}}"#);
    let status = sends("GET /api/recording", "", RECORDING, async |d| {
        d.recording_status().await
    });
    assert!(status.await.contains("rec_1"));
    let path = "POST /api/recording/start";
    sends(path, "{}", RECORDING, async |d| d.start_recording().await).await;
    let path = "POST /api/recording/stop";
    sends(path, "{}", RECORDING, async |d| d.stop_recording().await).await;
    let all = sends("GET /api/recordings", "", &list, async |d| {
        d.recordings().await
    });
    assert!(all.await.contains("size_bytes: 7"));
    let one = "GET /api/recordings/rec_1";
    let found = sends(one, "", SUMMARY, async |d| d.get_recording("rec_1").await).await;
    assert!(found.contains("size_bytes: 7"));
    let path = "GET /api/recordings/rec_1/download";
    let video = sends(path, "", "v", async |d| d.download_recording("rec_1").await).await;
    assert_eq!(video, "[118]");
    let path = "DELETE /api/recordings/rec_1";
    sends(path, "", "", async |d| d.delete_recording("rec_1").await).await;
}

#[tokio::test]
async fn processes_send_what_the_protocol_says() {
    let list =
        format!(r#"{{"status": "running", "items": [{PROCESS}], "running": 1, "total": 1}}"#);
    let all = sends("GET /api/status", "", &list, async |d| {
        d.process_status().await
    });
    assert!(all.await.contains("pid: None"));
    let path = "GET /api/process/xvfb/status";
    let one = sends(path, "", PROCESS, async |d| d.get_process("xvfb").await);
    assert!(one.await.contains("running: true"));
    let path = "POST /api/process/xvfb/restart";
    let answer = format!(r#"{{"message": "xvfb restarted", "status": {PROCESS}}}"#);
    let restarted = sends(path, "{}", &answer, async |d| {
        d.restart_process("xvfb").await
    });
    assert!(restarted.await.contains("xvfb restarted"));
    let path = "GET /api/process/novnc/logs";
    let answer = r#"{"process": "novnc", "logs": "a"}"#;
    let logs = sends(path, "", answer, async |d| d.process_logs("novnc").await);
    assert_eq!(logs.await, r#""a""#);
    let path = "GET /api/process/novnc/errors";
    let answer = r#"{"process": "novnc", "errors": "b"}"#;
    let errors = sends(path, "", answer, async |d| d.process_errors("novnc").await);
    assert_eq!(errors.await, r#""b""#);
    let path = "GET /api/extensions";
    let answer = r#"{"items": ["execute"]}"#;
    let extensions = sends(path, "", answer, async |d| d.extensions().await);
    assert!(extensions.await.contains("execute"));
    let path = "POST /api/process/execute";
    let body = r#"{"command":"id"}"#;
    let answer = r#"{"exit_code": 1, "stdout": "", "stderr": ""}"#;
    let request = ExecuteRequest {
        command: "id".to_owned(),
        ..ExecuteRequest::default()
    };
    let ended = sends(path, body, answer, async |d| d.execute(&request).await);
    assert!(ended.await.contains("exit_code: 1"));
}

#[tokio::test]
async fn every_call_says_who_calls() {
    let server = Server::answering([Answer::ok(OK)]).await;
    server.client().health().await.expect("health");
    let headers = &server.seen()[0].headers;
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(headers["authorization"], "Bearer secret");
    assert_eq!(headers["user-agent"], format!("deskhand/{version}"));
    assert_eq!(headers["leap0-source"], "deskhand");
    assert_eq!(headers["leap0-sdk-version"], version);
}

#[tokio::test]
async fn arguments_out_of_bounds_send_nothing() {
    fn field<T: Debug>(result: Result<T>) -> &'static str {
        match result {
            Err(DesktopError::Argument { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }
    let server = Server::answering([Answer::ok(OK)]).await;
    let d = server.client();
    let (inside, outside) = (Point::new(0, 0), Point::new(-1, 0));
    let (png, empty) = (ImageFormat::Png, Rect::new(0, 0, 1, 0));
    let bad = ImageFormat::Jpeg { quality: Some(0) };
    let part = Rect::new(0, 0, 1, 1);
    let left = Button::Left;
    let text = "x".repeat(50_001);
    let table = [
        (field(d.resize_screen(Size::new(100, 400)).await), "width"),
        (field(d.screenshot(Some(empty), png).await), "height"),
        (field(d.screenshot(None, bad).await), "quality"),
        (field(d.screenshot_region(empty, png).await), "height"),
        (field(d.screenshot_region(part, bad).await), "quality"),
        (field(d.move_pointer(outside).await), "x"),
        (field(d.click(Some(outside), left, &[]).await), "x"),
        (field(d.drag(outside, inside, left, &[]).await), "from_x"),
        (field(d.drag(inside, outside, left, &[]).await), "to_x"),
        (field(d.scroll(Direction::Up, 0).await), "amount"),
        (field(d.type_text(&text).await), "text"),
        (field(d.get_recording("a/b").await), "id"),
        (field(d.download_recording("").await), "id"),
        (field(d.delete_recording("..").await), "id"),
        (field(d.start_clean_recording(25).await), "frame_rate"),
        (field(d.recorded_frames("a/b").await.map(drop)), "id"),
        (field(d.get_process("bash").await), "name"),
        (field(d.restart_process("bash").await), "name"),
        (field(d.process_logs("bash").await), "name"),
        (field(d.process_errors("bash").await), "name"),
        (field(d.with_timeout(std::time::Duration::ZERO)), "timeout"),
    ];
    for (found, expected) in table {
        assert_eq!(found, expected);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn health_takes_503_as_an_answer_but_only_from_the_desktop() {
    let unwell = Server::answering([Answer::new(503, r#"{"ok": false}"#)]).await;
    assert!(!unwell.retrying_client().health().await.expect("an answer"));
    assert_eq!(unwell.seen().len(), 1);
    let gateway = Server::answering([Answer::new(503, "no upstream")]).await;
    let error = gateway.client().health().await.expect_err("no answer");
    assert_eq!(error.to_string(), "503 GET /api/healthz: no upstream");
    let mistyped = Server::answering([Answer::ok(r#"{"ok": 1}"#)]).await;
    let error = mistyped.client().health().await.expect_err("an integer");
    assert!(error.to_string().contains("`ok`: invalid type: integer"));
}

#[tokio::test]
async fn a_desktop_of_the_protocol_alone_has_no_extensions() {
    for answer in [Answer::new(404, ""), Answer::ok("<html>a page</html>")] {
        let server = Server::answering([answer]).await;
        let extensions = server.client().extensions().await.expect("none");
        assert_eq!(extensions, Extensions::default());
    }
}

#[tokio::test]
async fn files_are_bytes_and_their_path_is_in_the_query() {
    let (read, written) = (Answer::ok("bytes"), Answer::new(204, ""));
    let server = Server::answering([read, written]).await;
    let client = server.client();
    let read = client.read_file("~/a b.txt").await.expect("bytes");
    assert_eq!(read, b"bytes");
    client.write_file("/ü", b"more").await.expect("written");
    let seen = server.seen();
    assert_eq!(seen[0].line, "GET /api/files?path=%7E%2Fa+b.txt");
    assert_eq!(seen[1].line, "PUT /api/files?path=%2F%C3%BC");
    assert_eq!(seen[1].body, "more");
    assert_eq!(seen[1].headers["content-type"], "application/octet-stream");
}

#[tokio::test]
async fn a_clipboard_is_read_and_written() {
    let path = "GET /api/clipboard?selection=primary";
    let answer = r#"{"text": "two\nlines", "formats": []}"#;
    let read = sends(path, "", answer, async |d| {
        Ok(d.read_clipboard(Clipboard::Primary).await?.text)
    });
    assert_eq!(read.await, r#"Some("two\nlines")"#);
    let server = Server::answering([Answer::new(204, ""), Answer::new(404, "")]).await;
    let client = server.client();
    let written = client.write_clipboard(Clipboard::Copied, "ü").await;
    written.expect("written");
    let seen = server.seen();
    assert_eq!(seen[0].line, "PUT /api/clipboard?selection=clipboard");
    assert_eq!(seen[0].body, "ü");
    let long = "x".repeat(limits::CLIPBOARD + 1);
    let error = client.write_clipboard(Clipboard::Copied, &long).await;
    let error = error.expect_err("too long");
    assert!(matches!(error, DesktopError::Argument { .. }), "{error}");
    let error = client.read_clipboard(Clipboard::Copied).await;
    let error = error.expect_err("none");
    assert!(matches!(error, DesktopError::Unsupported { .. }), "{error}");
}

#[tokio::test]
async fn a_window_is_asked_for_what_is_given_and_for_nothing_else() {
    let wanted = Arrangement {
        x: Some(-5),
        state: Some(WindowState::Normal),
        ..Arrangement::default()
    };
    let wait = std::time::Duration::from_millis(250);
    let path = "POST /api/windows/0x04000007";
    let body = r#"{"close":false,"raise":false,"state":"normal","wait":250,"x":-5}"#;
    let answer = r#"{"done": true, "window": null, "state": null}"#;
    let arranged = sends(path, body, answer, async |d| {
        d.arrange_window("0x04000007", &wanted, wait).await
    });
    assert!(arranged.await.contains("done: true"));
    let server = Server::answering([]).await;
    let far = Arrangement {
        x: Some(-40_000),
        ..wanted.clone()
    };
    for (id, wanted) in [("../x", &wanted), ("0x1", &far)] {
        let asked = server.client().arrange_window(id, wanted, wait).await;
        let error = asked.expect_err(id);
        assert!(matches!(error, DesktopError::Argument { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_is_missing_is_something_else_than_a_desktop_without_files() {
    let answers = || [Answer::new(404, r#"{"message": "no"}"#)];
    let having = answers()
        .into_iter()
        .chain([Answer::ok(r#"{"items": ["files"]}"#)]);
    let server = Server::answering(having.collect::<Vec<_>>()).await;
    let error = server.client().read_file("a").await.expect_err("missing");
    assert_eq!(error.status(), Some(404));
    let server = Server::answering(answers()).await;
    for error in [
        server.client().read_file("a").await.expect_err("no files"),
        server
            .client()
            .write_file("a", b"")
            .await
            .expect_err("no files"),
    ] {
        assert!(matches!(error, DesktopError::Unsupported { .. }), "{error}");
    }
}

#[tokio::test]
async fn an_action_that_was_not_done_is_an_error() {
    let server = Server::answering([Answer::ok(r#"{"ok": false}"#)]).await;
    let error = server.client().type_text("x").await.expect_err("an error");
    assert!(error.to_string().contains("`ok`: false"), "{error}");
}
