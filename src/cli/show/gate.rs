//! Who may look at a run, and who may change something.
//!
//! A run shows what was on a screen, and `show` writes to the project: neither is for
//! another user of the machine, nor for a page of the internet in the same browser. So
//! the first visit brings the token in its address, later ones bring a cookie, and what
//! changes something also has a header that no form and no page of another origin can
//! send.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};

use crate::secret::{self, same};

/// The header that only the page's own script sends.
pub(super) const BY_SCRIPT: HeaderName = HeaderName::from_static("x-deskhand-review");

/// The guard of one address.
pub(super) struct Gate {
    token: String,
    /// Stands for the token once: it is in the arguments of the program that opens the
    /// browser, which every user of the machine can read.
    ticket: Mutex<Option<String>>,
    port: u16,
}

/// Why a request was refused: its status, and a sentence.
pub(super) type Refused = (StatusCode, &'static str);

impl Gate {
    pub(super) const fn new(token: String, port: u16) -> Self {
        Self {
            token,
            ticket: Mutex::new(None),
            port,
        }
    }

    /// The address of the page for the first visit.
    pub(super) fn address(&self) -> String {
        self.address_with(&self.token)
    }

    /// An address of the page that leads there once.
    pub(super) fn address_once(&self) -> io::Result<String> {
        let ticket = secret::token()?;
        let address = self.address_with(&ticket);
        *self.ticket() = Some(ticket);
        Ok(address)
    }

    fn address_with(&self, token: &str) -> String {
        format!("http://127.0.0.1:{}/?token={token}", self.port)
    }

    fn ticket(&self) -> MutexGuard<'_, Option<String>> {
        self.ticket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is the ticket, which is then used up.
    fn takes(&self, brought: &str) -> bool {
        let mut ticket = self.ticket();
        ticket.take_if(|it| same(it, brought)).is_some()
    }

    /// Lets a request in; the answer is the cookie that the guest should keep, if it
    /// brought the token in its address.
    pub(super) fn admit(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        changes: bool,
    ) -> Result<Option<HeaderValue>, Refused> {
        // Any other name that leads here would let a foreign page pass for ours.
        let host = text(headers, &header::HOST).unwrap_or_default();
        if !self.names().iter().any(|name| name == host) {
            let words = "this server answers to its own address only: open the one that \
                         `deskhand show` printed\n";
            return Err((StatusCode::FORBIDDEN, words));
        }
        if let Some(origin) = headers.get(header::ORIGIN) {
            let from = origin.to_str().ok();
            if from.and_then(|from| from.strip_prefix("http://")) != Some(host) {
                let words = "a page from another origin may not use this server\n";
                return Err((StatusCode::FORBIDDEN, words));
            }
        }
        let is_good = |token: &str| same(token, &self.token) || self.takes(token);
        let brought = token(uri).is_some_and(is_good);
        let known = cookies(headers, &self.cookie_name()).any(|token| same(token, &self.token));
        if !brought && !known {
            let words = "this page needs the token: open the address that `deskhand show` \
                         printed\n";
            return Err((StatusCode::UNAUTHORIZED, words));
        }
        if changes && !(known && headers.contains_key(BY_SCRIPT)) {
            let words = "only the page of `deskhand show` may change something\n";
            return Err((StatusCode::FORBIDDEN, words));
        }
        let name = self.cookie_name();
        let cookie = format!("{name}={}; Path=/; HttpOnly; SameSite=Strict", self.token);
        Ok(HeaderValue::from_str(&cookie).ok().filter(|_| brought))
    }

    fn names(&self) -> [String; 2] {
        ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port))
    }

    /// Cookies know no ports, so the name does.
    fn cookie_name(&self) -> String {
        format!("deskhand-show-{}", self.port)
    }
}

fn token(uri: &Uri) -> Option<&str> {
    let pairs = uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "token")
        .map(|(_, token)| token)
}

fn cookies<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(uri: &str, pairs: &[(&'static str, &'static str)], changes: bool) -> u16 {
        let gate = Gate::new("secret".to_owned(), 4000);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:4000".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        match gate.admit(&uri.parse().unwrap(), &headers, changes) {
            Ok(_) => 200,
            Err((status, _)) => status.as_u16(),
        }
    }

    const COOKIE: (&str, &str) = ("cookie", "a=b; deskhand-show-4000=secret");
    const SCRIPT: (&str, &str) = ("x-deskhand-review", "1");

    #[test]
    fn whoever_brings_the_token_or_its_cookie_may_look() {
        assert_eq!(status("/?x=1&token=secret", &[], false), 200);
        assert_eq!(status("/a.png", &[COOKIE], false), 200);
        assert_eq!(status("/", &[], false), 401);
        assert_eq!(status("/?token=secre", &[], false), 401);
        let other = ("cookie", "deskhand-show-4001=secret");
        assert_eq!(status("/a.png", &[other], false), 401);
    }

    #[test]
    fn a_foreign_name_and_a_foreign_origin_are_refused() {
        let rebound = ("host", "evil.example:4000");
        assert_eq!(status("/", &[COOKIE, rebound], false), 403);
        assert_eq!(status("/", &[COOKIE, ("host", "127.0.0.1")], false), 403);
        assert_eq!(
            status("/", &[COOKIE, ("host", "localhost:4000")], false),
            200
        );
        for origin in ["http://127.0.0.1:5000", "https://127.0.0.1:4000", "null"] {
            assert_eq!(status("/", &[COOKIE, ("origin", origin)], false), 403);
        }
        let own = ("origin", "http://127.0.0.1:4000");
        assert_eq!(status("/", &[COOKIE, own], false), 200);
    }

    #[test]
    fn a_change_needs_the_cookie_and_the_header_that_no_form_can_send() {
        assert_eq!(status("/", &[COOKIE, SCRIPT], true), 200);
        assert_eq!(status("/", &[COOKIE], true), 403);
        assert_eq!(status("/?token=secret", &[SCRIPT], true), 403);
        assert_eq!(status("/", &[SCRIPT], true), 401);
    }

    #[test]
    fn the_address_for_the_browser_leads_there_once() {
        let gate = Gate::new("secret".to_owned(), 4000);
        let address = gate.address_once().unwrap();
        assert!(!address.contains("secret"));
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:4000".parse().unwrap());
        let uri: Uri = address.parse().unwrap();
        let cookie = gate.admit(&uri, &headers, false).unwrap().unwrap();
        assert!(cookie.to_str().unwrap().contains("=secret;"));
        assert!(gate.admit(&uri, &headers, false).is_err());
    }

    #[test]
    fn the_token_becomes_a_cookie_that_scripts_cannot_read() {
        let gate = Gate::new("secret".to_owned(), 4000);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "localhost:4000".parse().unwrap());
        let uri: Uri = "/?token=secret".parse().unwrap();
        let cookie = gate.admit(&uri, &headers, false).unwrap().unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    }
}
