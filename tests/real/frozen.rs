//! An X server that hangs: it is there, and never answers; and one that is killed.

use std::time::{Duration, Instant};

use deskhand::{
    desktop::Desktop,
    geometry::{Point, Size},
    input::Button,
};
use futures_util::future::{join, join_all};
use reqwest::StatusCode;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{
    described::Described,
    document::Operation,
    eventually::in_time,
    place::{Place, end_by_force},
};

/// The process that is an X server, stopped where it is until this is dropped.
struct Frozen(Pid);

impl Frozen {
    fn freeze(pid: u32) -> Self {
        let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
        kill_process(pid, Signal::STOP).unwrap();
        Self(pid)
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        // It may have been ended meanwhile.
        let _ = kill_process(self.0, Signal::CONT);
    }
}

/// Whether the answer to an operation can be given without its X server.
fn needs_no_screen(operation: &Operation) -> bool {
    let path = operation.path.as_str();
    let others = [
        "/api/process",
        "/api/status",
        "/api/files",
        "/api/extensions",
        "/api/recording",
    ];
    path == "/" || others.iter().any(|other| path.starts_with(other))
}

/// Calls every operation at once. Those that need the X server have to say that they lack
/// it, in these words.
async fn assert_each_says(described: &Described, words: &str) {
    let mut operations = described.document.operations();
    // A sandbox has an X server of its own, and a restart would heal this one.
    operations.retain(|it| !it.path.starts_with("/v1/") && it.id != "restart_process");
    let answers = operations.iter().map(|operation| async {
        let id = operation.id.as_str();
        let answer = in_time(id, described.call_as_it_is(operation)).await;
        let status = answer.status();
        let documented = operation.statuses.contains(&status.as_u16());
        assert!(documented || needs_no_screen(operation), "{id}: {status}");
        if status == StatusCode::SERVICE_UNAVAILABLE && id != "health" {
            let error: Value = answer.json().await.unwrap();
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(words), "{id}: {message}");
        } else {
            assert!(
                needs_no_screen(operation) || id == "health",
                "{id}: {status}"
            );
        }
    });
    join_all(answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_although_the_x_server_hangs() {
    let place = Place::new();
    let described = Described::new(&place).await;
    let client = &described.client();
    let before = client.move_pointer(Point::new(50, 60)).await.unwrap();
    let xvfb = client.get_process("xvfb").await.unwrap().pid.unwrap();
    let frozen = Frozen::freeze(xvfb);
    assert_each_says(&described, "X server").await;

    drop(frozen);
    assert!(client.health().await.unwrap());
    // What was given up did not happen afterwards.
    assert_eq!(client.pointer_position().await.unwrap(), before);
    client.click(Some(before), Button::Left, &[]).await.unwrap();
    let size = Size::new(640, 480);
    assert_eq!(client.resize_screen(size).await.unwrap().size(), size);

    let _frozen = Frozen::freeze(xvfb);
    let restarted = in_time("a restart", client.restart_process("xvfb")).await;
    assert!(restarted.unwrap().status.running);
    assert_eq!(client.screen().await.unwrap().size(), size);
    described.desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

/// Nobody waits for an X server that is gone: the answers name the broken connection, and
/// not the time that an X server may take.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_waits_for_an_x_server_ends_with_it() {
    const GONE: &str = "the connection to the X server broke";
    let place = Place::new();
    let described = Described::new(&place).await;
    let client = &described.client();
    let xvfb = client.get_process("xvfb").await.unwrap().pid.unwrap();
    let _frozen = Frozen::freeze(xvfb);
    let killed = async {
        // It gives up long before the others do, which wait by then.
        assert!(!client.health().await.unwrap());
        end_by_force(xvfb);
    };
    join(assert_each_says(&described, GONE), killed).await;
    // And what is asked afterwards.
    assert_each_says(&described, GONE).await;
    assert!(client.restart_process("xvfb").await.unwrap().status.running);
    assert!(client.health().await.unwrap());
    described.desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

/// ffmpeg waits for a picture of the screen then, and would for as long as it is let.
#[tokio::test(flavor = "multi_thread")]
async fn a_recording_ends_soon_although_its_x_server_hangs() {
    let place = Place::new();
    let described = Described::new(&place).await;
    let client = &described.client();
    client.start_recording().await.unwrap();
    let xvfb = client.get_process("xvfb").await.unwrap().pid.unwrap();
    let frozen = Frozen::freeze(xvfb);
    let begun = Instant::now();
    let stopped = client.stop_recording().await.unwrap();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    let problem = stopped.problem.unwrap();
    assert!(
        problem.contains("perhaps the X server does not answer"),
        "{problem}"
    );
    drop(frozen);
    described.desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}
