//! Files of a sandbox, as the client asks for them.

use super::{Answer, Server, plane::plane};
use crate::desktop::{
    DesktopError,
    wire::{
        CopyFile, DeleteFile, EditFile, EditFiles, FileEdit, FileKind, GlobFiles, ListFiles,
        MoveFile, ReadFile, SearchFiles, SetPermissions, ShowTree,
    },
};

const ID: &str = "sbx-1";

/// The path and the body of the only request that was sent.
fn sent(server: &Server) -> (String, String) {
    let mut seen = server.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    let seen = seen.remove(0);
    let path = seen.line.replace("POST /v1/sandbox/sbx-1/filesystem/", "");
    (path, seen.body)
}

#[tokio::test]
async fn what_is_there_is_told() {
    let file = r#"{"name": "f", "path": "/d/f", "size": 3, "mode": "0644"}"#;
    let server = Server::answering([Answer::ok(file)]).await;
    let info = plane(&server).stat(ID, "/d/f").await.expect("a file");
    assert_eq!((info.size, &*info.mode, info.is_dir), (3, "0644", false));
    assert_eq!(sent(&server), ("stat".into(), r#"{"path":"/d/f"}"#.into()));

    let server = Server::answering([Answer::ok(r#"{"exists": true}"#)]).await;
    assert!(plane(&server).exists(ID, "/d").await.expect("an answer"));
    assert_eq!(sent(&server), ("exists".into(), r#"{"path":"/d"}"#.into()));

    let list = format!(r#"{{"items": [{file}]}}"#);
    let server = Server::answering([Answer::ok(list)]).await;
    let wanted = ListFiles {
        path: "/d".to_owned(),
        recursive: true,
        exclude: Some(vec!["*.log".to_owned()]),
    };
    let listed = plane(&server).ls(ID, &wanted).await.expect("a list");
    assert_eq!(listed[0].name, "f");
    let body = r#"{"path":"/d","recursive":true,"exclude":["*.log"]}"#;
    assert_eq!(sent(&server), ("ls".into(), body.into()));

    let tree = r#"{"items": [{"name": "d", "type": "directory", "children": [{"name": "f"},
        {"name": "s", "type": "socket"}]}]}"#;
    let server = Server::answering([Answer::ok(tree)]).await;
    let wanted = ShowTree {
        path: "/".to_owned(),
        max_depth: Some(2),
        ..ShowTree::default()
    };
    let tree = plane(&server).tree(ID, &wanted).await.expect("a tree");
    assert_eq!(tree[0].kind, FileKind::Directory);
    let kinds = tree[0].children.iter().map(|entry| entry.kind);
    assert!(kinds.eq([FileKind::File, FileKind::Other]));
    let body = r#"{"path":"/","max_depth":2}"#;
    assert_eq!(sent(&server), ("tree".into(), body.into()));

    let answers = [
        Answer::ok(r#"{"user_home_dir": "/home/a"}"#),
        Answer::ok(r#"{"workdir": "/work"}"#),
    ];
    let server = Server::answering(answers).await;
    let home = plane(&server).home_folder(ID).await.expect("a folder");
    let start = plane(&server).start_folder(ID).await.expect("a folder");
    assert_eq!((&*home, &*start), ("/home/a", "/work"));
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    let expected = ["system/user-home-dir", "system/workdir"];
    assert_eq!(
        lines,
        expected.map(|path| format!("GET /v1/sandbox/sbx-1/{path}"))
    );
}

#[tokio::test]
async fn what_is_found_is_told() {
    let server = Server::answering([Answer::ok(r#"{"items": ["/d/a.py"]}"#)]).await;
    let wanted = GlobFiles {
        path: "/d".to_owned(),
        pattern: "*.py".to_owned(),
        ..GlobFiles::default()
    };
    let found = plane(&server).glob(ID, &wanted).await.expect("paths");
    assert_eq!(found, ["/d/a.py"]);
    let body = r#"{"path":"/d","pattern":"*.py"}"#;
    assert_eq!(sent(&server), ("glob".into(), body.into()));

    let lines = r#"{"items": [{"path": "/d/a.py", "line": 7, "content": "x"}]}"#;
    let server = Server::answering([Answer::ok(lines)]).await;
    let wanted = SearchFiles {
        path: "/d".to_owned(),
        pattern: "x".to_owned(),
        include: Some("*.py".to_owned()),
        ..SearchFiles::default()
    };
    let found = plane(&server).grep(ID, &wanted).await.expect("lines");
    assert_eq!((found[0].line, &*found[0].content), (7, "x"));
    let body = r#"{"path":"/d","pattern":"x","include":"*.py"}"#;
    assert_eq!(sent(&server), ("grep".into(), body.into()));
}

#[tokio::test]
async fn edits_tell_what_became_of_them() {
    let server = Server::answering([Answer::ok(r#"{"diff": "-a\n+b\n", "replacements": 2}"#)]);
    let server = server.await;
    let wanted = EditFile {
        path: "/f".to_owned(),
        edits: vec![FileEdit {
            find: "a".to_owned(),
            replace: "b".to_owned(),
        }],
    };
    let edited = plane(&server).edit_file(ID, &wanted).await.expect("edits");
    assert_eq!(edited.replacements, 2);
    let body = r#"{"path":"/f","edits":[{"find":"a","replace":"b"}]}"#;
    assert_eq!(sent(&server), ("edit-file".into(), body.into()));

    let results = r#"{"items": [{"file": "/f", "success": false, "error": "is not there"}]}"#;
    let server = Server::answering([Answer::ok(results)]).await;
    let wanted = EditFiles {
        files: vec!["/f".to_owned()],
        find: "a".to_owned(),
        ..EditFiles::default()
    };
    let edited = plane(&server).edit_files(ID, &wanted).await.expect("edits");
    assert_eq!(
        (edited[0].success, &*edited[0].error),
        (false, "is not there")
    );
    let body = r#"{"files":["/f"],"find":"a","replace":""}"#;
    assert_eq!(sent(&server), ("edit-files".into(), body.into()));
}

#[tokio::test]
async fn what_changes_files_is_sent_once_and_has_nothing_to_tell() {
    let done = || Server::answering([Answer::new(204, "")]);
    let server = done().await;
    let wanted = MoveFile {
        src_path: "/a".to_owned(),
        dst_path: "/b".to_owned(),
        overwrite: false,
    };
    let moved = plane(&server).move_file(ID, &wanted).await;
    moved.expect("a move");
    let body = r#"{"src_path":"/a","dst_path":"/b","overwrite":false}"#;
    assert_eq!(sent(&server), ("move".into(), body.into()));

    let server = done().await;
    let wanted = CopyFile {
        src_path: "/a".to_owned(),
        dst_path: "/b".to_owned(),
        recursive: true,
        overwrite: None,
    };
    let copied = plane(&server).copy_file(ID, &wanted).await;
    copied.expect("a copy");
    let body = r#"{"src_path":"/a","dst_path":"/b","recursive":true}"#;
    assert_eq!(sent(&server), ("copy".into(), body.into()));

    let server = done().await;
    let wanted = SetPermissions {
        path: "/a".to_owned(),
        mode: Some("0600".to_owned()),
        ..SetPermissions::default()
    };
    let set = plane(&server).set_permissions(ID, &wanted).await;
    set.expect("permissions");
    let body = r#"{"path":"/a","mode":"0600"}"#;
    assert_eq!(sent(&server), ("set-permissions".into(), body.into()));

    let server = Server::answering([Answer::new(503, "")]).await;
    let wanted = DeleteFile {
        path: "/a".to_owned(),
        recursive: false,
    };
    let gone = plane(&server).delete_file(ID, &wanted).await;
    assert_eq!(gone.expect_err("an error").status(), Some(503));
    let body = r#"{"path":"/a","recursive":false}"#;
    assert_eq!(sent(&server), ("delete".into(), body.into()));
}

#[tokio::test]
async fn the_first_and_the_last_lines_are_not_wanted_at_once() {
    let server = Server::answering([Answer::ok("last\n")]).await;
    let last = ReadFile {
        path: "/f".to_owned(),
        tail: Some(1),
        ..ReadFile::default()
    };
    let read = plane(&server).read_file(ID, &last).await;
    assert_eq!(read.expect("a line"), b"last\n");
    let body = r#"{"path":"/f","tail":1}"#;
    assert_eq!(sent(&server), ("read-file".into(), body.into()));

    let both = ReadFile {
        head: Some(1),
        ..last
    };
    let refused = plane(&server).read_file(ID, &both).await;
    let Err(DesktopError::Argument { field, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(field, "tail");
}
