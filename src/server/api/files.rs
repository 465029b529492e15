//! Files of a desktop: an extension beside the protocol. Its machine is this
//! one, so a path is a path here.

use std::{
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{MetadataExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use axum::{extract::State, http::StatusCode};
use rustix::io::Errno;
use tempfile::NamedTempFile;

use super::{
    Shared,
    extract::{Parameters, Raw},
    fields::Fields,
    refusal::Refusal,
};
use crate::{desktop::wire::limits, server::machine::Machine};

/// What a file is unless the request says otherwise.
const FILE_MODE: u32 = 0o644;

pub(super) async fn read(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Vec<u8>, Refusal> {
    let path = path(&mut fields, &machine);
    fields.finish()?;
    on_disk(&machine, path, |path| {
        if fs::metadata(path)?.len() > limits::FILE as u64 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        read_part(path, limits::FILE as u64)
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
    on_disk(&machine, path, move |path| {
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
    let path = path_in(fields, "path", machine);
    machine.place().outside(&path)
}

/// The path that a field names, as the session's programs see it.
pub(super) fn path_in(fields: &mut Fields, name: &str, machine: &Machine) -> PathBuf {
    fields.require(&[name]);
    let text = fields.text(name).unwrap_or_default();
    if fields.has(name) && (text.is_empty() || text.contains('\0')) {
        fields.bad(name, "must not be empty or have a NUL character");
    }
    named(&text, machine)
}

/// The path that a text means for programs of the session; see [`path`].
pub(super) fn named(text: &str, machine: &Machine) -> PathBuf {
    match text.strip_prefix('~') {
        Some("") => machine.home(),
        Some(rest) if rest.starts_with('/') => machine.home().join(rest.trim_start_matches('/')),
        _ => machine.start_in().join(text),
    }
}

/// At most `most` bytes of a file from its beginning on.
fn read_part(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file to read it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    // Looked at before it is opened: to open a pipe may take for ever.
    regular(&fs::metadata(path)?)?;
    File::open(path)
}

/// Writes a file whole or not at all: what was there stays until then.
pub(super) fn write_whole(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    Written::prepare(path, bytes, mode)?.put()
}

/// A file that is written, and has to be put into its place.
pub(super) struct Written {
    file: NamedTempFile,
    path: PathBuf,
}

impl Written {
    /// Writes a file beside its place. In the place of one that is there, it keeps
    /// that one's permissions, unless `mode` gives others, and that one's owner,
    /// where this user may give files away. A link stays, and what it leads to is
    /// replaced.
    pub(super) fn prepare(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<Self> {
        let before = fs::metadata(path).ok();
        if let Some(before) = &before {
            regular(before)?;
        }
        let path = match &before {
            Some(_) => fs::canonicalize(path)?,
            None => path.to_owned(),
        };
        let mut file = NamedTempFile::new_in(folder_of(&path))?;
        file.write_all(bytes)?;
        let new = file.as_file().metadata()?;
        if let Some(before) = &before
            && (before.uid(), before.gid()) != (new.uid(), new.gid())
        {
            // Whoever may not give it away keeps it.
            let _ = fchown(file.as_file(), Some(before.uid()), Some(before.gid()));
        }
        let before = before.map(|file| file.permissions().mode());
        let mode = mode.or(before).unwrap_or(FILE_MODE);
        file.as_file()
            .set_permissions(Permissions::from_mode(mode))?;
        Ok(Self { file, path })
    }

    /// Puts it into its place.
    pub(super) fn put(self) -> io::Result<()> {
        self.file.persist(self.path)?;
        Ok(())
    }
}

/// The folder that a path is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
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
async fn on_disk<T: Send + 'static>(
    machine: &Machine,
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&path);
        done.map_err(|error| refusal("path", &path, &error))
    });
    let done = done.await;
    let done = done.map_err(|error| Refusal::internal(error.to_string()))?;
    done.map_err(|refusal| refusal.reworded(|text| machine.place().told(text)))
}

/// What the system's answer means for whoever named a path in a field.
pub(super) fn refusal(field: &str, path: &Path, error: &io::Error) -> Refusal {
    let message = format!("{}: {error}", path.display());
    match error.kind() {
        ErrorKind::NotFound => Refusal::not_found(message),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Refusal::forbidden(&message),
        ErrorKind::AlreadyExists
        | ErrorKind::DirectoryNotEmpty
        | ErrorKind::ExecutableFileBusy
        | ErrorKind::ResourceBusy
        | ErrorKind::StorageFull
        | ErrorKind::QuotaExceeded => Refusal::conflict(message),
        ErrorKind::IsADirectory
        | ErrorKind::NotADirectory
        | ErrorKind::InvalidFilename
        | ErrorKind::InvalidInput
        | ErrorKind::FileTooLarge => Refusal::field(field, message),
        _ if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            Refusal::field(field, message)
        }
        _ => Refusal::internal(message),
    }
}
