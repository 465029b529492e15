//! The viewer's page and its WebSocket.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    eventually::{PATIENCE, eventually},
    place::Place,
};

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_opens_with_the_token_and_then_with_its_cookie() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    let get = |path: &str| http().get(format!("{}{path}", desktop.url()));
    assert_eq!(get("/").send().await.unwrap().status().as_u16(), 401);
    let page = http().get(desktop.viewer_url()).send().await.unwrap();
    assert_eq!(page.status().as_u16(), 200);
    let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let text = page.text().await.unwrap();
    assert!(text.contains("<title>noVNC</title>") && text.contains("autoconnect=true"));

    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with_cookie = |path: &str| get(path).header("cookie", &cookie).send();
    for part in ["/app/ui.js", "/core/rfb.js"] {
        let script = with_cookie(part).await.unwrap();
        assert_eq!(script.status().as_u16(), 200, "{part}");
        let kind = script.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(kind.contains("javascript"), "{kind}");
    }
    assert_eq!(
        get("/app/ui.js").send().await.unwrap().status().as_u16(),
        401
    );
    assert_eq!(
        with_cookie("/api/status").await.unwrap().status().as_u16(),
        401
    );
    for escape in [
        "/app/../../../etc/passwd",
        "/app/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    ] {
        let status = with_cookie(escape).await.unwrap().status().as_u16();
        assert!(matches!(status, 401 | 404), "{escape}: {status}");
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_page_is_served_whole_unless_one_range_of_it_is_wanted() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    let script = |range: &'static str| {
        http()
            .get(format!("{}/app/ui.js", desktop.url()))
            .bearer_auth(desktop.token())
            .header("range", range)
            .send()
    };
    let all = script("").await.unwrap().bytes().await.unwrap();
    for (range, status) in [
        ("bytes=2-5", 206),
        ("bytes=0-1,3-4", 200),
        ("bytes=x", 200),
        ("bytes=999999999-", 416),
    ] {
        let answer = script(range).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{range}");
        match status {
            200 => assert_eq!(answer.bytes().await.unwrap(), all, "{range}"),
            206 => assert_eq!(answer.bytes().await.unwrap(), &all[2..6], "{range}"),
            _ => {
                let error: serde_json::Value = answer.json().await.unwrap();
                assert!(error["message"].is_string(), "{error}");
            }
        }
    }
    desktop.shut_down().await;
}

/// Asks for the WebSocket; answers the status and the connection.
fn socket(address: &str, headers: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "GET /websockify HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\n\
         Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    (head.lines().next().unwrap().to_owned(), stream)
}

/// The WebSocket of a desktop, for whom knows its token.
pub(crate) async fn connected(url: &str, token: &str) -> TcpStream {
    let address = url.replace("http://", "");
    let right = format!("Authorization: Bearer {token}\r\n");
    // The bridge, and x11vnc, may take a moment to listen.
    let connect = async || socket(&address, &right);
    let (status, stream) = eventually(connect, |(status, _)| status.contains("101")).await;
    assert!(status.contains("101"), "the viewer's WebSocket: {status}");
    stream
}

/// A binary message of up to 125 bytes.
pub(crate) fn read_frame(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(head[0], 0x82, "a whole binary message");
    let mut message = vec![0; head[1].into()];
    stream.read_exact(&mut message).unwrap();
    message
}

/// Sends a binary message of up to 125 bytes, masked with nothing but zeros.
pub(crate) fn write_frame(stream: &mut TcpStream, message: &[u8]) {
    let length = u8::try_from(message.len()).unwrap();
    let frame = [&[0x82, 0x80 | length, 0, 0, 0, 0], message].concat();
    stream.write_all(&frame).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_websocket_leads_to_vnc_for_those_who_know_the_token() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    let address = desktop.url().replace("http://", "");
    let right = format!("Authorization: Bearer {}\r\n", desktop.token());
    let mut viewer = connected(&desktop.url(), desktop.token()).await;
    assert_eq!(read_frame(&mut viewer), b"RFB 003.008\n");

    let (status, _) = socket(&address, "");
    assert!(status.contains("401"), "{status}");
    let foreign = format!("{right}Origin: http://evil.example\r\n");
    let (status, _) = socket(&address, &foreign);
    assert!(status.contains("403"), "{status}");
    desktop.shut_down().await;
}
