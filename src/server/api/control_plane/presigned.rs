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

use super::{Shared, Target};
use crate::{
    desktop::wire::{PresignedUrl, limits},
    server::{
        api::{
            extract::{Body, Segment},
            refusal::Refusal,
        },
        secret,
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
    pub(in crate::server::api) fn opens(&self, token: &str, target: &Target) -> bool {
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
        // The map is whole after every statement, also after a panic.
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
