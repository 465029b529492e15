//! Who may ask, and how many at once.
//!
//! Every request needs the token. A page in the user's browser can reach
//! loopback too, so a request that names another host than ours, or comes from
//! another origin, is refused before anything else. A browser cannot send the
//! token with a page's pictures and its WebSocket, so the viewer's own paths
//! also take a cookie, which the page's address brings: `/?token=TOKEN`.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::Response,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{refusal::Refusal, viewer};
use crate::secret::same;

/// How many requests are answered at once; the next one is refused with 429.
const MAX_AT_ONCE: usize = 64;

/// The guard of one address.
pub(in crate::server) struct Gate {
    token: String,
    address: SocketAddr,
    /// The machine's own name, by which others know it.
    host_name: String,
    places: Arc<Semaphore>,
}

/// A request that was let in.
pub(super) struct Pass {
    /// Held until the request is answered.
    _place: OwnedSemaphorePermit,
    cookie: Option<HeaderValue>,
}

impl Pass {
    /// Puts the cookie into the answer.
    pub(super) fn stamp(self, response: &mut Response) {
        if let Some(cookie) = self.cookie {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
}

impl Gate {
    /// The guard of `address`, which lets in who knows `token`.
    pub(in crate::server) fn new(address: SocketAddr, token: String) -> Self {
        let host_name = rustix::system::uname();
        Self {
            token,
            address,
            host_name: host_name.nodename().to_string_lossy().to_lowercase(),
            places: Arc::new(Semaphore::new(MAX_AT_ONCE)),
        }
    }

    /// Lets a request in that is for this server and has its token.
    pub(super) fn admit(&self, request: &Request) -> Result<Pass, Refusal> {
        let open = viewer::is_at(request.uri().path());
        self.check(request, false, |token| open && same(token, &self.token))
    }

    /// Lets a request in that is for a sandbox; `named` says whether its host
    /// name says so, and `opened` which other tokens do there.
    pub(super) fn admit_to(
        &self,
        request: &Request,
        named: bool,
        opened: impl Fn(&str) -> bool,
    ) -> Result<Pass, Refusal> {
        let open = viewer::is_at(request.uri().path());
        let is_good = |token: &str| opened(token) || (open && same(token, &self.token));
        self.check(request, named, is_good)
    }

    /// `is_good` judges tokens that come in an address or as a cookie.
    fn check(
        &self,
        request: &Request,
        named: bool,
        is_good: impl Fn(&str) -> bool,
    ) -> Result<Pass, Refusal> {
        let headers = request.headers();
        let host = text(headers, header::HOST).unwrap_or_default();
        if !named && !self.is_ours(host) {
            return Err(Refusal::forbidden(
                "this server does not accept that `Host` header",
            ));
        }
        if !is_same_origin(headers) {
            return Err(Refusal::forbidden(
                "a page from another origin may not use this desktop",
            ));
        }
        let brought = token_in(request.uri()).filter(|token| is_good(token));
        let known = bearer(headers).is_some_and(|token| same(token, &self.token))
            || self.cookie(headers).is_some_and(&is_good);
        if !known && brought.is_none() {
            return Err(Refusal::unauthorized());
        }
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Refusal::too_many("too many requests at once"))?;
        Ok(Pass {
            _place: place,
            cookie: brought.and_then(|token| self.new_cookie(token)),
        })
    }

    /// Cookies know no ports, so the name does: two desktops of one machine
    /// must not take each other's.
    fn cookie_name(&self) -> String {
        format!("deskhand-{}", self.address.port())
    }

    fn cookie<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let name = self.cookie_name();
        let all = headers.get_all(header::COOKIE).into_iter();
        all.filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    fn new_cookie(&self, token: &str) -> Option<HeaderValue> {
        let name = self.cookie_name();
        let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict");
        HeaderValue::from_str(&cookie).ok()
    }

    /// Whether a `Host` is a name of this server. A name that anybody can point
    /// here would let a foreign page pass for one of ours.
    fn is_ours(&self, host: &str) -> bool {
        let name = without_port(host).to_lowercase();
        let literal = name.trim_start_matches('[').trim_end_matches(']');
        let beyond = !self.address.ip().is_loopback();
        match literal.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || beyond,
            Err(_) => {
                name == "localhost"
                    || name.ends_with(".localhost")
                    || (beyond && !name.is_empty() && name == self.host_name)
            }
        }
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// A browser names the origin of the page that asks; a program names none.
fn is_same_origin(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let origin = text(headers, header::ORIGIN).unwrap_or_default();
    let host = text(headers, header::HOST).unwrap_or_default();
    let from = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    !host.is_empty() && from == Some(host)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, header::AUTHORIZATION)?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn token_in(uri: &Uri) -> Option<&str> {
    let pairs = uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "token")
        .map(|(_, token)| token)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(address: &str) -> Gate {
        let mut gate = Gate::new(address.parse().unwrap(), "secret".to_owned());
        gate.host_name = "strong".to_owned();
        gate
    }

    fn request(uri: &str, pairs: &[(HeaderName, &'static str)]) -> Request {
        let mut request = Request::new(axum::body::Body::empty());
        *request.uri_mut() = uri.parse().unwrap();
        let headers = request.headers_mut();
        headers.insert(header::HOST, "127.0.0.1:4000".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(name.clone(), value.parse().unwrap());
        }
        request
    }

    /// The status of a request's refusal, 200 if it is let in.
    fn status(gate: &Gate, uri: &str, pairs: &[(HeaderName, &'static str)]) -> u16 {
        match gate.admit(&request(uri, pairs)) {
            Ok(_) => 200,
            Err(refusal) => refusal.status().as_u16(),
        }
    }

    #[test]
    fn only_our_own_names_are_ours() {
        let (local, open) = (gate("127.0.0.1:4000"), gate("0.0.0.0:4000"));
        for (host, here, everywhere) in [
            ("127.0.0.1:4000", true, true),
            ("localhost", true, true),
            ("sbx-1.localhost:4000", true, true),
            ("[::1]:80", true, true),
            ("10.0.0.7:4000", false, true),
            ("strong:4000", false, true),
            ("evil.example", false, false),
            ("127.0.0.1.evil.example:80", false, false),
            ("localhost.evil.example", false, false),
            ("", false, false),
        ] {
            assert_eq!(local.is_ours(host), here, "{host}");
            assert_eq!(open.is_ours(host), everywhere, "{host}");
        }
    }

    #[test]
    fn a_page_of_another_origin_is_a_stranger() {
        let from = |origin| is_same_origin(request("/", &[(header::ORIGIN, origin)]).headers());
        assert!(is_same_origin(request("/", &[]).headers()));
        assert!(from("http://127.0.0.1:4000"));
        assert!(!from("http://127.0.0.1:5000"));
        assert!(!from("http://evil.example"));
        assert!(!from("null"));
    }

    #[test]
    fn the_api_takes_the_token_as_a_header_and_in_no_other_way() {
        let gate = gate("127.0.0.1:4000");
        let right = (header::AUTHORIZATION, "bearer secret");
        let wrong = (header::AUTHORIZATION, "Bearer secre");
        let cookie = (header::COOKIE, "deskhand-4000=secret");
        assert_eq!(status(&gate, "/api/status", &[right]), 200);
        assert_eq!(status(&gate, "/api/status", &[wrong]), 401);
        assert_eq!(status(&gate, "/api/status", &[cookie]), 401);
        assert_eq!(status(&gate, "/api/status?token=secret", &[]), 401);
        assert_eq!(status(&gate, "/api/status", &[]), 401);
    }

    #[test]
    fn the_viewer_takes_it_once_in_its_address_and_then_as_a_cookie() {
        let gate = gate("127.0.0.1:4000");
        let mine = (header::COOKIE, "a=b; deskhand-4000=secret");
        let others = (header::COOKIE, "deskhand-4001=secret");
        assert_eq!(status(&gate, "/?x=1&token=secret", &[]), 200);
        assert_eq!(status(&gate, "/?token=wrong", &[]), 401);
        assert_eq!(status(&gate, "/app/ui.js", &[mine]), 200);
        assert_eq!(status(&gate, "/app/ui.js", &[others]), 401);
        let pass = gate.admit(&request("/?token=secret", &[]));
        let cookie = pass.ok().and_then(|pass| pass.cookie).unwrap();
        assert!(cookie.to_str().unwrap().contains("HttpOnly"));
    }

    #[test]
    fn the_sixty_fifth_at_once_is_told_to_come_again() {
        let gate = gate("127.0.0.1:4000");
        let right = request("/api/status", &[(header::AUTHORIZATION, "Bearer secret")]);
        let passes: Vec<Pass> = (0..MAX_AT_ONCE)
            .filter_map(|_| gate.admit(&right).ok())
            .collect();
        assert_eq!(passes.len(), MAX_AT_ONCE);
        let next = gate.admit(&right).err().unwrap();
        assert_eq!(next.status().as_u16(), 429);
        drop(passes);
        assert!(gate.admit(&right).is_ok());
    }

    #[test]
    fn a_sandbox_may_be_opened_by_a_token_of_its_own() {
        let gate = gate("127.0.0.1:4000");
        let name = (header::HOST, "sbx-1-80.example:4000");
        let to = |uri, named| {
            let passed = gate.admit_to(&request(uri, std::slice::from_ref(&name)), named, |it| {
                it == "own"
            });
            passed.is_ok()
        };
        assert!(to("/any/path?token=own", true));
        assert!(
            !to("/any/path?token=own", false),
            "a host that anybody can make up"
        );
        assert!(
            !to("/any/path?token=secret", true),
            "the key itself is for headers"
        );
        assert!(to("/?token=secret", true), "but for the viewer");
    }
}
