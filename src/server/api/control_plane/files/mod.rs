//! Files of a sandbox.
//!
//! Its machine is this one, so the work is done here, on threads that may wait. It is bounded by
//! how many entries of folders are looked at, by how many are returned, and by time. What exceeds
//! that is refused, with what to do instead: an incomplete answer would be taken for a complete
//! one.

mod change;
mod edit;
mod lines;
mod listing;
mod permissions;
mod search;
mod walk;
mod whole;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::{Plane, Shared};
use crate::{
    desktop::wire::limits,
    server::{
        api::{fields::Fields, files, refusal::Refusal},
        machine::Machine,
    },
};

/// How many entries of folders one request may look at.
const MAX_LOOKED_AT: usize = 100_000;

/// How many entries or lines one answer may have.
const MAX_TOLD: usize = 10_000;

/// How long one request may work.
const PATIENCE: Duration = Duration::from_secs(20);

/// Every path that is about files.
pub(super) fn routes() -> Router<Arc<Plane>> {
    let large = DefaultBodyLimit::max(limits::SANDBOX_FILE);
    let work = Router::new()
        .route("/write-file", post(whole::write).layer(large))
        .route("/write-files", post(whole::write_all).layer(large))
        .route("/read-file", post(whole::read))
        .route("/read-files", post(whole::read_all))
        .route("/mkdir", post(change::mkdir))
        .route("/delete", post(change::delete))
        .route("/move", post(change::rename))
        .route("/copy", post(change::copy))
        .route("/set-permissions", post(permissions::set))
        .route("/exists", post(listing::exists))
        .route("/stat", post(listing::stat))
        .route("/ls", post(listing::ls))
        .route("/tree", post(listing::tree))
        .route("/glob", post(search::glob))
        .route("/grep", post(search::grep))
        .route("/edit-file", post(edit::one))
        .route("/edit-files", post(edit::several));
    Router::new()
        .nest("/v1/sandbox/{id}/filesystem", work)
        .route(
            "/v1/sandbox/{id}/system/user-home-dir",
            get(listing::home_folder),
        )
        .route(
            "/v1/sandbox/{id}/system/workdir",
            get(listing::start_folder),
        )
}

/// How much one request may still do.
struct Budget {
    until: Instant,
    looked_at: usize,
    told: usize,
}

impl Budget {
    fn new() -> Self {
        Self {
            until: Instant::now() + PATIENCE,
            looked_at: 0,
            told: 0,
        }
    }

    /// Looks at one more entry.
    fn look(&mut self) -> Result<(), Refusal> {
        self.looked_at += 1;
        if self.looked_at > MAX_LOOKED_AT {
            return Err(Refusal::field(
                "path",
                format!(
                    "contains more than {MAX_LOOKED_AT} entries; choose a folder inside it, or \
                     exclude some"
                ),
            ));
        }
        self.check_time()
    }

    /// Counts one more result.
    fn tell(&mut self) -> Result<(), Refusal> {
        self.told += 1;
        if self.told > MAX_TOLD {
            return Err(Refusal::field(
                "path",
                format!("has more than {MAX_TOLD} results; narrow the search"),
            ));
        }
        Ok(())
    }

    fn check_time(&self) -> Result<(), Refusal> {
        if Instant::now() > self.until {
            return Err(too_long());
        }
        Ok(())
    }
}

fn too_long() -> Refusal {
    let seconds = PATIENCE.as_secs();
    Refusal::field(
        "path",
        format!("takes longer than {seconds} s; narrow the search, or run a command instead"),
    )
}

/// Does something where it may wait. What hangs for good, as on a network's file
/// system, is waited for no longer than anything else.
async fn work<T: Send + 'static>(
    machine: &Machine,
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work);
    // The work looks at the time itself; this is for when it cannot.
    let done = tokio::time::timeout(PATIENCE * 2, done).await;
    let done = done.map_err(|_| too_long())?;
    let done = done.map_err(|error| Refusal::internal(error.to_string()))?;
    done.map_err(|refusal| refusal.reworded(|text| machine.place().told(text)))
}

/// The path that a field names, on this machine; a link is meant itself.
fn path(fields: &mut Fields, name: &'static str, machine: &Machine) -> PathBuf {
    let path = files::path_in(fields, name, machine);
    let path = machine.place().outside_itself(&path);
    // Without the `.` between others, which would be told on.
    path.components().collect()
}

/// The path of what is to be read or written: a link leads to it.
fn content(fields: &mut Fields, machine: &Machine) -> PathBuf {
    files::path(fields, machine)
}

/// The refusal of what went wrong at a path that the request names.
fn failed<'p>(field: &'p str, path: &'p Path) -> impl Fn(io::Error) -> Refusal + use<'p> {
    move |error| files::refusal(field, path, &error)
}
