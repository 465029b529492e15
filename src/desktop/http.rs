//! The transport behind the clients: sends a call to an address within its time, repeats it if that
//! does no harm, and reads what comes back.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Response, StatusCode, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout as within};
use tokio_util::sync::CancellationToken;

use super::{
    DesktopError, Result,
    answer::{self, Unread},
    call::Call,
    limiter::Limiter,
    retry::{Missed, Retries},
    tls,
    wire::limits,
};

/// The protocol's default timeout of a request.
pub(super) const REQUEST_TIMEOUT: Duration = Duration::from_secs(300);

/// How long a call may take to an address that was given up.
const GIVEN_UP: Duration = Duration::from_millis(500);

/// How a client authenticates.
#[derive(Clone, Copy)]
pub(super) struct Credentials<'a> {
    /// The key or token.
    pub(super) key: &'a str,
    /// The header that carries it.
    pub(super) header: &'a str,
    /// Whether `Bearer ` stands before it, unless it does so already.
    pub(super) bearer: bool,
}

/// An address, and everything that is needed to call it. Clones share connections and the rate
/// limit.
#[derive(Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    base: String,
    timeout: Duration,
    retries: Retries,
    limiter: Option<Arc<Limiter>>,
    /// Cancelled once nobody is expected to answer any more.
    given_up: CancellationToken,
}

/// A complete answer whose status the call accepts.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl<'a> Credentials<'a> {
    /// A key as the protocol sends it: `Authorization: Bearer KEY`.
    pub(super) const fn bearer(key: &'a str) -> Self {
        Self {
            key,
            header: "Authorization",
            bearer: true,
        }
    }

    fn to_header(self) -> Result<(HeaderName, HeaderValue)> {
        let name = HeaderName::try_from(self.header).map_err(|_| DesktopError::Argument {
            field: "auth_header",
            problem: "is not the name of an HTTP header".to_owned(),
        })?;
        let begins = self.key.get(..7).unwrap_or_default();
        let text = if self.bearer && !begins.eq_ignore_ascii_case("bearer ") {
            format!("Bearer {}", self.key)
        } else {
            self.key.to_owned()
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| DesktopError::Argument {
            field: "api_key",
            problem: "contains characters that are not allowed in an HTTP header".to_owned(),
        })?;
        value.set_sensitive(true);
        Ok((name, value))
    }
}

impl Http {
    /// Calls to `base` and, by [`Http::at`], to other addresses; `encrypted`
    /// says whether any of them begins with `https:`.
    pub(super) fn new(
        base: &str,
        encrypted: bool,
        credentials: Option<Credentials<'_>>,
    ) -> Result<Self> {
        check_address(base)?;
        let mut headers = HeaderMap::new();
        headers.insert("leap0-source", HeaderValue::from_static("deskhand"));
        let version = HeaderValue::from_static(env!("CARGO_PKG_VERSION"));
        headers.insert("leap0-sdk-version", version);
        if let Some(credentials) = credentials {
            let (name, value) = credentials.to_header()?;
            headers.insert(name, value);
        }
        let client = tls::builder(encrypted)?
            .default_headers(headers)
            .build()
            .map_err(|error| tls::no_client(&error))?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            timeout: REQUEST_TIMEOUT,
            retries: Retries::NONE,
            limiter: None,
            given_up: CancellationToken::new(),
        })
    }

    /// The same for another address.
    pub(super) fn at(&self, base: &str) -> Result<Self> {
        check_address(base)?;
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            given_up: CancellationToken::new(),
            ..self.clone()
        })
    }

    /// From now on no call takes longer than half a second, including those that are under way.
    pub(super) fn give_up(&self) {
        self.given_up.cancel();
    }

    /// The same, whose calls may take `timeout` each, repetitions included.
    pub(super) fn with_timeout(&self, timeout: Duration) -> Result<Self> {
        if timeout.is_zero() {
            return Err(DesktopError::Argument {
                field: "timeout",
                problem: "must be longer than 0 s".to_owned(),
            });
        }
        Ok(Self {
            timeout,
            ..self.clone()
        })
    }

    /// The same, which repeats calls.
    pub(super) fn with_retries(self, retries: Retries) -> Self {
        Self { retries, ..self }
    }

    /// The same, which together with its clones stays below a number of requests.
    pub(super) fn with_limiter(self, limiter: Limiter) -> Self {
        Self {
            limiter: Some(Arc::new(limiter)),
            ..self
        }
    }

    /// The address that every path is below.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Sends a call and reads its answer as JSON.
    pub(super) async fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let answer = self.answer(call, limits::ANSWER).await?;
        answer::parse(&call.name(), &answer.body)
    }

    /// Sends a call and reads its answer as it is, up to 64 MiB.
    pub(super) async fn bytes(&self, call: &Call) -> Result<Vec<u8>> {
        Ok(self.answer(call, limits::FILE).await?.body)
    }

    /// Sends a call and reads its answer of at most `limit` bytes.
    pub(super) async fn answer(&self, call: &Call, limit: usize) -> Result<Answer> {
        self.in_time(call, || async {
            let mut response = self.attempt(call).await?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let body = answer::read(response, limit).await;
            let body = body.map_err(|unread| self.unread(call, unread))?;
            Ok(Answer {
                status,
                headers,
                body,
            })
        })
        .await
    }

    /// Sends a call whose answer is read as it comes, without a timeout.
    pub(super) async fn open(&self, call: &Call) -> Result<Response> {
        self.in_time(call, || self.attempt(call)).await
    }

    /// Tries until an attempt succeeds, no attempt is left, or the time is over.
    async fn in_time<T, A>(&self, call: &Call, attempt: impl Fn() -> A) -> Result<T>
    where
        A: Future<Output = std::result::Result<T, Missed>>,
    {
        let timeout = call.timeout(self.timeout);
        let begun = Instant::now();
        let attempts = async {
            let mut repeated = 0;
            loop {
                let missed = match attempt().await {
                    Ok(done) => return Ok(done),
                    Err(missed) => missed,
                };
                let pause = self.retries.pause(repeated, &missed, call.is_repeatable());
                let left = timeout.saturating_sub(begun.elapsed());
                match pause {
                    Some(pause) if pause < left => sleep(pause).await,
                    _ => return Err(missed.error),
                }
                repeated += 1;
            }
        };
        let given_up = async {
            self.given_up.cancelled().await;
            sleep(GIVEN_UP).await;
        };
        tokio::select! {
            ended = within(timeout, attempts) => ended.unwrap_or_else(|_| {
                Err(DesktopError::Timeout {
                    call: call.name(),
                    after: timeout,
                })
            }),
            () = given_up => Err(DesktopError::Connection {
                url: self.base.clone(),
                reason: "it no longer answers".to_owned(),
            }),
        }
    }

    async fn attempt(&self, call: &Call) -> std::result::Result<Response, Missed> {
        if let Some(limiter) = &self.limiter {
            limiter.pass().await;
        }
        let response = call.to(&self.client, &self.base).send().await;
        let response = response.map_err(|error| Missed {
            unsent: error.is_connect(),
            error: self.broken(&error),
        })?;
        if call.accepts(response.status()) {
            Ok(response)
        } else {
            Err(answer::refusal(call.name(), response).await.into())
        }
    }

    fn unread(&self, call: &Call, unread: Unread) -> DesktopError {
        match unread {
            Unread::Broken(error) => self.broken(&error),
            Unread::TooLong(limit) => DesktopError::Answer {
                call: call.name(),
                problem: format!("it is larger than {} MiB", limit >> 20),
            },
        }
    }

    /// A connection that was not made, or broke, in the words of the system.
    pub(super) fn broken(&self, error: &(dyn std::error::Error + 'static)) -> DesktopError {
        // The outermost text of reqwest only repeats the URL; the cause is below.
        let mut cause = error;
        while let Some(below) = cause.source() {
            cause = below;
        }
        DesktopError::Connection {
            url: self.base.clone(),
            reason: cause.to_string(),
        }
    }
}

fn check_address(base: &str) -> Result<()> {
    let problem = match Url::parse(base) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            "must begin with `http://` or `https://`".to_owned()
        }
        Ok(_) => return Ok(()),
        Err(error) => format!("`{base}` is not a URL: {error}"),
    };
    Err(DesktopError::Argument {
        field: "url",
        problem,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A call that is refused `refusals` times, each with `Retry-After`.
    async fn refused(refusals: u32, retry_after: &'static str) -> (Result<u32>, Duration) {
        let http = Http::new("http://127.0.0.1", false, None)
            .expect("a client")
            .with_retries(Retries::HOSTED);
        let begun = Instant::now();
        let attempts = AtomicU32::new(0);
        let attempt = async || {
            let so_far = attempts.fetch_add(1, Ordering::Relaxed);
            if so_far == refusals {
                return Ok(so_far);
            }
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", HeaderValue::from_static(retry_after));
            Err(answer::refused(String::new(), status, headers, b"").into())
        };
        let answer = http.in_time(&Call::post("/"), attempt).await;
        (answer, begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_honoured() {
        let (answer, took) = refused(3, "7").await;
        assert_eq!(answer.expect("an answer"), 3);
        assert_eq!(took, Duration::from_secs(21));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_is_not_repeated_without_end() {
        let (answer, took) = refused(4, "7").await;
        assert_eq!(answer.expect_err("an error").status(), Some(429));
        assert_eq!(took, Duration::from_secs(21));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_the_timeout_is_not_made() {
        let (answer, took) = refused(1, "301").await;
        assert_eq!(answer.expect_err("an error").status(), Some(429));
        assert_eq!(took, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_timeout_holds_for_all_attempts_together() {
        let timeout = Duration::from_secs(2);
        let http = Http::new("http://127.0.0.1", false, None)
            .and_then(|http| http.with_timeout(timeout))
            .expect("a client");
        let begun = Instant::now();
        let never = std::future::pending::<std::result::Result<(), Missed>>;
        let error = http.in_time(&Call::get("/"), never).await;
        assert_eq!(begun.elapsed(), timeout);
        let error = error.expect_err("a timeout").to_string();
        assert_eq!(error, "GET / did not answer within 2 s");
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_was_given_up_keeps_nobody_waiting() {
        let http = Http::new("http://127.0.0.1", false, None).expect("a client");
        let begun = Instant::now();
        let never = std::future::pending::<std::result::Result<(), Missed>>;
        let call = Call::get("/");
        let (error, ()) = tokio::join!(http.in_time(&call, never), async {
            sleep(Duration::from_secs(7)).await;
            // A clone is the same client, and another address is another matter.
            http.clone().give_up();
        });
        let waited = Duration::from_secs(7) + GIVEN_UP;
        assert_eq!(begun.elapsed(), waited);
        let error = error.expect_err("nobody answers").to_string();
        assert!(error.ends_with("it no longer answers"), "{error}");
        let other = http.at("http://127.0.0.1:1").expect("a client");
        assert!(!other.given_up.is_cancelled());
    }

    fn header(key: &str, bearer: bool) -> String {
        let credentials = Credentials {
            bearer,
            ..Credentials::bearer(key)
        };
        let (_, value) = credentials.to_header().expect("a header");
        value.to_str().expect("text").to_owned()
    }

    #[test]
    fn a_key_gets_the_prefix_once_and_only_if_it_is_wanted() {
        assert_eq!(header("k", true), "Bearer k");
        assert_eq!(header("bEaReR k", true), "bEaReR k");
        assert_eq!(header("k", false), "k");
        assert_eq!(header("bearers", true), "Bearer bearers");
    }

    #[test]
    fn a_key_of_two_lines_is_not_sent() {
        let error = Credentials::bearer("a\nb")
            .to_header()
            .expect_err("an error");
        assert!(!error.to_string().contains('\n'), "{error}");
    }

    #[test]
    fn only_http_addresses_are_addresses() {
        for address in ["", "127.0.0.1:4000", "file:///tmp", "http://"] {
            assert!(check_address(address).is_err(), "{address}");
        }
        assert!(check_address("http://127.0.0.1:4000/").is_ok());
    }
}
