//! Two hundred random and hostile requests for each operation: only described
//! statuses come back, errors have the shape that is described, and the desktop is
//! alive and right after them.
//!
//! `DESKHAND_FUZZ_SEED=7 cargo test --release --test real -- hostile` sends others.

use std::time::Duration;

use deskhand::{
    desktop::{Desktop, DesktopClient, Profile, wire::ImageFormat},
    server::Options,
};
use futures_util::{StreamExt, stream};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Map, Value, json};

use crate::{
    described::{self, Described},
    document::{Document, Operation},
    eventually::PATIENCE,
    place::Place,
    seed::{self, seed},
};

/// For each operation.
const REQUESTS: usize = 200;

/// How many are on their way at once.
const AT_ONCE: usize = 16;

/// Operations that cost a process each time that they are meant well, so that
/// they mostly get what they refuse.
const COSTLY: [&str; 6] = [
    "create_sandbox",
    "delete_sandbox",
    "restart_process",
    "start_recording",
    "stop_recording",
    "status_stream",
];

/// Marsaglia's xorshift, so that every run with the same seed is the same.
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        // Nothing ever comes of 0.
        Self((seed ^ 0x9e37_79b9_7f4a_7c15).max(1))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn value(&mut self) -> Value {
        let deep = (0..120).fold(json!(1), |inner, _| json!([inner]));
        let values = [
            Value::Null,
            json!(true),
            json!(-1),
            json!(0),
            json!(1),
            json!(2.5),
            json!(u64::MAX),
            json!(1e308),
            json!(""),
            json!("a"),
            json!("../../etc/passwd"),
            json!("\u{0}\u{1b}[31m"),
            json!("🙂\u{301}\u{202e}"),
            json!("x".repeat(60_000)),
            json!([]),
            json!(["ctrl", 1, null]),
            json!(vec!["a"; 11]),
            json!({"x": {"x": {}}}),
            deep,
        ];
        self.of(&values)
    }

    fn segment(&mut self) -> String {
        let long = "a".repeat(5000);
        let all = [
            "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "..%2f..%2fetc",
            "%00",
            "%ff%fe",
            "rec_",
            "rec_1.mp4",
            "rec_%2e%2e",
            "rec_99999999999999999999",
            "xvfb%20",
            "XVFB",
            "%F0%9F%99%82",
            "'%3b--",
            &long,
        ];
        self.of(&all).to_owned()
    }
}

/// One way to be hostile.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A body of nothing but nonsense.
    Field,
    /// A body that is right but for one field.
    Nearly,
    Garbage,
    Huge,
    Stranger,
    OtherHost,
    OtherMethod,
    Path,
    Query,
    Headers,
}

const KINDS: [Kind; 10] = [
    Kind::Field,
    Kind::Nearly,
    Kind::Garbage,
    Kind::Huge,
    Kind::Stranger,
    Kind::OtherHost,
    Kind::OtherMethod,
    Kind::Path,
    Kind::Query,
    Kind::Headers,
];

/// What only strangers and the confused send, so nothing is done.
const HARMLESS: [Kind; 3] = [Kind::Stranger, Kind::OtherHost, Kind::OtherMethod];

struct Attacker<'d> {
    described: &'d Described,
    chance: Chance,
}

impl Attacker<'_> {
    /// A request, and the statuses that may come beside the described ones.
    fn request(&mut self, operation: &Operation) -> (RequestBuilder, Vec<u16>, Kind) {
        let costly = COSTLY.contains(&&*operation.id);
        let mut kind = if costly {
            self.chance.of(&HARMLESS)
        } else {
            self.chance.of(&KINDS)
        };
        if matches!(kind, Kind::Huge) && self.chance.below(8) > 0 {
            kind = Kind::Garbage;
        }
        let mut path = operation
            .path
            .replace("{name}", "novnc")
            .replace("{sandbox}", &self.described.sandbox)
            .replace("{id}", "rec_0");
        let (mut method, mut also) = (operation.method.clone(), Vec::new());
        match kind {
            Kind::Path => {
                let segment = self.chance.segment();
                path = if operation.path.contains('{') {
                    let ends = operation.path.split(['{', '}']).collect::<Vec<_>>();
                    format!("{}{segment}{}", ends[0], ends[2])
                } else {
                    format!("{path}/{segment}")
                };
                also.extend([400, 404, 405, 414]);
            }
            Kind::Query => {
                let queries = [
                    "?x=%",
                    "?x=%ff",
                    "?&&==&",
                    "?width=1&width=2",
                    "?token=x",
                    "?x=1e9&y=٣",
                ];
                path += &if operation.query.is_empty() || self.chance.below(2) == 0 {
                    self.chance.of(&queries).to_owned()
                } else {
                    self.query(operation)
                };
            }
            Kind::OtherMethod => {
                let others = [
                    Method::TRACE,
                    Method::PATCH,
                    Method::OPTIONS,
                    Method::from_bytes(b"BREW").unwrap(),
                ];
                method = self.chance.of(&others);
                also.push(405);
            }
            _ => {}
        }
        let url = format!("{}{path}", self.described.desktop.url());
        let mut request = self.described.http.request(method, url);
        request = match kind {
            Kind::Stranger => {
                let tokens = ["", "x", "Bearer", "é", "null"];
                let token = self.chance.of(&tokens);
                request.header("authorization", token.as_bytes())
            }
            _ => request.bearer_auth(self.described.desktop.token()),
        };
        request = match kind {
            Kind::OtherHost => {
                let headers = [
                    ("host", "evil.example"),
                    ("origin", "null"),
                    ("origin", "http://127.0.0.1:1"),
                ];
                let (name, value) = self.chance.of(&headers);
                request.header(name, value)
            }
            Kind::Headers => {
                let long = "x".repeat(30_000);
                let headers = [
                    ("range", "bytes=99999999999999999999-1,-0,a-b"),
                    ("content-type", "multipart/form-data; boundary="),
                    ("content-encoding", "gzip"),
                    ("if-none-match", "*"),
                    ("x-long", &long),
                ];
                let (name, value) = self.chance.of(&headers);
                request.header(name, value)
            }
            _ => request,
        };
        (request.body(self.body(operation, kind)), also, kind)
    }

    /// Parameters that the operation knows, with values that it may not. None of them
    /// is a path that leads anywhere.
    fn query(&mut self, operation: &Operation) -> String {
        const VALUES: [&str; 14] = [
            "",
            "0",
            "1",
            "7",
            "-1",
            "1.0",
            "1e9",
            "%D9%A3",
            "2147483648",
            "18446744073709551616",
            "%00",
            "%ff",
            "jpg",
            "%F0%9F%99%82",
        ];
        let pairs = operation.query.iter().map(|name| {
            let value = self.chance.of(&VALUES);
            format!("{name}={value}")
        });
        let mut pairs: Vec<String> = pairs.collect();
        pairs.retain(|_| self.chance.below(3) > 0);
        format!("?{}", pairs.join("&"))
    }

    fn body(&mut self, operation: &Operation, kind: Kind) -> Vec<u8> {
        match (kind, &operation.body) {
            (Kind::Nearly, Some(schema)) => {
                let fields = self.described.document.fields(schema);
                let (field, _) = self.chance.of(&fields);
                let mut body = described::body(operation).unwrap();
                body[field] = self.chance.value();
                body.to_string().into_bytes()
            }
            (Kind::Field, Some(schema)) => {
                let mut body = Map::new();
                for (field, _) in self.described.document.fields(schema) {
                    if self.chance.below(4) > 0 {
                        body.insert(field, self.chance.value());
                    }
                }
                serde_json::to_vec(&body).unwrap()
            }
            (Kind::Garbage, _) => {
                let deep = "[".repeat(200_000);
                let all: [&[u8]; 8] = [
                    b"{",
                    b"\xff\xfe\x00",
                    b"null",
                    b"[{}]",
                    b"{\"x\":1,\"x\":",
                    b"\"\\ud800\"",
                    b"{} {}",
                    deep.as_bytes(),
                ];
                self.chance.of(&all).to_vec()
            }
            (Kind::Huge, _) => vec![b' '; 2 << 20],
            _ => Vec::new(),
        }
    }
}

/// Sends a request, again where the server had hung up on the connection that
/// it took: it does so with a body that it will not read.
async fn answer(what: &str, request: RequestBuilder) -> Option<Response> {
    let request = request.timeout(PATIENCE);
    for _ in 0..5 {
        match request.try_clone().unwrap().send().await {
            Ok(answer) => return Some(answer),
            Err(error) => assert!(!error.is_timeout(), "{what}: {error:?}"),
        }
    }
    assert!(what.contains("Huge"), "{what}: no answer");
    None
}

/// Holds an answer against what may come.
async fn judge(document: &Document, what: String, request: RequestBuilder, allowed: Vec<u16>) {
    let Some(answer) = answer(&what, request).await else {
        return;
    };
    let status = answer.status();
    assert!(allowed.contains(&status.as_u16()), "{what}: {status}");
    assert!(
        !status.is_server_error() || status.as_u16() == 503,
        "{what}: {status}"
    );
    if status.is_client_error() {
        let text = answer.text().await.unwrap();
        let error: Value = serde_json::from_str(&text).unwrap_or_default();
        let shape = if status.as_u16() == 400 {
            json!({"$ref": "#/components/schemas/ValidationError"})
        } else {
            json!({"$ref": "#/components/schemas/Error"})
        };
        let checked = document.check(&shape, &error);
        assert!(checked.is_ok(), "{what}: {status} {text}: {checked:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_hostile_requests_for_each_operation_do_no_harm() {
    let place = Place::new();
    let described = Described::new(&place).await;
    let desktop = &described.desktop;
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    let mut attacker = Attacker {
        described: &described,
        chance: Chance::new(seed(seed::USUAL)),
    };
    for operation in described.document.operations() {
        let mut attacks = Vec::new();
        for number in 0..REQUESTS {
            let (request, also, kind) = attacker.request(&operation);
            let what = format!("{} {} {number} {kind:?}", operation.method, operation.path);
            let allowed = [operation.statuses.clone(), also].concat();
            attacks.push(judge(&described.document, what, request, allowed));
        }
        stream::iter(attacks)
            .for_each_concurrent(AT_ONCE, |attack| attack)
            .await;
        assert_well(&client, &operation.id).await;
    }
    described.desktop.shut_down().await;
    // What was made on the way out of the home of the sandbox.
    let _ = std::fs::remove_dir_all(place.temporary().join("etc"));
    place.assert_nothing_is_left(Duration::ZERO);
}

async fn assert_well(client: &DesktopClient, after: &str) {
    assert!(client.health().await.unwrap(), "after {after}");
    assert!(
        client.process_status().await.unwrap().is_ready(),
        "after {after}"
    );
    let picture = client.screenshot(None, ImageFormat::Png).await;
    assert!(picture.is_ok(), "after {after}: {picture:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_is_refused_and_forgotten() {
    use std::{
        io::{Read, Write},
        net::TcpStream,
    };
    let place = Place::new();
    let options = Options {
        profile: Profile::Bare,
        ..place.options()
    };
    let (desktop, client) = place.desktop_with(options).await;
    let address = desktop.url().replace("http://", "");
    let endless = format!(
        "GET / HTTP/1.1\r\nHost: {address}\r\nX: {}",
        "x".repeat(1 << 20)
    );
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(5000));
    let twice = "POST /api/input/type HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab";
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(),
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        endless.as_bytes(),
        many.as_bytes(),
        twice.as_bytes(),
    ] {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        // The server may hang up before it has read it all.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || text.starts_with("HTTP/1.1 4"),
            "{text}"
        );
    }
    assert_well(&client, "garbage").await;
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}
