//! The status stream, and waiting by it.

use std::time::Duration;

use futures_util::StreamExt;

use super::{Answer, Server};
use crate::desktop::{Desktop, DesktopError};

const DEGRADED: &str = concat!(
    ": hello\n\n",
    "data: {\"status\": \"degraded\", \"items\": [\n",
    "data: {\"name\": \"novnc\", \"running\": false, \"stdout_log\": \"\", \"stderr_log\": \"\"}],\n",
    "data: \"running\": 3, \"total\": 4}\n\n",
);
const RUNNING: &str =
    "data: {\"status\": \"running\", \"items\": [], \"running\": 4, \"total\": 4}\n\n";

fn events(text: impl Into<Vec<u8>>) -> Answer {
    Answer::ok(text).header("content-type", "text/event-stream")
}

#[tokio::test]
async fn comments_are_ignored_and_data_may_have_many_lines() {
    let text = format!("{DEGRADED}event: error\ndata: the display is gone\n\n: bye\n\n{RUNNING}");
    let server = Server::answering([events(text)]).await;
    let stream = server.client().status_stream().await.expect("a stream");
    let all: Vec<_> = stream.collect().await;
    let [Ok(degraded), Err(error), Ok(running)] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!((degraded.running, degraded.total), (3, 4));
    assert!(error.to_string().ends_with("the display is gone"));
    assert!(running.is_ready());
    assert_eq!(server.seen()[0].line, "GET /api/status/stream");
}

#[tokio::test]
async fn an_event_may_come_in_pieces() {
    let pieces = DEGRADED.as_bytes().chunks(7).map(<[u8]>::to_vec).collect();
    let server = Server::answering([events("").in_chunks(pieces)]).await;
    let mut stream = server.client().status_stream().await.expect("a stream");
    let list = stream.next().await.expect("an event").expect("a list");
    assert_eq!(list.items[0].name, "novnc");
}

#[tokio::test]
async fn a_mistyped_event_names_its_field() {
    let text =
        "data: {\"status\": \"running\", \"items\": [], \"running\": \"4\", \"total\": 4}\n\n";
    let server = Server::answering([events(text)]).await;
    let mut stream = server.client().status_stream().await.expect("a stream");
    let error = stream
        .next()
        .await
        .expect("an event")
        .expect_err("an error");
    assert!(error.to_string().contains("`running`: invalid"), "{error}");
}

#[tokio::test]
async fn a_stream_that_breaks_is_a_failed_connection() {
    let broken = events(DEGRADED).breaking();
    let server = Server::answering([broken]).await;
    let stream = server.client().status_stream().await.expect("a stream");
    let last = stream.collect::<Vec<_>>().await.pop().expect("an event");
    let error = last.expect_err("an error");
    assert!(matches!(error, DesktopError::Connection { .. }), "{error}");
}

#[tokio::test]
async fn a_stream_may_last_longer_than_a_call() {
    let server = Server::answering([events(RUNNING)]).await;
    let client = server.client().with_timeout(Duration::from_secs(60));
    let client = client.expect("a client");
    let mut stream = client.status_stream().await.expect("a stream");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    assert!(stream.next().await.expect("an event").is_ok());
}

#[tokio::test]
async fn waiting_connects_again_when_the_stream_ends_early() {
    let server = Server::answering([events(DEGRADED), events(RUNNING)]).await;
    let client = server.client();
    let ready = client.wait_until_ready(Duration::from_secs(60)).await;
    ready.expect("a ready desktop");
    assert_eq!(server.seen().len(), 2);
}
