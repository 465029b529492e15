//! A desktop at a URL, behind a server that can misbehave.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use rustix::process::Signal;
use serde_json::Value;

use crate::place::{processes::send, program};

/// What the server does with what the desktop answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Manner {
    /// Hands it on.
    Honest,
    /// Keeps it to itself, and the connection open.
    Silent,
    /// Hands on one byte every now and then.
    Slow,
    /// Answers what is no HTTP.
    Garbage,
    /// Hands on a part, and hangs up.
    Partial,
    /// Hangs up at once.
    Closed,
    /// Answers every request with this status, and this much more of a head.
    Status(u16, &'static str),
}

/// The desktop, and who stands before it.
pub(crate) struct Server {
    desktop: Child,
    port: u16,
    token: String,
    manner: Arc<Mutex<Manner>>,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut desktop = Command::new(program())
            .args(["desktop", "start", "--json", "--profile", "bare"])
            .args(["--size", "800x600"])
            .env("TMPDIR", folder.join("tmp"))
            .env("HOME", folder)
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("desktop")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(desktop.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let url = ready["url"].as_str().unwrap();
        let behind = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let manner = Arc::new(Mutex::new(Manner::Honest));
        let shared = Arc::clone(&manner);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (behind, manner) = (behind.clone(), Arc::clone(&shared));
                thread::spawn(move || carry(client, &behind, &manner));
            }
        });
        Self {
            desktop,
            port,
            token: ready["token"].as_str().unwrap().to_owned(),
            manner,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// From now on it does that.
    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// Ends the desktop.
    pub(crate) fn stop(mut self) {
        send(self.desktop.id(), Signal::TERM);
        self.desktop.wait().unwrap();
    }
}

/// Carries a connection to the desktop and back.
fn carry(mut client: TcpStream, behind: &str, manner: &Arc<Mutex<Manner>>) {
    let Ok(mut desktop) = TcpStream::connect(behind) else {
        return;
    };
    let (Ok(mut up), Ok(mut answered)) = (client.try_clone(), client.try_clone()) else {
        return;
    };
    let Ok(mut to) = desktop.try_clone() else {
        return;
    };
    let at = Arc::clone(manner);
    let host = behind.to_owned();
    thread::spawn(move || {
        let mut buffer = vec![0; 65536];
        while let Ok(read @ 1..) = up.read(&mut buffer) {
            if let Manner::Status(status, head) = *at.lock().unwrap() {
                let answer = format!(
                    "HTTP/1.1 {status} No\r\n{head}Content-Length: 0\r\nConnection: close\r\n\r\n"
                );
                let _ = answered.write_all(answer.as_bytes());
                let _ = answered.shutdown(Shutdown::Write);
                continue;
            }
            if to.write_all(&renamed(&buffer[..read], &host)).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
    let mut buffer = vec![0; 65536];
    while let Ok(read @ 1..) = desktop.read(&mut buffer) {
        if !hand_on(&mut client, &buffer[..read], manner) {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = desktop.shutdown(Shutdown::Both);
}

/// A request for the server, as one for the desktop, which answers to its own name alone.
fn renamed(request: &[u8], host: &str) -> Vec<u8> {
    let name = b"host: ";
    let Some(at) = request.windows(name.len()).position(|part| part == name) else {
        return request.to_vec();
    };
    let rest = &request[at..];
    let Some(end) = rest.iter().position(|byte| *byte == b'\r') else {
        return request.to_vec();
    };
    [&request[..at], name, host.as_bytes(), &rest[end..]].concat()
}

/// Whether the connection goes on after that.
fn hand_on(client: &mut TcpStream, bytes: &[u8], manner: &Mutex<Manner>) -> bool {
    let now = *manner.lock().unwrap();
    match now {
        Manner::Honest | Manner::Status(..) => client.write_all(bytes).is_ok(),
        Manner::Silent => true,
        Manner::Slow => bytes.iter().all(|byte| {
            thread::sleep(Duration::from_millis(300));
            client.write_all(&[*byte]).is_ok()
        }),
        Manner::Garbage => {
            let garbage: Vec<u8> = bytes.iter().map(|byte| byte.wrapping_mul(31)).collect();
            client.write_all(&garbage).is_ok()
        }
        Manner::Partial => {
            let _ = client.write_all(&bytes[..bytes.len() / 2]);
            false
        }
        Manner::Closed => false,
    }
}
