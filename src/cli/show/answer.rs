//! The answers to what the page asks for.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{cli::accept::baseline::Refused, plain::visible};

/// What was done, in a sentence.
pub(super) type Settled = Result<String, Problem>;

/// Why it was not done; nothing has changed then.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    /// In a sentence.
    reason: String,
    /// Whether it can be done by a second, explicit word.
    conflict: bool,
    /// What somebody may insert by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    insert: Option<String>,
}

impl Problem {
    pub(super) const fn new(reason: String) -> Self {
        Self {
            reason,
            conflict: false,
            insert: None,
        }
    }

    /// One that a second word settles.
    pub(super) const fn conflict(reason: String) -> Self {
        Self {
            reason,
            conflict: true,
            insert: None,
        }
    }
}

impl Problem {
    /// The same, with what somebody may insert by hand.
    pub(super) fn with_insert(self, insert: String) -> Self {
        Self {
            insert: Some(insert),
            ..self
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::new(refused.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = if self.conflict {
            StatusCode::CONFLICT
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let reason = visible(&self.reason);
        (status, Json(Self { reason, ..self })).into_response()
    }
}

/// What was done.
#[derive(Debug, Serialize)]
struct Done {
    done: String,
}

/// The answer to something that was asked for.
pub(super) fn settled(settled: Settled) -> Response {
    match settled {
        Ok(done) => Json(Done {
            done: visible(&done),
        })
        .into_response(),
        Err(problem) => problem.into_response(),
    }
}
