//! A browser as small as it can be: what it sends is exactly what a test says.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

/// An answer takes a moment.
const ANSWER: Duration = Duration::from_secs(30);

/// Somebody who asks.
pub(super) struct Visitor {
    port: u16,
    host: String,
    cookie: String,
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Visitor {
    pub(super) fn new(port: u16, token: &str) -> Self {
        Self {
            port,
            host: format!("127.0.0.1:{port}"),
            cookie: format!("deskhand-show-{port}={token}"),
        }
    }

    pub(super) fn with_host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.get_with(path, "")
    }

    pub(super) fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.ask(&format!("GET {path}"), headers, "")
    }

    /// What the page asks for.
    pub(super) fn post(&self, what: &str, body: &Value) -> Answer {
        let headers = "Content-Type: application/json\r\nX-Deskhand-Review: 1\r\n";
        self.post_with(what, headers, &body.to_string())
    }

    /// What the page of that run asks for.
    pub(super) fn post_of(&self, run: &str, what: &str, body: &Value) -> Answer {
        let headers = format!(
            "Content-Type: application/json\r\nX-Deskhand-Review: 1\r\nX-Deskhand-Run: {run}\r\n"
        );
        self.post_with(what, &headers, &body.to_string())
    }

    pub(super) fn post_with(&self, what: &str, headers: &str, body: &str) -> Answer {
        self.ask(&format!("POST /.deskhand/{what}"), headers, body)
    }

    /// What is to be decided.
    pub(super) fn items(&self) -> Vec<Value> {
        let answer = self.get("/.deskhand/review");
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// The stream of what is new.
    pub(super) fn follow(&self) -> TcpStream {
        let mut stream = self.send("GET /.deskhand/events", "", "");
        let mut some = [0; 64];
        assert!(stream.read(&mut some).unwrap() > 0);
        stream
    }

    fn ask(&self, what: &str, headers: &str, body: &str) -> Answer {
        let mut stream = self.send(what, &format!("{headers}Connection: close\r\n"), body);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer {
            status: status.parse().unwrap(),
            headers: headers.collect(),
            body: answer[end + 4..].to_vec(),
        }
    }

    fn send(&self, what: &str, headers: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(ANSWER)).unwrap();
        let (host, cookie, length) = (&self.host, &self.cookie, body.len());
        let request = format!(
            "{what} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        headers
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Why it was refused.
    pub(super) fn reason(&self) -> String {
        let json = self.json();
        json["reason"].as_str().unwrap_or_default().to_owned()
    }
}
