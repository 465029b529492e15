//! How the API refuses a request, in the protocol's two forms.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    desktop::wire::{ErrorBody, FieldError},
    server::{keeper::KeeperError, recorder::RecorderError, sandboxes::SandboxError, x11::XError},
};

/// An error status with its body.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    body: ErrorBody,
    /// Whether the connection ends with it.
    closes: bool,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            body: ErrorBody {
                message: message.into(),
                errors: Vec::new(),
            },
            closes: false,
        }
    }

    /// The same, with a different message.
    pub(super) fn reworded(mut self, words: impl Fn(&str) -> String) -> Self {
        self.body.message = words(&self.body.message);
        for error in &mut self.body.errors {
            error.error = words(&error.error);
        }
        self
    }

    /// 400, with an entry for each bad field.
    pub(super) fn invalid(errors: Vec<FieldError>) -> Self {
        let message = "Invalid request".to_owned();
        Self {
            status: StatusCode::BAD_REQUEST,
            body: ErrorBody { message, errors },
            closes: false,
        }
    }

    /// 400, for one field.
    pub(super) fn field(field: &str, error: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            field: field.to_owned(),
            error: error.into(),
        }])
    }

    pub(super) fn unauthorized() -> Self {
        let message = "the header `Authorization: Bearer TOKEN` is missing or wrong";
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "this path does not support this method",
        )
    }

    pub(super) fn bad_range() -> Self {
        let message = "the `Range` is outside the file";
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, message)
    }

    pub(super) fn too_large() -> Self {
        let message = "the body is larger than this path accepts";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// 429: the same request may succeed in a moment.
    pub(super) fn too_many(message: &str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, message)
    }

    /// 503, for a connection for which there is no room.
    pub(super) fn crowded() -> Self {
        let message = "too many connections are in use; close one, or try again later";
        Self {
            closes: true,
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
        }
    }

    /// 408, for a body of which nothing comes any more.
    pub(super) fn too_slow(seconds: u64) -> Self {
        let message = format!("no more of the body arrived for {seconds} s");
        Self::new(StatusCode::REQUEST_TIMEOUT, message)
    }

    pub(super) fn bad_gateway(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, message)
    }

    #[cfg(test)]
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// Its status, and what is wrong with each bad field: `400 x: is required`.
    #[cfg(test)]
    pub(super) fn words(&self) -> String {
        let fields = self.body.errors.iter();
        let mut words: Vec<String> = fields
            .map(|it| format!("{}: {}", it.field, it.error))
            .collect();
        if words.is_empty() {
            words.push(self.body.message.clone());
        }
        format!("{} {}", self.status.as_u16(), words.join("; "))
    }

    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if self.closes {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            let soon = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        response
    }
}

impl From<XError> for Refusal {
    fn from(error: XError) -> Self {
        let status = match error {
            XError::Request(_) => StatusCode::BAD_REQUEST,
            XError::Refused(_) | XError::Program(_) => StatusCode::INTERNAL_SERVER_ERROR,
            XError::Connect { .. } | XError::Broken(_) | XError::Silent(_) | XError::Late => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        Self::new(status, error.to_string())
    }
}

impl From<RecorderError> for Refusal {
    fn from(error: RecorderError) -> Self {
        let status = match error {
            RecorderError::Screen(error) => return error.into(),
            RecorderError::Active | RecorderError::NotActive(_) => StatusCode::CONFLICT,
            RecorderError::Unknown(_) | RecorderError::Unframed(_) => StatusCode::NOT_FOUND,
            RecorderError::Ffmpeg(_) | RecorderError::File(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, error.to_string())
    }
}

impl From<KeeperError> for Refusal {
    fn from(error: KeeperError) -> Self {
        match error {
            KeeperError::Gone | KeeperError::Silent | KeeperError::Mute => {
                Self::unavailable(error.to_string())
            }
            error => Self::internal(error.to_string()),
        }
    }
}

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        let status = match error {
            SandboxError::Unknown(_) => StatusCode::NOT_FOUND,
            SandboxError::Full | SandboxError::Changing(_) => StatusCode::CONFLICT,
            SandboxError::Closing | SandboxError::NotYet(_) | SandboxError::Down { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            SandboxError::Start(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_fails_is_the_fault_of_who_asked_of_the_desktop_or_of_the_moment() {
        let broken = || "broken".to_owned();
        for (error, status) in [
            (XError::Request(broken()), 400),
            (XError::Refused(broken()), 500),
            (XError::Program(broken()), 500),
            (XError::Broken(broken()), 503),
            (XError::Silent(Duration::from_secs(20)), 503),
            (XError::Late, 503),
        ] {
            let words = error.to_string();
            assert_eq!(Refusal::from(error).words(), format!("{status} {words}"));
        }
        let unknown = || "sbx-1".to_owned();
        assert_eq!(
            Refusal::from(SandboxError::Unknown(unknown())).status(),
            404
        );
        assert_eq!(Refusal::from(SandboxError::Full).status(), 409);
        assert_eq!(Refusal::from(SandboxError::Closing).status(), 503);
        assert_eq!(Refusal::from(RecorderError::Active).status(), 409);
        assert_eq!(
            Refusal::from(RecorderError::Unknown(unknown())).status(),
            404
        );
        let silent = RecorderError::Screen(XError::Late);
        assert_eq!(Refusal::from(silent).status(), 503);
    }

    #[test]
    fn who_is_told_to_come_again_is_told_when() {
        let busy = Refusal::too_many("too many requests at once").into_response();
        assert_eq!(busy.headers()[header::RETRY_AFTER], "1");
        let crowded = Refusal::crowded().into_response();
        assert_eq!(crowded.headers()[header::CONNECTION], "close");
        let other = Refusal::unauthorized().into_response();
        assert!(!other.headers().contains_key(header::RETRY_AFTER));
        assert!(!other.headers().contains_key(header::CONNECTION));
    }
}
