//! An X server that hangs: it is there, and never answers.

use std::time::Duration;

use deskhand::{
    desktop::Desktop,
    geometry::{Point, Size},
    input::Button,
};
use futures_util::future::join_all;
use reqwest::StatusCode;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::time::timeout;

use crate::{described::Described, document::Operation, place::Place};

/// What every call is answered within, whatever the X server does.
const BOUND: Duration = Duration::from_secs(30);

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

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_although_the_x_server_hangs() {
    let place = Place::new();
    let described = Described::new(&place).await;
    let client = &described.client();
    let before = client.move_pointer(Point::new(50, 60)).await.unwrap();
    let xvfb = client.get_process("xvfb").await.unwrap().pid.unwrap();
    let frozen = Frozen::freeze(xvfb);
    let mut operations = described.document.operations();
    // A sandbox has an X server of its own, and a restart would heal this one.
    operations.retain(|it| !it.path.starts_with("/v1/") && it.id != "restart_process");
    let answers = operations.iter().map(|operation| async {
        let id = operation.id.as_str();
        let answer = timeout(BOUND, described.call_as_it_is(operation)).await;
        let answer = answer.unwrap_or_else(|_| panic!("{id} never answered"));
        let status = answer.status();
        let documented = operation.statuses.contains(&status.as_u16());
        assert!(documented || needs_no_screen(operation), "{id}: {status}");
        if status == StatusCode::SERVICE_UNAVAILABLE && id != "health" {
            let error: Value = answer.json().await.unwrap();
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("X server"), "{id}: {message}");
        } else {
            assert!(
                needs_no_screen(operation) || id == "health",
                "{id}: {status}"
            );
        }
    });
    join_all(answers).await;

    drop(frozen);
    assert!(client.health().await.unwrap());
    // What was given up did not happen afterwards.
    assert_eq!(client.pointer_position().await.unwrap(), before);
    client.click(Some(before), Button::Left, &[]).await.unwrap();
    let size = Size::new(640, 480);
    assert_eq!(client.resize_screen(size).await.unwrap().size(), size);

    let _frozen = Frozen::freeze(xvfb);
    let restarted = timeout(BOUND, client.restart_process("xvfb")).await;
    assert!(restarted.expect("an answer").unwrap().status.running);
    assert_eq!(client.screen().await.unwrap().size(), size);
    described.desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}
