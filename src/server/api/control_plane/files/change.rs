//! Folders that are made, and what is deleted, moved and copied.
//!
//! A copy is made next to its place and then moved there, so that what was there stays until the
//! copy is complete.

use std::{
    fs::{self, DirBuilder, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{extract::State, http::StatusCode};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use walkdir::WalkDir;

use super::{Budget, Shared, failed, path, permissions, work};
use crate::server::{
    api::{
        extract::{Body, Segment},
        files::folder_of,
        refusal::Refusal,
    },
    machine::Machine,
};

/// The default permissions of a folder.
const FOLDER_MODE: u32 = 0o755;

/// The prefix of the names of what is written next to its place.
const BESIDE: &str = ".deskhand-";

pub(super) async fn mkdir(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    let recursive = fields.boolean("recursive").unwrap_or(false);
    let mode = permissions::mode(&mut fields, "permissions").unwrap_or(FOLDER_MODE);
    fields.finish()?;
    work(&machine, move || {
        DirBuilder::new()
            .recursive(recursive)
            .mode(mode)
            .create(&path)
            .map_err(failed("path", &path))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn delete(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    let recursive = fields.boolean("recursive").unwrap_or(false);
    fields.finish()?;
    let desktop = Arc::clone(&machine);
    work(&desktop, move || {
        let failed = failed("path", &path);
        let metadata = fs::symlink_metadata(&path).map_err(&failed)?;
        guard(&machine, &path)?;
        if !metadata.is_dir() {
            return fs::remove_file(&path).map_err(failed);
        }
        if !recursive {
            return fs::remove_dir(&path).map_err(failed);
        }
        look_through(&path)?;
        fs::remove_dir_all(&path).map_err(failed)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn rename(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let from = path(&mut fields, "src_path", &machine);
    let to = path(&mut fields, "dst_path", &machine);
    let overwrite = fields.boolean("overwrite").unwrap_or(false);
    fields.finish()?;
    let desktop = Arc::clone(&machine);
    work(&desktop, move || {
        let metadata = fs::symlink_metadata(&from).map_err(failed("src_path", &from))?;
        guard(&machine, &from)?;
        let target = Destination::new(&machine, &from, to, overwrite)?;
        match target.take(&from) {
            Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                let copied = target.copy(&from, &mut Budget::new())?;
                target.put(&copied)?;
                let gone = if metadata.is_dir() {
                    fs::remove_dir_all(&from)
                } else {
                    fs::remove_file(&from)
                };
                gone.map_err(failed("src_path", &from))
            }
            taken => taken.map_err(failed("dst_path", &target.path)),
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn copy(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let mut from = path(&mut fields, "src_path", &machine);
    let to = path(&mut fields, "dst_path", &machine);
    let recursive = fields.boolean("recursive").unwrap_or(false);
    let overwrite = fields.boolean("overwrite").unwrap_or(false);
    fields.finish()?;
    let desktop = Arc::clone(&machine);
    work(&desktop, move || {
        if !recursive {
            // As `cp` does: what a link leads to, unless it is a folder.
            from = fs::canonicalize(&from).map_err(failed("src_path", &from))?;
        }
        let metadata = fs::symlink_metadata(&from).map_err(failed("src_path", &from))?;
        if metadata.is_dir() && !recursive {
            let problem = "must be true to copy a folder";
            return Err(Refusal::field("recursive", problem));
        }
        let target = Destination::new(&machine, &from, to, overwrite)?;
        let copied = target.copy(&from, &mut Budget::new())?;
        target.put(&copied)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The destination of something.
struct Destination {
    path: PathBuf,
    overwrite: bool,
}

/// Something next to its place, which is removed unless it is moved there.
struct Beside(tempfile::TempDir);

impl Beside {
    fn path(&self) -> PathBuf {
        self.0.path().join("it")
    }
}

impl Destination {
    fn new(machine: &Machine, from: &Path, to: PathBuf, overwrite: bool) -> Result<Self, Refusal> {
        let (source, place) = (real(from), real(&to));
        let place = place.map_err(failed("dst_path", &to))?;
        let source = source.map_err(failed("src_path", from))?;
        if place.starts_with(&source) {
            let problem = "is `src_path` itself, or a path inside it";
            return Err(Refusal::field("dst_path", problem));
        }
        if source.starts_with(&place) {
            let problem = "is a folder that contains `src_path`";
            return Err(Refusal::field("dst_path", problem));
        }
        if overwrite {
            guard(machine, &to)?;
        }
        Ok(Self {
            path: to,
            overwrite,
        })
    }

    fn beside(&self) -> io::Result<Beside> {
        let folder = folder_of(&self.path);
        let beside = tempfile::Builder::new().prefix(BESIDE).tempdir_in(folder)?;
        Ok(Beside(beside))
    }

    /// Makes a copy beside the place.
    fn copy(&self, from: &Path, budget: &mut Budget) -> Result<Beside, Refusal> {
        let beside = self.beside().map_err(failed("dst_path", &self.path))?;
        copy_all(from, &beside.path(), budget)?;
        Ok(beside)
    }

    /// Puts what is beside the place there.
    fn put(&self, beside: &Beside) -> Result<(), Refusal> {
        let put = self.take(&beside.path());
        put.map_err(failed("dst_path", &self.path))
    }

    /// Renames something so that it is there.
    fn take(&self, from: &Path) -> io::Result<()> {
        if !self.overwrite {
            return rename_to_nothing(from, &self.path);
        }
        let is_folder = |path| fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
        let there = fs::symlink_metadata(&self.path).is_ok();
        if !there || (!is_folder(from) && !is_folder(&self.path)) {
            return fs::rename(from, &self.path);
        }
        // A folder takes no other's place while it holds something.
        let aside = self.beside()?;
        fs::rename(&self.path, aside.path())?;
        let renamed = fs::rename(from, &self.path);
        if renamed.is_err() && fs::rename(aside.path(), &self.path).is_err() {
            // It could not come back, so it stays where it can be found.
            let _ = aside.0.keep();
        }
        renamed
    }
}

/// Renames something, unless something is there already.
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Not every file system knows how.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            if fs::symlink_metadata(to).is_ok() {
                return Err(ErrorKind::AlreadyExists.into());
            }
            fs::rename(from, to)
        }
        renamed => Ok(renamed?),
    }
}

/// Copies a file, a link, or a folder with its contents.
fn copy_all(from: &Path, to: &Path, budget: &mut Budget) -> Result<(), Refusal> {
    let mut folders = Vec::new();
    for entry in WalkDir::new(from).follow_root_links(false) {
        budget.look()?;
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(from).to_owned();
            failed("src_path", &path)(error.into())
        })?;
        let failed = failed("src_path", entry.path());
        let below = entry.path().strip_prefix(from).unwrap_or(Path::new(""));
        let place = if below.as_os_str().is_empty() {
            to.to_owned()
        } else {
            to.join(below)
        };
        let kind = entry.file_type();
        if kind.is_symlink() {
            let target = fs::read_link(entry.path()).map_err(&failed)?;
            symlink(target, &place).map_err(&failed)?;
        } else if kind.is_dir() {
            let mode = fs::metadata(entry.path()).map_err(&failed)?.mode();
            fs::create_dir(&place).map_err(&failed)?;
            folders.push((place, mode));
        } else if kind.is_file() {
            fs::copy(entry.path(), &place).map_err(&failed)?;
        } else {
            let what = entry.path().display();
            let problem = format!("{what} is neither a file, a folder nor a link");
            return Err(Refusal::field("src_path", problem));
        }
    }
    // Last, since nothing can be put into a folder that may only be read.
    for (folder, mode) in folders.into_iter().rev() {
        let permissions = Permissions::from_mode(mode & 0o7777);
        fs::set_permissions(&folder, permissions).map_err(failed("dst_path", &folder))?;
    }
    Ok(())
}

/// Refuses a folder that contains more than one request may work on.
fn look_through(folder: &Path) -> Result<(), Refusal> {
    let mut budget = Budget::new();
    for _ in WalkDir::new(folder) {
        budget.look()?;
    }
    Ok(())
}

/// Refuses to remove what the desktop needs: the root, its own folder, its home, the folder where
/// its commands start, and everything that contains one of them.
fn guard(machine: &Machine, path: &Path) -> Result<(), Refusal> {
    let Ok(real) = real(path) else { return Ok(()) };
    let place = machine.place();
    let home = place.outside(&machine.home());
    let start = place.outside(machine.start_in());
    let mut needed = [machine.folder(), &place.real, &home, &start]
        .into_iter()
        .filter_map(|folder| fs::canonicalize(folder).ok());
    if real == Path::new("/") || needed.any(|folder| folder.starts_with(&real)) {
        let path = path.display();
        return Err(Refusal::forbidden(&format!(
            "{path}: the desktop uses this folder, so it cannot be deleted, moved or replaced"
        )));
    }
    Ok(())
}

/// The whole path of something that may not be there yet, or may be a link.
fn real(path: &Path) -> io::Result<PathBuf> {
    match path.file_name() {
        Some(name) => Ok(fs::canonicalize(folder_of(path))?.join(name)),
        None => fs::canonicalize(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_a_folder_keeps_links_and_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        fs::create_dir_all(from.join("closed")).unwrap();
        fs::write(from.join("closed/note"), "a note").unwrap();
        symlink("nowhere", from.join("link")).unwrap();
        let only_read = Permissions::from_mode(0o500);
        fs::set_permissions(from.join("closed"), only_read).unwrap();
        copy_all(&from, &to, &mut Budget::new()).unwrap();
        assert_eq!(fs::read(to.join("closed/note")).unwrap(), b"a note");
        assert_eq!(
            fs::read_link(to.join("link")).unwrap(),
            Path::new("nowhere")
        );
        let mode = fs::metadata(to.join("closed")).unwrap().mode();
        assert_eq!(mode & 0o7777, 0o500);
        for closed in [&from, &to] {
            // Or nobody but root could remove it.
            let open = Permissions::from_mode(0o700);
            fs::set_permissions(closed.join("closed"), open).unwrap();
        }
    }

    #[test]
    fn what_is_neither_file_folder_nor_link_is_not_copied() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("socket");
        let _socket = std::os::unix::net::UnixListener::bind(&from).unwrap();
        let refused = copy_all(&from, &folder.path().join("to"), &mut Budget::new());
        let problem = format!(
            "400 src_path: {} is neither a file, a folder nor a link",
            from.display()
        );
        assert_eq!(refused.unwrap_err().words(), problem);
    }

    #[test]
    fn what_is_there_is_replaced_only_if_that_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        let target = |overwrite| Destination {
            path: to.clone(),
            overwrite,
        };
        for path in [&from, &to] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("note"), path.as_os_str().as_encoded_bytes()).unwrap();
        }
        let refused = target(false).take(&from).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        target(true).take(&from).unwrap();
        let note = fs::read_to_string(to.join("note")).unwrap();
        assert_eq!(Path::new(&note), from);
        // What was there before is left nowhere.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
