//! Files of a desktop: an extension of the protocol. Its machine is this
//! one, so a path is a path here.

use std::{
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use axum::{extract::State, http::StatusCode};
use rustix::io::Errno;

use super::{
    Shared,
    extract::{Parameters, Raw},
    fields::Fields,
    refusal::Refusal,
};
use crate::{
    desktop::wire::limits,
    server::machine::Machine,
    whole::{Whole, regular},
};

/// The default permissions of a file.
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
                // There is a file where a folder should be.
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
        fields.bad(name, "must not be empty or contain a NUL character");
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

/// Writes a file completely or not at all: what was there stays until then.
pub(super) fn write_whole(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    prepare(path, bytes, mode)?.put()
}

/// Writes a file that has to be put into its place. Unless `mode` says otherwise, a
/// new one has the same permissions whoever runs the server, and another keeps its own.
pub(super) fn prepare(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<Whole> {
    let new = !path.exists();
    let whole = Whole::empty(path)?;
    if let Some(mode) = mode.or(new.then_some(FILE_MODE)) {
        whole.file().set_permissions(Permissions::from_mode(mode))?;
    }
    whole.with(bytes)
}

/// The folder that a path is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
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

#[cfg(test)]
mod tests {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn what_the_system_says_of_a_path_has_a_status_of_its_own() {
        for (kind, status) in [
            (ErrorKind::NotFound, 404),
            (ErrorKind::PermissionDenied, 403),
            (ErrorKind::ReadOnlyFilesystem, 403),
            (ErrorKind::StorageFull, 409),
            (ErrorKind::AlreadyExists, 409),
            (ErrorKind::IsADirectory, 400),
            (ErrorKind::FileTooLarge, 400),
            (ErrorKind::Other, 500),
        ] {
            let refusal = refusal("path", Path::new("/a"), &kind.into());
            assert_eq!(refusal.status(), status, "{kind}");
            assert!(refusal.words().contains("/a: "), "{}", refusal.words());
        }
        let circle = Errno::LOOP.into();
        assert_eq!(refusal("path", Path::new("/a"), &circle).status(), 400);
    }

    #[test]
    fn a_new_file_may_be_read_by_all_and_another_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("note");
        let mode = || fs::metadata(&file).unwrap().permissions().mode() & 0o7777;
        write_whole(&file, b"new", None).unwrap();
        assert_eq!(mode(), 0o644);
        write_whole(&file, b"run", Some(0o755)).unwrap();
        write_whole(&file, b"other", None).unwrap();
        assert_eq!(mode(), 0o755);
        assert_eq!(fs::read(&file).unwrap(), b"other");
    }

    #[test]
    fn only_a_file_is_opened_since_a_pipe_would_wait_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let [pipe, note] = ["pipe", "note"].map(|name| folder.path().join(name));
        let mode = Mode::RUSR | Mode::WUSR;
        mknodat(CWD, &pipe, FileType::Fifo, mode, 0).unwrap();
        assert!(open(&pipe).is_err());
        assert!(open(folder.path()).is_err());
        fs::write(&note, "a note").unwrap();
        assert_eq!(read_part(&note, 3).unwrap(), b"a n");
    }
}
