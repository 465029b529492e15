//! The entries of folders.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use axum::{Json, extract::State};

use super::{
    Budget, Shared, failed, path,
    permissions::Names,
    walk::{Found, Patterns, Walk},
    work,
};
use crate::{
    desktop::wire::{
        Exists, FileInfo, FileKind, HomeFolder, Items, StartFolder, TreeEntry, limits,
    },
    server::api::{
        extract::{Body, Segment},
        refusal::Refusal,
    },
    server::machine::Machine,
};

pub(super) async fn home_folder(
    State(plane): Shared,
    Segment(id): Segment,
) -> Result<Json<HomeFolder>, Refusal> {
    let home = plane.sandboxes.machine(&id)?.home();
    let user_home_dir = home.display().to_string();
    Ok(Json(HomeFolder { user_home_dir }))
}

pub(super) async fn start_folder(
    State(plane): Shared,
    Segment(id): Segment,
) -> Result<Json<StartFolder>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let workdir = machine.start_in().display().to_string();
    Ok(Json(StartFolder { workdir }))
}

/// Whether something is there, be it a link that leads nowhere: exactly where
/// `stat` has something to tell.
pub(super) async fn exists(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<Exists>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    fields.finish()?;
    let exists = work(&machine, move || match fs::symlink_metadata(&path) {
        Ok(_) => Ok(true),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(false)
        }
        Err(error) => Err(failed("path", &path)(error)),
    });
    let exists = exists.await?;
    Ok(Json(Exists { exists }))
}

pub(super) async fn stat(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<FileInfo>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    fields.finish()?;
    let info = work(&machine, move || {
        info(&path, &Names::read()).map_err(failed("path", &path))
    });
    Ok(Json(shown(info.await?, &machine)))
}

pub(super) async fn ls(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<Items<FileInfo>>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    let recursive = fields.boolean("recursive").unwrap_or(false);
    let exclude = Patterns::of_list(&mut fields, "exclude");
    fields.finish()?;
    let depth = if recursive { usize::MAX } else { 1 };
    let items = work(&machine, move || {
        let mut budget = Budget::new();
        let names = Names::read();
        let mut items = Vec::new();
        for Found { below, .. } in entries(&path, depth, &exclude, &mut budget)? {
            budget.tell()?;
            budget.check_time()?;
            // What has been removed in the meantime does not exist.
            items.extend(info(&path.join(below), &names).ok());
        }
        Ok(items)
    });
    let items = items.await?.into_iter();
    let items = items.map(|item| shown(item, &machine)).collect();
    Ok(Json(Items { items }))
}

pub(super) async fn tree(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<Items<TreeEntry>>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    let depth = fields.integer("max_depth", limits::TREE_DEPTH);
    let exclude = Patterns::of_list(&mut fields, "exclude");
    fields.finish()?;
    let depth = depth.unwrap_or(*limits::TREE_DEPTH.end());
    let items = work(&machine, move || {
        let mut budget = Budget::new();
        let found = entries(&path, depth, &exclude, &mut budget)?;
        for _ in &found {
            budget.tell()?;
        }
        Ok(grown(&mut found.into_iter().peekable(), Path::new("")))
    });
    let items = items.await?;
    Ok(Json(Items { items }))
}

fn entries(
    root: &Path,
    depth: usize,
    exclude: &Patterns,
    budget: &mut Budget,
) -> Result<Vec<Found>, Refusal> {
    let walk = Walk {
        root,
        depth,
        exclude,
        one_system: false,
    };
    walk.find(budget, |_| true)
}

/// Takes what is below `folder` from the beginning of a sorted list.
fn grown(
    left: &mut std::iter::Peekable<impl Iterator<Item = Found>>,
    folder: &Path,
) -> Vec<TreeEntry> {
    let mut entries = Vec::new();
    while let Some(found) = left.next_if(|next| next.below.parent() == Some(folder)) {
        let children = grown(left, &found.below);
        entries.push(TreeEntry {
            name: last(&found.below),
            kind: kind(found.kind),
            children,
        });
    }
    entries
}

fn kind(kind: fs::FileType) -> FileKind {
    if kind.is_symlink() {
        FileKind::Symlink
    } else if kind.is_dir() {
        FileKind::Directory
    } else if kind.is_file() {
        FileKind::File
    } else {
        FileKind::Other
    }
}

/// What is known of a path. JSON has no bytes that are not text, so U+FFFD stands
/// for each of them in a name.
fn info(path: &Path, names: &Names) -> std::io::Result<FileInfo> {
    let metadata = fs::symlink_metadata(path)?;
    let is_symlink = metadata.is_symlink();
    let link_target = if is_symlink {
        fs::read_link(path)?.display().to_string()
    } else {
        String::new()
    };
    Ok(FileInfo {
        name: last(path),
        path: path.display().to_string(),
        is_dir: metadata.is_dir(),
        size: metadata.len(),
        mode: format!("{:04o}", metadata.mode() & 0o7777),
        mtime: metadata.mtime(),
        owner: names.user(metadata.uid()),
        group: names.group(metadata.gid()),
        is_symlink,
        link_target,
    })
}

/// The same, with the path as the session sees it.
fn shown(info: FileInfo, machine: &Machine) -> FileInfo {
    let path = machine.place().told(&info.path);
    FileInfo { path, ..info }
}

/// The last part of a path, which for the root is the root.
fn last(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_list_of_paths_becomes_a_tree() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        for file in ["a/b/deep", "a/c", "d"] {
            fs::write(folder.path().join(file), "").unwrap();
        }
        let all = Patterns::default();
        let found = entries(folder.path(), 9, &all, &mut Budget::new()).unwrap();
        let tree = grown(&mut found.into_iter().peekable(), Path::new(""));
        let leaf = |name: &str| TreeEntry {
            name: name.to_owned(),
            kind: FileKind::File,
            children: Vec::new(),
        };
        let branch = |name: &str, children| TreeEntry {
            kind: FileKind::Directory,
            children,
            ..leaf(name)
        };
        let b = branch("b", vec![leaf("deep")]);
        assert_eq!(tree, [branch("a", vec![b, leaf("c")]), leaf("d")]);
    }

    #[test]
    fn a_link_is_told_as_a_link_and_not_as_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        let info = info(&link, &Names::read()).unwrap();
        assert_eq!((info.name.as_str(), info.is_dir), ("link", false));
        assert_eq!(
            (info.is_symlink, info.link_target.as_str()),
            (true, "nowhere")
        );
        assert_eq!(last(Path::new("/")), "/");
    }
}
