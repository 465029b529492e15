//! Connections that ask for nothing, beside those that do.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use deskhand::desktop::Desktop;
use futures_util::StreamExt;

use crate::{
    eventually::{PATIENCE, in_time},
    place::Place,
    started::Started,
    viewer::{connected, read_frame, write_frame},
};

/// How many files the server may have open, and how many connections that only
/// begin a request.
const DESCRIPTORS: &str = "256";
const HALF_OPEN: usize = 300;

fn connect(desktop: &Started) -> TcpStream {
    let address = desktop.said("url").replace("http://", "");
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Asks over a connection that stays open, and answers the first line.
fn ask(desktop: &Started, stream: &mut TcpStream) -> String {
    let token = desktop.said("token");
    let request = format!(
        "GET /api/input/position HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer[..length]).into_owned();
    text.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_never_finish_a_request_keep_nobody_out() {
    let place = Place::new();
    let desktop = Started::with_descriptors(&place, DESCRIPTORS, &["--profile", "bare"]);
    let client = desktop.client();
    let mut kept = connect(&desktop);
    assert_eq!(ask(&desktop, &mut kept), "HTTP/1.1 200 OK");
    let mut statuses = client.status_stream().await.unwrap();
    statuses.next().await.unwrap().unwrap();
    let mut viewer = connected(desktop.said("url"), desktop.said("token")).await;
    assert_eq!(read_frame(&mut viewer), b"RFB 003.008\n");

    let mut half_open = Vec::new();
    for _ in 0..HALF_OPEN {
        let mut stream = connect(&desktop);
        stream.write_all(b"GET / HTTP/1.1\r\nX-").unwrap();
        half_open.push(stream);
    }
    // Somebody who comes now, and everybody who was there.
    let new = desktop.client();
    assert!(in_time("an answer", new.health()).await.unwrap());
    assert_eq!(ask(&desktop, &mut kept), "HTTP/1.1 200 OK");
    for _ in 0..2 {
        let next = in_time("a status", statuses.next()).await;
        next.unwrap().unwrap();
    }
    write_frame(&mut viewer, b"RFB 003.008\n");
    // One way to be let in, which is to be let in without anything.
    assert_eq!(read_frame(&mut viewer), [1, 1]);
    drop((half_open, statuses, viewer, kept));
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_no_file_can_be_opened_is_served_once_one_can() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--profile", "bare"], &[]);
    let mut early = connect(&desktop);
    assert_eq!(ask(&desktop, &mut early), "HTTP/1.1 200 OK");
    let before = desktop.limit_descriptors("1:");
    let mut late = connect(&desktop);
    late.set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    assert!(late.read(&mut [0]).is_err(), "nothing is said");
    desktop.limit_descriptors(&format!("{before}:"));
    late.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(ask(&desktop, &mut late), "HTTP/1.1 200 OK");
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}
