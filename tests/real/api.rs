//! The desktop API of a local desktop.

use std::{process::Command, time::Duration};

use deskhand::{
    desktop::{
        Desktop, Result,
        wire::{ExecuteRequest, ImageFormat},
    },
    geometry::{Point, Rect, Size},
    input::Button,
    vision::Frame,
};
use futures_util::StreamExt;

use crate::place::{Place, assert_no_dead_socket, shared_memory_of};

/// The error status of an answer, if it is one.
fn status<T>(answer: Result<T>) -> Option<u16> {
    answer.err()?.status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_is_ready_and_leaves_nothing() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    client
        .wait_until_ready(Duration::from_secs(20))
        .await
        .unwrap();
    assert!(client.health().await.unwrap());
    let info = client.display_info().await.unwrap();
    assert_eq!(
        (info.size(), info.display.as_str()),
        (Size::new(1280, 800), &*desktop.display())
    );
    let windows = client.windows().await.unwrap();
    let classes: Vec<&str> = windows.iter().map(|window| window.class.as_str()).collect();
    assert!(classes.contains(&"xfdesktop.Xfdesktop"), "{classes:?}");

    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
    assert_no_dead_socket(&info.display);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_is_dropped_ends_as_well() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    drop(desktop);
    place.assert_nothing_is_left(Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_listens_beyond_loopback_and_no_shared_memory_stays() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    client.start_recording().await.unwrap();
    let listening = place.listening();
    assert!(!listening.is_empty(), "websockify listens");
    for address in &listening {
        // /proc/net/tcp writes 127.0.0.1 like that.
        assert!(address.starts_with("0100007F:"), "{listening:?}");
    }
    let started = place.process_ids();
    desktop.shut_down().await;
    let left = shared_memory_of(&started);
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screenshot_shows_the_screen_or_a_part_of_it() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let whole =
        Frame::decode_png(&client.screenshot(None, ImageFormat::Png).await.unwrap()).unwrap();
    assert_eq!(whole.size(), Size::new(1280, 800));
    assert!(!whole.is_uniform());
    let part = Rect::new(200, 100, 320, 7);
    let cropped = Frame::decode_png(
        &client
            .screenshot(Some(part), ImageFormat::Png)
            .await
            .unwrap(),
    )
    .unwrap();
    assert_eq!(cropped, whole.crop(part).unwrap());
    let outside = client
        .screenshot(Some(Rect::new(5000, 0, 10, 10)), ImageFormat::Png)
        .await;
    assert_eq!(status(outside), Some(400));
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pointer_goes_where_it_is_told() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let to = Point::new(123, 456);
    assert_eq!(client.move_pointer(to).await.unwrap(), to);
    assert_eq!(client.click(None, Button::Left).await.unwrap(), to);
    let there = Point::new(1279, 799);
    assert_eq!(
        client.click(Some(there), Button::Right).await.unwrap(),
        there
    );
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_whole_and_shows_the_end() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    client.start_recording().await.unwrap();
    let again = client.start_recording().await;
    assert_eq!(status(again), Some(409));
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let stopped = client.stop_recording().await.unwrap();
    assert!(!stopped.active);
    let video = client.download_recording(&stopped.id).await.unwrap();
    let file = place.path().join("video.mp4");
    std::fs::write(&file, video).unwrap();
    let show = "stream=codec_name,pix_fmt,r_frame_rate:format=duration";
    let probe = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-show_entries",
            show,
            "-of",
            "default=noprint_wrappers=1",
        ])
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8(probe.stdout).unwrap();
    for line in ["codec_name=h264", "pix_fmt=yuv420p", "r_frame_rate=12/1"] {
        assert!(said.contains(line), "{said}");
    }
    let duration = said
        .lines()
        .find_map(|line| line.strip_prefix("duration="))
        .unwrap();
    let duration: f64 = duration.parse().unwrap();
    let time =
        |at: &Option<String>| chrono::DateTime::parse_from_rfc3339(at.as_ref().unwrap()).unwrap();
    let span = time(&stopped.stopped_at) - time(&stopped.started_at);
    let span = span.as_seconds_f64();
    assert!(
        (duration - span).abs() < 0.5,
        "{duration} s for a span of {span} s"
    );
    let none = client.download_recording("rec_0").await;
    assert_eq!(status(none), Some(404));
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_runs_in_the_session_and_is_ended_in_time() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let run = |command: &str, timeout| ExecuteRequest {
        command: command.to_owned(),
        timeout: Some(timeout),
        ..ExecuteRequest::default()
    };
    let said = client
        .execute(&run("echo $DISPLAY; echo $LANG >&2; exit 3", 10))
        .await
        .unwrap();
    assert_eq!(
        (said.exit_code, said.stdout.trim()),
        (3, &*desktop.display())
    );
    assert_eq!(said.stderr, "C.UTF-8\n");
    let late = client
        .execute(&run("sleep 60 & sleep 61", 1))
        .await
        .unwrap();
    assert_eq!(late.exit_code, 124);
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_nonsense_are_refused() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    // A connection of its own for each: the server hangs up on a huge body.
    let http = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    let at = |path: &str| format!("{}{path}", desktop.url());
    let good = || http.get(at("/api/status")).bearer_auth(desktop.token());
    let post = |path: &str, body: String| {
        let request = http.post(at(path)).bearer_auth(desktop.token());
        request
            .header("content-type", "application/json")
            .body(body)
    };
    for (what, request, status) in [
        ("the owner", good(), 200),
        ("no token", http.get(at("/api/status")), 401),
        (
            "a wrong token",
            http.get(at("/api/status")).bearer_auth("x"),
            401,
        ),
        ("another host", good().header("host", "evil.example"), 403),
        (
            "another origin",
            good().header("origin", "http://evil.example"),
            403,
        ),
        (
            "no such path",
            http.get(at("/api/nothing")).bearer_auth(desktop.token()),
            404,
        ),
        (
            "a wrong method",
            http.get(at("/api/input/type")).bearer_auth(desktop.token()),
            405,
        ),
        (
            "a recording somewhere else",
            http.get(at("/api/recordings/rec_..%2F..%2Fx/download"))
                .bearer_auth(desktop.token()),
            404,
        ),
        ("broken JSON", post("/api/input/type", "{".to_owned()), 400),
        (
            "a control character",
            post("/api/input/type", r#"{"text": "a\u001b"}"#.to_owned()),
            400,
        ),
        (
            "a huge body",
            post("/api/input/type", "x".repeat(2 << 20)),
            413,
        ),
        (
            "half a position",
            post("/api/input/click", r#"{"x": 1}"#.to_owned()),
            400,
        ),
        (
            "no such process",
            http.get(at("/api/process/init/logs"))
                .bearer_auth(desktop.token()),
            400,
        ),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{what}");
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_x_server_is_seen_at_once() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let mut statuses = client.status_stream().await.unwrap();
    assert!(statuses.next().await.unwrap().unwrap().is_ready());
    let pid = place.process("Xvfb").unwrap();
    Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status()
        .unwrap();
    let seen = async {
        loop {
            let list = statuses.next().await.unwrap().unwrap();
            if list
                .items
                .iter()
                .any(|process| process.name == "xvfb" && !process.running)
            {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(2), seen)
        .await
        .expect("within two seconds");
    assert!(!client.health().await.unwrap());
    let picture = client.screenshot(None, ImageFormat::Png).await;
    assert_eq!(status(picture), Some(503));
    let display = desktop.display();
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
    assert_no_dead_socket(&display);
}
