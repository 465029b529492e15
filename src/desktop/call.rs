//! A request as a value: what is sent, and whether sending it twice does harm.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, header};
use serde::Serialize;

use super::{
    DesktopError, Result,
    wire::operation::{Extension, Operation},
};

/// One request, without the address that it goes to.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Body>,
    repeatable: bool,
    unwell_is_an_answer: bool,
    least_timeout: Duration,
    /// What a desktop that does not know the path lacks.
    extension: Option<Extension>,
}

#[derive(Clone, Debug)]
struct Body {
    media_type: &'static str,
    bytes: Vec<u8>,
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            repeatable: matches!(method, Method::GET | Method::PUT),
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            unwell_is_an_answer: false,
            least_timeout: Duration::ZERO,
            extension: None,
        }
    }

    /// The call of an operation of a desktop whose path has nothing in braces.
    pub(super) fn of(operation: &'static Operation) -> Self {
        Self {
            extension: operation.extension,
            ..Self::new(operation.method.clone(), operation.path)
        }
    }

    /// The call of an operation on the thing with this name or id, which replaces the braces in its
    /// path.
    pub(super) fn about(operation: &'static Operation, thing: &str) -> Self {
        let named = match (operation.path.find('{'), operation.path.find('}')) {
            (Some(from), Some(to)) => {
                let (before, after) = (&operation.path[..from], &operation.path[to + 1..]);
                format!("{before}{thing}{after}")
            }
            _ => operation.path.to_owned(),
        };
        Self {
            path: named,
            ..Self::of(operation)
        }
    }

    /// A question, which can be repeated any number of times.
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// An action, which is not repeated unless it surely did not happen.
    pub(super) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// A removal, which is not repeated unless it surely did not happen.
    pub(super) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// The same with one more parameter of the query.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with the fields of `parameters` in the query.
    pub(super) fn parameters(mut self, parameters: &impl Serialize) -> Result<Self> {
        let value = serde_json::to_value(parameters).map_err(|error| unwritable(&error))?;
        for (name, value) in value.as_object().into_iter().flatten() {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            self.query.push((name.clone(), text));
        }
        Ok(self)
    }

    /// The same with a JSON body.
    pub(super) fn json(mut self, body: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(body).map_err(|error| unwritable(&error))?;
        self.body = Some(Body {
            media_type: "application/json",
            bytes,
        });
        Ok(self)
    }

    /// The same with a body of bytes.
    pub(super) fn bytes(mut self, bytes: Vec<u8>) -> Self {
        self.body = Some(Body {
            media_type: "application/octet-stream",
            bytes,
        });
        self
    }

    /// The same, known to change nothing the second time.
    pub(super) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// The same, for which 503 is an answer and not an error.
    pub(super) fn unwell_is_an_answer(mut self) -> Self {
        self.unwell_is_an_answer = true;
        self
    }

    /// The same, whose timeout is at least `least`.
    pub(super) fn outlasting(mut self, least: Duration) -> Self {
        self.least_timeout = least;
        self
    }

    /// Method and path, for messages: `GET /api/display`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The extension that it is a part of.
    pub(super) fn extension(&self) -> Option<Extension> {
        self.extension
    }

    /// Whether it may be sent again when its outcome is unknown.
    pub(super) fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// Whether an answer of that status is what was asked for.
    pub(super) fn accepts(&self, status: reqwest::StatusCode) -> bool {
        status.is_success()
            || self.unwell_is_an_answer && status == reqwest::StatusCode::SERVICE_UNAVAILABLE
    }

    /// The time that it may take where `usual` is the timeout of a call.
    pub(super) fn timeout(&self, usual: Duration) -> Duration {
        usual.max(self.least_timeout)
    }

    /// The request that goes to the address `base`.
    pub(super) fn to(&self, http: &reqwest::Client, base: &str) -> RequestBuilder {
        let mut request = http.request(self.method.clone(), format!("{base}{}", self.path));
        if !self.query.is_empty() {
            request = request.query(&self.query);
        }
        if let Some(body) = &self.body {
            request = request
                .header(header::CONTENT_TYPE, body.media_type)
                .body(body.bytes.clone());
        }
        request
    }
}

fn unwritable(error: &serde_json::Error) -> DesktopError {
    DesktopError::Argument {
        field: "body",
        problem: format!("cannot be written as JSON: {error}"),
    }
}
