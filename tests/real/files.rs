//! The files of a sandbox, where they are not as one would like them.

use std::{
    ffi::OsStr,
    fs::{self, File},
    os::unix::{ffi::OsStrExt, fs::symlink},
    path::{Path, PathBuf},
    time::Duration,
};

use deskhand::{
    desktop::{
        ControlPlane, Desktop,
        wire::{
            CopyFile, CreateSandbox, DeleteFile, EditFile, FileEdit, FileKind, GlobFiles,
            ListFiles, MoveFile, ReadFile, SearchFiles, SetPermissions, ShowTree,
        },
    },
    server::LocalDesktop,
};

use crate::{
    place::{Place, status},
    sandboxes::{command, control_plane, running, start_folder},
    started::Started,
};

/// A sandbox, and where this test finds the folder in which paths of its files
/// begin.
struct Files {
    desktop: LocalDesktop,
    service: ControlPlane,
    id: String,
    start: PathBuf,
}

async fn files(place: &Place) -> Files {
    let (desktop, service, _) = control_plane(place).await;
    let (sandbox, _) = running(&service, &CreateSandbox::desktop()).await;
    let start = start_folder(&service, &sandbox.id).await;
    Files {
        desktop,
        service,
        id: sandbox.id,
        start,
    }
}

impl Files {
    /// A new folder, and its path in requests.
    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.start.join(name);
        fs::create_dir(&folder).unwrap();
        folder
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, Option<u16>> {
        let wanted = ReadFile {
            path: path.to_owned(),
            ..ReadFile::default()
        };
        let read = self.service.read_file(&self.id, &wanted).await;
        read.map_err(|error| error.status())
    }

    async fn list(&self, path: &str) -> Result<Vec<String>, Option<u16>> {
        let wanted = ListFiles {
            path: path.to_owned(),
            recursive: true,
            ..ListFiles::default()
        };
        let listed = self.service.ls(&self.id, &wanted).await;
        let listed = listed.map_err(|error| error.status())?;
        Ok(listed.into_iter().map(|file| file.name).collect())
    }

    async fn grep(&self, path: &str, pattern: &str) -> Result<Vec<String>, Option<u16>> {
        let wanted = SearchFiles {
            path: path.to_owned(),
            pattern: pattern.to_owned(),
            ..SearchFiles::default()
        };
        let found = self.service.grep(&self.id, &wanted).await;
        let found = found.map_err(|error| error.status())?;
        let place = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let line = |line: &deskhand::desktop::wire::SearchMatch| {
            format!("{}:{}:{}", place(&line.path), line.line, line.content)
        };
        Ok(found.iter().map(line).collect())
    }

    async fn delete(&self, path: &str) -> Option<u16> {
        let wanted = DeleteFile {
            path: path.to_owned(),
            recursive: true,
        };
        status(self.service.delete_file(&self.id, &wanted).await)
    }

    async fn copy(&self, from: &str, to: &str) -> Option<u16> {
        let wanted = CopyFile {
            src_path: from.to_owned(),
            dst_path: to.to_owned(),
            recursive: true,
            overwrite: Some(true),
        };
        status(self.service.copy_file(&self.id, &wanted).await)
    }

    async fn end(self, place: &Place) {
        self.desktop.shut_down().await;
        place.assert_nothing_is_left(Duration::ZERO);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_told_of_and_never_followed_in_circles() {
    let place = Place::new();
    let files = files(&place).await;
    let folder = files.folder("links");
    symlink("b", folder.join("a")).unwrap();
    symlink("a", folder.join("b")).unwrap();
    symlink("..", folder.join("up")).unwrap();
    symlink("nowhere", folder.join("lost")).unwrap();
    fs::write(folder.join("f"), "text\n").unwrap();
    symlink("f", folder.join("to-f")).unwrap();

    assert_eq!(files.read("links/a").await, Err(Some(400)));
    let names = ["a", "b", "f", "lost", "to-f", "up"];
    assert_eq!(files.list("links").await.unwrap(), names);
    let lost = files.service.stat(&files.id, "links/lost").await.unwrap();
    assert!(lost.is_symlink && !lost.is_dir && lost.link_target == "nowhere");
    assert!(files.service.exists(&files.id, "links/lost").await.unwrap());
    assert_eq!(files.grep("links", "te").await.unwrap(), ["f:1:text"]);
    let tree = ShowTree {
        path: "links".to_owned(),
        ..ShowTree::default()
    };
    let tree = files.service.tree(&files.id, &tree).await.unwrap();
    assert_eq!(
        (&*tree[5].name, tree[5].kind),
        ("up", FileKind::Symlink),
        "{tree:?}"
    );

    // What is written to a link is written to what it leads to.
    let written = b"new\n".to_vec();
    let written = files
        .service
        .write_file(&files.id, "links/to-f", written, None);
    written.await.unwrap();
    let edit = EditFile {
        path: "links/to-f".to_owned(),
        edits: vec![FileEdit {
            find: "new".to_owned(),
            replace: "newer".to_owned(),
        }],
    };
    let edited = files.service.edit_file(&files.id, &edit).await.unwrap();
    assert_eq!(edited.replacements, 1);
    assert_eq!(fs::read(folder.join("f")).unwrap(), b"newer\n");
    assert!(folder.join("to-f").is_symlink());

    assert_eq!(files.copy("links", "copy").await, None);
    assert!(files.start.join("copy/up").is_symlink());
    assert_eq!(files.delete("links/up").await, None);
    assert!(folder.is_dir(), "only the link is gone");
    files.end(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_neither_read_nor_copied_nor_waited_for() {
    let place = Place::new();
    let files = files(&place).await;
    let folder = files.folder("odd");
    let pipe = command("mkfifo odd/pipe");
    let made = files.service.execute(&files.id, &pipe);
    assert_eq!(made.await.unwrap().exit_code, 0);
    fs::write(folder.join("binary"), b"word\0word\n").unwrap();
    fs::write(folder.join("latin"), b"word \xe9\r\nother\n").unwrap();
    fs::write(folder.join(OsStr::from_bytes(b"name-\xff")), "word\n").unwrap();

    assert_eq!(files.read("odd/pipe").await, Err(Some(400)));
    assert_eq!(files.read("/dev/zero").await, Err(Some(400)));
    assert_eq!(files.copy("odd", "copy").await, Some(400));
    assert!(!files.start.join("copy").exists(), "nothing of it is there");
    let names = ["binary", "latin", "name-\u{fffd}", "pipe"];
    assert_eq!(files.list("odd").await.unwrap(), names);
    let found = ["latin:1:word \u{fffd}", "name-\u{fffd}:1:word"];
    assert_eq!(files.grep("odd", "word").await.unwrap(), found);
    assert_eq!(files.grep("odd/pipe", "word").await, Err(Some(400)));
    let edit = EditFile {
        path: "odd/latin".to_owned(),
        edits: vec![FileEdit {
            find: "word".to_owned(),
            replace: String::new(),
        }],
    };
    let edited = files.service.edit_file(&files.id, &edit).await;
    assert_eq!(status(edited), Some(400));
    assert_eq!(files.delete("odd").await, None);
    files.end(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_for_one_answer_is_refused_and_not_cut_off() {
    let place = Place::new();
    let files = files(&place).await;
    let many = files.folder("many");
    for number in 0..10_001 {
        File::create(many.join(number.to_string())).unwrap();
    }
    assert_eq!(files.list("many").await, Err(Some(400)));
    let glob = |pattern: &str| GlobFiles {
        path: "many".to_owned(),
        pattern: pattern.to_owned(),
        ..GlobFiles::default()
    };
    let all = files.service.glob(&files.id, &glob("*")).await;
    assert_eq!(status(all), Some(400));
    let some = files.service.glob(&files.id, &glob("99*")).await.unwrap();
    assert_eq!(some.len(), 111);
    let lines = "x\n".repeat(10_001);
    fs::write(files.start.join("lines"), lines).unwrap();
    assert_eq!(files.grep("lines", "x").await, Err(Some(400)));
    let large = File::create(files.start.join("large")).unwrap();
    large.set_len((10 << 20) + 1).unwrap();
    assert_eq!(files.read("large").await, Err(Some(400)));
    assert_eq!(files.delete("many").await, None);
    files.end(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn patterns_that_mean_nothing_are_refused() {
    let place = Place::new();
    let files = files(&place).await;
    files.folder("f");
    let bomb = "a{1000}".repeat(100) + "{1000}";
    for pattern in ["(", "[", "a{99999999}", "(?P<x", "\\p{nothing}", &bomb] {
        assert_eq!(files.grep("f", pattern).await, Err(Some(400)), "{pattern}");
    }
    for pattern in ["[", "{a", "/f/*", "[z-a]", &"*".repeat(5000)] {
        let glob = GlobFiles {
            path: "f".to_owned(),
            pattern: pattern.to_owned(),
            ..GlobFiles::default()
        };
        let found = files.service.glob(&files.id, &glob).await;
        assert_eq!(status(found), Some(400), "{pattern}");
        let list = ListFiles {
            path: "f".to_owned(),
            exclude: Some(vec![pattern.to_owned()]),
            ..ListFiles::default()
        };
        let listed = files.service.ls(&files.id, &list).await;
        assert_eq!(status(listed), Some(400), "{pattern}");
    }
    files.end(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_are_told_as_the_sandbox_has_them() {
    let place = Place::new();
    let files = files(&place).await;
    let home = files.service.home_folder(&files.id).await.unwrap();
    fs::write(files.folder("seen").join("f"), "text\n").unwrap();
    let path = format!("{home}/seen/f");
    assert_eq!(files.read(&path).await.unwrap(), b"text\n");
    let list = ListFiles {
        path: "~/seen".to_owned(),
        ..ListFiles::default()
    };
    let listed = files.service.ls(&files.id, &list).await.unwrap();
    assert_eq!(listed[0].path, path);
    let wanted = ReadFile {
        path: format!("{home}/missing"),
        ..ReadFile::default()
    };
    let error = files.service.read_file(&files.id, &wanted).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains(&wanted.path), "{error}");
    files.end(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desktop_lives_in_stays() {
    let place = Place::new();
    let files = files(&place).await;
    let own = files.start.parent().unwrap().display().to_string();
    let above = place.temporary().display().to_string();
    symlink("/", files.start.join("root")).unwrap();
    fs::create_dir(files.start.join("other")).unwrap();
    for needed in ["/", "~", "~/", ".", "..", "~/.", "other/..", &own, &above] {
        assert_eq!(files.delete(needed).await, Some(403), "{needed}");
        let away = MoveFile {
            src_path: needed.to_owned(),
            dst_path: "/tmp/away".to_owned(),
            overwrite: true,
        };
        let moved = files.service.move_file(&files.id, &away).await;
        assert_eq!(status(moved), Some(403), "{needed}");
        let copied = files.copy("other", needed).await;
        assert!(matches!(copied, Some(400 | 403)), "{needed}: {copied:?}");
    }
    assert_eq!(
        files.delete("root").await,
        None,
        "a link to it is only a link"
    );
    assert!(Path::new("/tmp").is_dir() && files.start.is_dir());
    assert_eq!(files.delete("root").await, Some(404));
    files.end(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_do_it_is_told_so() {
    let place = Place::new();
    let files = files(&place).await;
    fs::write(files.start.join("f"), "x").unwrap();
    // Where even root may make nothing.
    let forbidden = "/sys/deskhand";
    let written = files
        .service
        .write_file(&files.id, forbidden, Vec::new(), None)
        .await;
    assert_eq!(status(written), Some(403));
    assert_eq!(files.copy("f", forbidden).await, Some(403));
    let permissions = |owner: &str| SetPermissions {
        path: "f".to_owned(),
        owner: Some(owner.to_owned()),
        ..SetPermissions::default()
    };
    for nobody in ["", "no such user", "-1", "4294967295"] {
        let wanted = permissions(nobody);
        let set = files.service.set_permissions(&files.id, &wanted);
        assert_eq!(status(set.await), Some(400), "{nobody:?}");
    }
    files.end(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_for_which_the_disk_has_no_room_is_refused_and_the_old_one_stays() {
    let place = Place::new();
    let Some(desktop) = Started::on_a_small_disk(&place) else {
        // Nothing can be said where nobody may mount anything.
        return;
    };
    let client = desktop.client();
    client.write_file("~/f", b"old").await.unwrap();
    let large = vec![1; 16 << 20];
    assert_eq!(status(client.write_file("~/f", &large).await), Some(409));
    assert_eq!(client.read_file("~/f").await.unwrap(), b"old");
    client.write_file("~/g", b"new").await.unwrap();
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}
