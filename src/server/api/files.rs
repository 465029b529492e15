//! Files of a desktop: an extension beside the protocol. Its machine is this
//! one, so a path is a path here.

use std::{
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use axum::{extract::State, http::StatusCode};

use super::{
    Shared,
    extract::{Parameters, Raw},
    fields::Fields,
    refusal::Refusal,
};
use crate::server::machine::Machine;

/// The largest file that is read or written, in bytes.
pub(super) const MAX_FILE: usize = 64 << 20;

/// What a file is unless the request says otherwise.
const FILE_MODE: u32 = 0o644;

pub(super) async fn read(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Vec<u8>, Refusal> {
    let path = path(&mut fields, &machine);
    fields.finish()?;
    on_disk(path, |path| {
        if fs::metadata(path)?.len() > MAX_FILE as u64 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        read_part(path, 0, MAX_FILE as u64)
    })
    .await
}

pub(super) async fn write(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
    Raw(bytes): Raw,
) -> Result<StatusCode, Refusal> {
    let path = path(&mut fields, &machine);
    fields.finish()?;
    on_disk(path, move |path| {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| match error.kind() {
                // A file is in the place of a folder.
                ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
                _ => error,
            })?;
        }
        write_whole(path, &bytes, None)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The path that a request names, on this machine. One that does not begin
/// with `/` is below the folder in which commands start, so that a command
/// finds the file by the same words; `~` is the session's home, as in a shell.
pub(super) fn path(fields: &mut Fields, machine: &Machine) -> PathBuf {
    fields.require(&["path"]);
    let text = fields.text("path").unwrap_or_default();
    if fields.has("path") && (text.is_empty() || text.contains('\0')) {
        fields.bad("path", "must not be empty or have a NUL character");
    }
    machine.place().outside(&named(&text, machine))
}

/// The path that a text means for programs of the session; see [`path`].
pub(super) fn named(text: &str, machine: &Machine) -> PathBuf {
    match text.strip_prefix('~') {
        Some("") => machine.home(),
        Some(rest) if rest.starts_with('/') => machine.home().join(rest.trim_start_matches('/')),
        _ => machine.start_in().join(text),
    }
}

/// At most `most` bytes of a file from `offset` on.
pub(super) fn read_part(path: &Path, offset: u64, most: u64) -> io::Result<Vec<u8>> {
    // Looked at before it is opened: to open a pipe may take for ever.
    regular(&fs::metadata(path)?)?;
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file whole or not at all: what was there stays until then.
pub(super) fn write_whole(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let before = fs::metadata(path).ok();
    if let Some(before) = &before {
        regular(before)?;
    }
    let before = before.map(|file| file.permissions().mode());
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    let mode = mode.or(before).unwrap_or(FILE_MODE);
    file.as_file()
        .set_permissions(Permissions::from_mode(mode))?;
    file.persist(path)?;
    Ok(())
}

/// A device or a pipe is neither read, which may never end, nor replaced.
fn regular(there: &fs::Metadata) -> io::Result<()> {
    if there.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !there.is_file() {
        let words = "is neither a file nor a folder";
        return Err(io::Error::new(ErrorKind::InvalidInput, words));
    }
    Ok(())
}

/// Works on a file where that may wait.
pub(super) async fn on_disk<T: Send + 'static>(
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
            ErrorKind::IsADirectory
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
            | ErrorKind::FileTooLarge => Refusal::field("path", error.to_string()),
            _ => Refusal::internal(message),
        }
    })
}
