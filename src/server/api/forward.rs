//! Handing a request on to a program on this machine, upgraded ones included.

use std::{net::Ipv4Addr, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use hyper::{client::conn::http1::handshake, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use tokio::{io::copy_bidirectional, net::TcpStream, time::timeout};

use super::{connections::InUse, refusal::Refusal};

/// How long a program on this machine may take to accept a connection.
const ACCEPTED: Duration = Duration::from_secs(10);

/// Sends `request` to loopback `port` as one for `path`, without the credentials for this server;
/// returns the answer.
pub(super) async fn forward(
    mut request: Request,
    port: u16,
    path: &str,
) -> Result<Response, Refusal> {
    let failed = |reason: String| Refusal::bad_gateway(format!("port {port}: {reason}"));
    let stream = timeout(ACCEPTED, TcpStream::connect((Ipv4Addr::LOCALHOST, port))).await;
    let stream = stream.map_err(|_| failed("the connection was refused".to_owned()))?;
    let stream = stream.map_err(|error| failed(error.to_string()))?;
    let shaken = handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(|error| failed(error.to_string()))?;
    tokio::spawn(connection.with_upgrades());

    let ours = request.extensions_mut().remove::<OnUpgrade>();
    let in_use = request.extensions_mut().remove::<InUse>();
    *request.uri_mut() = path.parse().map_err(|_| failed("bad path".to_owned()))?;
    let host = format!("127.0.0.1:{port}");
    let headers = request.headers_mut();
    for private in [header::AUTHORIZATION, header::COOKIE, header::ORIGIN] {
        headers.remove(private);
    }
    if let Ok(host) = HeaderValue::from_str(&host) {
        headers.insert(header::HOST, host);
    }
    let answer = sender.send_request(request).await;
    let mut answer = answer.map_err(|error| failed(error.to_string()))?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        let theirs = hyper::upgrade::on(&mut answer);
        let ours = ours.ok_or_else(|| failed("this connection cannot be upgraded".to_owned()))?;
        tokio::spawn(async move {
            join(ours, theirs).await;
            drop(in_use);
        });
    }
    Ok(answer.map(Body::new))
}

/// Carries bytes both ways until one side ends.
async fn join(ours: OnUpgrade, theirs: OnUpgrade) {
    if let (Ok(ours), Ok(theirs)) = tokio::join!(ours, theirs) {
        // Whoever hangs up, hangs up for both.
        let _ = copy_bidirectional(&mut TokioIo::new(ours), &mut TokioIo::new(theirs)).await;
    }
}
