//! Files of a sandbox. Its machine is this one, so a path is a path here;
//! one that does not begin with `/` is below the session's home.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use axum::{extract::State, http::StatusCode};

use super::{MAX_FILE, Shared};
use crate::server::{
    api::{
        extract::{Body, Parameters, Raw, Segment},
        fields::Fields,
        refusal::Refusal,
    },
    machine::Machine,
};

/// What a file and a folder are unless the request says otherwise.
const FILE_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;

pub(super) async fn write(
    State(plane): Shared,
    Segment(id): Segment,
    Parameters(mut fields): Parameters,
    Raw(bytes): Raw,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, &machine);
    let mode = mode(&mut fields);
    fields.finish()?;
    on_disk(path, move |path| write_whole(path, &bytes, mode)).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn read(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Vec<u8>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, &machine);
    let mut number = |name| {
        let number = fields.integer(name, 0..=i64::MAX);
        number.and_then(|n| u64::try_from(n).ok())
    };
    let (offset, limit) = (number("offset"), number("limit"));
    fields.finish()?;
    on_disk(path, move |path| {
        let mut file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(ErrorKind::IsADirectory.into());
        }
        file.seek(SeekFrom::Start(offset.unwrap_or(0)))?;
        let most = limit.unwrap_or(u64::MAX).min(MAX_FILE as u64);
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    })
    .await
}

pub(super) async fn mkdir(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, &machine);
    let recursive = fields.boolean("recursive").unwrap_or(false);
    let mode = mode(&mut fields).unwrap_or(FOLDER_MODE);
    fields.finish()?;
    on_disk(path, move |path| {
        DirBuilder::new()
            .recursive(recursive)
            .mode(mode)
            .create(path)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The path that a request names, on this machine.
fn path(fields: &mut Fields, machine: &Machine) -> PathBuf {
    fields.require(&["path"]);
    let text = fields.text("path").unwrap_or_default();
    if fields.has("path") && (text.is_empty() || text.contains('\0')) {
        fields.bad("path", "must not be empty or have a NUL character");
    }
    machine
        .home()
        .join(text.strip_prefix("~/").unwrap_or(&text))
}

/// Permissions in octal, as `0755`.
fn mode(fields: &mut Fields) -> Option<u32> {
    let text = fields.digits("permissions")?;
    let mode = u32::from_str_radix(&text, 8).ok();
    let mode = mode.filter(|mode| *mode <= 0o7777);
    if mode.is_none() {
        fields.bad("permissions", "must be octal, such as 0755");
    }
    mode
}

/// Writes a file whole or not at all: what was there stays until then.
fn write_whole(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let before = fs::metadata(path)
        .ok()
        .map(|file| file.permissions().mode());
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    let mode = mode.or(before).unwrap_or(FILE_MODE);
    file.as_file()
        .set_permissions(Permissions::from_mode(mode))?;
    file.persist(path)?;
    Ok(())
}

/// Works on a file where that may wait.
async fn on_disk<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let name = path.display().to_string();
    let done = tokio::task::spawn_blocking(move || work(&path)).await;
    let done = done.map_err(|error| Refusal::internal(error.to_string()))?;
    done.map_err(|error| {
        let message = format!("{name}: {error}");
        match error.kind() {
            ErrorKind::NotFound => Refusal::not_found(message),
            ErrorKind::PermissionDenied => Refusal::forbidden(&message),
            ErrorKind::AlreadyExists => Refusal::conflict(message),
            ErrorKind::IsADirectory | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => {
                Refusal::field("path", error.to_string())
            }
            _ => Refusal::internal(message),
        }
    })
}
