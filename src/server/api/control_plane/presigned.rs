//! Addresses that lead to one port of one sandbox without the key, for a while.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use chrono::{SecondsFormat, Utc};
use tokio::time::Instant;

use super::{SandboxAddress, Shared};
use crate::{
    desktop::wire::{PresignedUrl, limits},
    secret,
    server::api::{
        extract::{Body, Segment},
        refusal::Refusal,
    },
};

/// How long an address leads somewhere unless the request says otherwise.
const LIFETIME: u64 = 3600;

/// What each token opens, and until when.
#[derive(Default)]
pub(in crate::server::api) struct Presigned(Mutex<HashMap<String, Opened>>);

struct Opened {
    sandbox: String,
    port: u16,
    until: Instant,
}

impl Presigned {
    /// Whether a token opens this door now.
    pub(in crate::server::api) fn opens(&self, token: &str, target: &SandboxAddress) -> bool {
        let now = Instant::now();
        let mut all = self.lock();
        all.retain(|_, opened| opened.until > now);
        all.get(token).is_some_and(|opened| {
            opened.sandbox == target.sandbox && Some(opened.port) == target.port
        })
    }

    /// Closes the doors of a sandbox that is gone.
    pub(super) fn forget(&self, sandbox: &str) {
        self.lock().retain(|_, opened| opened.sandbox != sandbox);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Opened>> {
        // The map is consistent after every statement, even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) async fn create(
    State(plane): Shared,
    Segment(id): Segment,
    headers: HeaderMap,
    Body(mut fields): Body,
) -> Result<(StatusCode, Json<PresignedUrl>), Refusal> {
    plane.sandboxes.get(&id)?;
    fields.require(&["port"]);
    let port = fields.integer("port", limits::PORT);
    let seconds = fields.integer("expires_in", limits::OPENED);
    fields.finish()?;
    let port = port.unwrap_or(0);
    let lifetime = Duration::from_secs(seconds.unwrap_or(LIFETIME));
    let secret = || secret::token().map_err(|error| Refusal::internal(error.to_string()));
    let (name, token) = (secret()?, secret()?);
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.unwrap_or("localhost");
    let now = Utc::now();
    let timestamp = |time: chrono::DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let opened = Opened {
        sandbox: id.clone(),
        port,
        until: Instant::now() + lifetime,
    };
    plane.presigned.lock().insert(token.clone(), opened);
    let url = PresignedUrl {
        id: format!("psu-{}", &name[..16]),
        url: format!("http://{host}/sandboxes/{id}-{port}/?token={token}"),
        token,
        sandbox_id: id,
        port,
        expires_at: timestamp(now + lifetime),
        created_at: timestamp(now),
    };
    Ok((StatusCode::CREATED, Json(url)))
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// What the token `t` opens for an hour: port 80 of the sandbox `a`.
    fn opened() -> Presigned {
        let presigned = Presigned::default();
        let opened = Opened {
            sandbox: "a".to_owned(),
            port: 80,
            until: Instant::now() + SECOND * 3600,
        };
        presigned.lock().insert("t".to_owned(), opened);
        presigned
    }

    fn door(sandbox: &str, port: Option<u16>) -> SandboxAddress {
        SandboxAddress {
            sandbox: sandbox.to_owned(),
            port,
            by_host: false,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_opens_one_port_of_one_sandbox_until_its_time_is_over() {
        let presigned = opened();
        let own = door("a", Some(80));
        assert!(presigned.opens("t", &own));
        assert!(!presigned.opens("u", &own));
        for other in [door("b", Some(80)), door("a", Some(81)), door("a", None)] {
            assert!(!presigned.opens("t", &other));
        }
        advance(SECOND * 3599).await;
        assert!(presigned.opens("t", &own));
        advance(SECOND).await;
        assert!(!presigned.opens("t", &own));
    }

    #[tokio::test(start_paused = true)]
    async fn the_doors_of_a_sandbox_close_when_it_goes() {
        let presigned = opened();
        presigned.forget("b");
        assert!(presigned.opens("t", &door("a", Some(80))));
        presigned.forget("a");
        assert!(!presigned.opens("t", &door("a", Some(80))));
    }
}
