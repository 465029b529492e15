//! Connections: how many there are, and how long one may be idle.
//!
//! Every connection takes a descriptor, even before the gate has seen a request. So there is a
//! limit, and when it is reached, an idle connection makes room for the next: first those that were
//! never let in, and of these the one that has waited longest. A connection on which something is
//! going on (a request, a stream, the viewer's WebSocket) is never cut; if there are only such
//! ones, the next request is refused with 429.

mod held;

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::{
    net::sockopt,
    process::{Resource, getrlimit},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use self::held::Held;
pub(super) use self::held::{InUse, Slot};

/// How long the first request of a connection may take to come.
const FIRST_HEAD: Duration = Duration::from_secs(10);

/// How long a connection may wait for its next request: longer than clients keep
/// one that they do not use, so that it is they who hang up.
const NEXT_HEAD: Duration = Duration::from_secs(120);

/// The most connections on a machine that would allow more, and the fewest on
/// one that would allow less.
const MOST: u64 = 1024;
const FEWEST: u64 = 16;

/// How many more there may be while they are told that there are too many.
const TURNED_AWAY: usize = 16;

/// The pause after the system could not give another connection: it has no
/// descriptor or no memory for it.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// When a silent peer is asked whether it still exists, how often in all, and with what pause: one
/// that vanished is found within a minute.
const SILENT: Duration = Duration::from_secs(30);
const ASK_AGAIN: Duration = Duration::from_secs(10);
const ASKED: u32 = 3;

/// Every connection of one address.
pub(super) struct Connections {
    most: usize,
    all: Mutex<All>,
    /// Notified when a connection ends, or waits for a request again.
    changed: Notify,
}

#[derive(Default)]
struct All {
    next: u64,
    open: BTreeMap<u64, Connection>,
}

struct Connection {
    /// Since when it has been waiting for a request; `None` while it is in use.
    waiting: Option<Instant>,
    /// Whether a request of it has come, and whether one was let in.
    asked: bool,
    known: bool,
    /// Hangs up.
    end: CancellationToken,
}

/// Answers every request to `listener` with `answer`, until `stop`, and then those that are under
/// way.
pub(super) async fn serve<A, F>(listener: TcpListener, answer: A, stop: CancellationToken)
where
    A: Fn(Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let connections = Arc::new(Connections::new(limit()));
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = open.join_next() => continue,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                prepare(&stream);
                let place = tokio::select! {
                    place = connections.enter() => place,
                    () = stop.cancelled() => break,
                };
                open.spawn(carry(stream, place, answer.clone(), stop.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(_) => {
                connections.make_room();
                tokio::select! {
                    () = sleep(EXHAUSTED) => {}
                    () = stop.cancelled() => break,
                }
            }
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Half of the descriptors that this process may have: the viewer takes two for
/// a connection, and files, pipes and the X server take theirs.
fn limit() -> usize {
    let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from((descriptors / 2).clamp(FEWEST, MOST)).unwrap_or(usize::MAX)
}

/// Whether only the connection that was to be accepted is concerned.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

/// Sends small answers at once, and detects a peer that vanished. A connection that cannot be set
/// up like this is served as it is.
fn prepare(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let _ = sockopt::set_socket_keepalive(stream, true);
    let _ = sockopt::set_tcp_keepidle(stream, SILENT);
    let _ = sockopt::set_tcp_keepintvl(stream, ASK_AGAIN);
    let _ = sockopt::set_tcp_keepcnt(stream, ASKED);
}

/// Answers the requests of one connection until it ends.
async fn carry<A, F>(stream: TcpStream, place: Arc<Slot>, answer: A, stop: CancellationToken)
where
    A: Fn(Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let in_use = place.begin();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(in_use.clone());
        let answer = answer(request);
        async move {
            let response = answer.await;
            Ok::<_, std::convert::Infallible>(response.map(|body| Held::new(body, in_use)))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(NEXT_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let mut first = std::pin::pin!(sleep(FIRST_HEAD));
    let end = place.end();
    let (mut is_new, mut stopping) = (true, false);
    loop {
        tokio::select! {
            // An error of one connection does not affect others.
            _ = &mut connection => return,
            () = end.cancelled() => return,
            () = &mut first, if is_new => {
                if !place.was_asked() {
                    return;
                }
                is_new = false;
            }
            () = stop.cancelled(), if !stopping => {
                connection.as_mut().graceful_shutdown();
                stopping = true;
            }
        }
    }
}

impl Connections {
    fn new(most: usize) -> Self {
        Self {
            most,
            all: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// A place for one more, once there is room for it.
    async fn enter(self: &Arc<Self>) -> Arc<Slot> {
        loop {
            let changed = self.changed.notified();
            let open = self.lock().open.len();
            if open < self.most || self.make_room() || open < self.most + TURNED_AWAY {
                break;
            }
            // All of them are in use, and some are told so now. Looked at again
            // after a while, in case the last change was this one.
            let _ = timeout(EXHAUSTED, changed).await;
        }
        let mut all = self.lock();
        let id = all.next;
        all.next += 1;
        let end = CancellationToken::new();
        let connection = Connection {
            waiting: Some(Instant::now()),
            asked: false,
            known: false,
            end: end.clone(),
        };
        all.open.insert(id, connection);
        Arc::new(Slot::new(Arc::clone(self), id, end))
    }

    /// Hangs up on the least needed connection, if one is idle.
    fn make_room(&self) -> bool {
        let mut all = self.lock();
        let waiting = all.open.iter();
        let waiting = waiting.filter_map(|(id, it)| Some((it.known, it.waiting?, *id)));
        let Some((_, _, id)) = waiting.min() else {
            return false;
        };
        if let Some(connection) = all.open.remove(&id) {
            connection.end.cancel();
        }
        true
    }

    /// Whether more connections are in use than there may be.
    fn is_crowded(&self) -> bool {
        let all = self.lock();
        let in_use = all.open.values().filter(|it| it.waiting.is_none()).count();
        in_use > self.most
    }

    fn change(&self, id: u64, change: impl FnOnce(&mut Connection)) {
        if let Some(connection) = self.lock().open.get_mut(&id) {
            change(connection);
        }
        self.changed.notify_waiters();
    }

    fn leave(&self, id: u64) {
        self.lock().open.remove(&id);
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        // It is consistent after every statement, even after a panic.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// A server that says of each request whether its connection is crowded, and
    /// lets in whoever does not ask for `/stranger`.
    async fn server(most: usize) -> (Arc<Connections>, impl AsyncFn() -> TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(Connections::new(most));
        let serving = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let place = serving.enter().await;
                let stop = CancellationToken::new();
                tokio::spawn(carry(stream, place, answer, stop));
            }
        });
        let connect = async move || TcpStream::connect(address).await.unwrap();
        (connections, connect)
    }

    async fn answer(request: Request) -> Response {
        let in_use = request.extensions().get::<InUse>().cloned().unwrap();
        if request.uri().path() != "/stranger" {
            in_use.is_known();
        }
        if request.uri().path() == "/forever" {
            return Body::from_stream(futures_util::stream::pending::<io::Result<Vec<u8>>>())
                .into_response();
        }
        in_use.is_crowded().to_string().into_response()
    }

    async fn ask(stream: &mut TcpStream, path: &str) -> Option<String> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).await.unwrap_or(0);
        let text = String::from_utf8_lossy(&answer[..length]).into_owned();
        (length > 0).then_some(text)
    }

    async fn is_open(stream: &mut TcpStream, path: &str) -> bool {
        ask(stream, path).await.is_some()
    }

    async fn until(connections: &Connections, open: usize) {
        while connections.lock().open.len() != open {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_never_finishes_a_first_request_is_hung_up_on() {
        let (_, connect) = server(8).await;
        let mut half = connect().await;
        half.write_all(b"GET / HTTP/1.1\r\nX-").await.unwrap();
        let begun = Instant::now();
        assert_eq!(half.read(&mut [0]).await.unwrap_or(0), 0);
        assert!(begun.elapsed() <= FIRST_HEAD * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn who_keeps_a_connection_has_longer_for_the_next_request() {
        let (_, connect) = server(8).await;
        let mut kept = connect().await;
        assert!(is_open(&mut kept, "/").await);
        sleep(FIRST_HEAD * 2).await;
        assert!(is_open(&mut kept, "/").await);
        sleep(NEXT_HEAD * 2).await;
        assert!(!is_open(&mut kept, "/").await);
    }

    #[tokio::test]
    async fn room_is_made_by_strangers_first_and_then_by_the_idlest() {
        let (connections, connect) = server(3).await;
        let mut idlest = connect().await;
        assert!(is_open(&mut idlest, "/").await);
        let mut known = connect().await;
        assert!(is_open(&mut known, "/").await);
        let mut stranger = connect().await;
        assert!(is_open(&mut stranger, "/stranger").await);

        let mut new = connect().await;
        assert!(is_open(&mut new, "/").await);
        assert!(!is_open(&mut stranger, "/").await, "the stranger has gone");
        let mut newer = connect().await;
        assert!(is_open(&mut newer, "/").await);
        assert!(!is_open(&mut idlest, "/").await, "then the idlest");
        for stays in [&mut known, &mut new, &mut newer] {
            assert!(is_open(stays, "/").await);
        }
        drop((known, new, newer));
        until(&connections, 0).await;
    }

    #[tokio::test]
    async fn what_is_in_use_stays_and_the_next_is_told_that_there_is_no_room() {
        let (connections, connect) = server(2).await;
        let mut streams = Vec::new();
        for _ in 0..2 {
            let mut stream = connect().await;
            assert!(is_open(&mut stream, "/forever").await);
            streams.push(stream);
        }
        let mut third = connect().await;
        let told = ask(&mut third, "/").await.unwrap();
        assert!(told.ends_with("true"), "{told}");
        drop(third);
        until(&connections, 2).await;
        streams.pop();
        let mut next = connect().await;
        let told = ask(&mut next, "/").await.unwrap();
        assert!(told.ends_with("false"), "{told}");
        let still = streams[0].try_read(&mut [0; 64]);
        assert_eq!(still.unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
}
