//! The control plane, and the desktops that come from it.

use std::time::Duration;

use super::{Answer, Server};
use crate::desktop::{
    Config, ControlPlane, Desktop, DesktopError,
    wire::{
        CreateSandbox, ExecuteRequest, Extensions, ListSandboxes, Mkdir, PresignedUrlRequest,
        ReadFile, SandboxState,
    },
};

const SANDBOX: &str = r#"{"id": "sbx-1", "state": "running", "vcpu": 2}"#;
const ENDED: &str = r#"{"exit_code": 0, "stdout": "hi", "stderr": ""}"#;
const DISPLAY: &str = r#"{"display": ":7", "width": 1440, "height": 900}"#;

pub(super) fn plane(server: &Server) -> ControlPlane {
    let config = Config {
        base_url: server.url(),
        sandbox_domain: format!("http://localhost:{}", server.port),
        ..Config::new("key")
    };
    ControlPlane::new(config).expect("a client")
}

/// The only request that was sent, and its body.
fn sent(server: &Server) -> (String, String) {
    let mut seen = server.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    let seen = seen.remove(0);
    assert_eq!(seen.headers["authorization"], "Bearer key");
    (seen.line, seen.body)
}

fn command(command: &str) -> ExecuteRequest {
    ExecuteRequest {
        command: command.to_owned(),
        ..ExecuteRequest::default()
    }
}

#[tokio::test]
async fn sandboxes_are_made_looked_at_and_ended() {
    let server = Server::answering([Answer::new(201, SANDBOX)]).await;
    let wanted = CreateSandbox {
        memory: Some(2048),
        ..CreateSandbox::desktop()
    };
    let made = plane(&server).create(&wanted).await.expect("a sandbox");
    assert_eq!((&*made.id, made.state), ("sbx-1", SandboxState::Running));
    let body = r#"{"template_name":"system/desktop:v0.1.0","memory":2048}"#;
    assert_eq!(sent(&server), ("POST /v1/sandbox".into(), body.into()));

    let server = Server::answering([Answer::ok(SANDBOX)]).await;
    plane(&server).get("sbx-1").await.expect("a sandbox");
    assert_eq!(sent(&server).0, "GET /v1/sandbox/sbx-1/");

    let server = Server::answering([Answer::new(204, "")]).await;
    plane(&server).delete("sbx-1").await.expect("an end");
    assert_eq!(sent(&server).0, "DELETE /v1/sandbox/sbx-1/");
}

#[tokio::test]
async fn sandboxes_are_listed_by_page() {
    let list = format!(r#"{{"items": [{SANDBOX}], "total_items": 41}}"#);
    let server = Server::answering([Answer::ok(list)]).await;
    let wanted = ListSandboxes {
        state: Some(SandboxState::Running),
        sort: Some("desc".to_owned()),
        order_by: Some("created_at".to_owned()),
        page: Some(2),
        page_size: Some(20),
    };
    let page = plane(&server).list(&wanted).await.expect("a page");
    assert_eq!((page.items.len(), page.total_items), (1, 41));
    let (line, _) = sent(&server);
    let (path, query) = line.split_once('?').expect("a query");
    assert_eq!(path, "GET /v1/sandboxes");
    let mut query: Vec<&str> = query.split('&').collect();
    query.sort_unstable();
    let expected = "order-by=created_at page-size=20 page=2 sort=desc state=running";
    assert_eq!(query.join(" "), expected);

    let server = Server::answering([Answer::ok(r#"{"items": [], "total_items": 0}"#)]).await;
    let all = plane(&server).list(&ListSandboxes::default()).await;
    assert!(all.expect("a page").items.is_empty());
    assert_eq!(sent(&server).0, "GET /v1/sandboxes");
}

#[tokio::test]
async fn files_go_in_and_come_out() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let file = "/tmp/a b&c";
    let written = plane(&server)
        .write_file("sbx-1", file, b"bytes".to_vec(), Some("0755"))
        .await;
    written.expect("a file");
    let line =
        "POST /v1/sandbox/sbx-1/filesystem/write-file?path=%2Ftmp%2Fa+b%26c&permissions=0755";
    assert_eq!(sent(&server), (line.into(), "bytes".into()));

    let server = Server::answering([Answer::ok("bytes")]).await;
    let wanted = ReadFile {
        path: "/x".to_owned(),
        limit: Some(5),
        ..ReadFile::default()
    };
    let read = plane(&server).read_file("sbx-1", &wanted).await;
    assert_eq!(read.expect("bytes"), b"bytes");
    let line = "POST /v1/sandbox/sbx-1/filesystem/read-file";
    let body = r#"{"path":"/x","limit":5}"#;
    assert_eq!(sent(&server), (line.into(), body.into()));

    let server = Server::answering([Answer::new(204, "")]).await;
    let wanted = Mkdir {
        path: "/x".to_owned(),
        recursive: true,
        ..Mkdir::default()
    };
    let made = plane(&server).mkdir("sbx-1", &wanted).await;
    made.expect("a folder");
    let line = "POST /v1/sandbox/sbx-1/filesystem/mkdir";
    let body = r#"{"path":"/x","recursive":true}"#;
    assert_eq!(sent(&server), (line.into(), body.into()));
}

#[tokio::test]
async fn a_port_gets_an_address_without_a_key() {
    let answer = r#"{"id": "p", "token": "t", "url": "https://x", "sandbox_id": "sbx-1",
        "port": 80, "expires_at": "", "created_at": ""}"#;
    let server = Server::answering([Answer::new(201, answer)]).await;
    let wanted = PresignedUrlRequest {
        port: 80,
        expires_in: Some(60),
    };
    let url = plane(&server).presigned_url("sbx-1", &wanted).await;
    assert_eq!(url.expect("an address").url, "https://x");
    let line = "POST /v1/sandbox/sbx-1/presigned-url";
    let body = r#"{"port":80,"expires_in":60}"#;
    assert_eq!(sent(&server), (line.into(), body.into()));
}

#[tokio::test]
async fn a_sandbox_that_may_have_been_made_is_not_made_twice() {
    let server = Server::answering([Answer::new(503, "")]).await;
    let made = plane(&server).create(&CreateSandbox::desktop()).await;
    assert_eq!(made.expect_err("an error").status(), Some(503));
    assert_eq!(server.seen().len(), 1);
    let server = Server::answering([Answer::new(503, ""), Answer::ok(SANDBOX)]).await;
    plane(&server).get("sbx-1").await.expect("the second time");
}

#[tokio::test]
async fn bad_arguments_send_nothing() {
    let server = Server::answering([Answer::ok("")]).await;
    let plane = plane(&server);
    let many = ListSandboxes {
        page_size: Some(101),
        ..ListSandboxes::default()
    };
    let errors = [
        plane.create(&CreateSandbox::default()).await.err(),
        plane.list(&many).await.err(),
        plane.get("a/b").await.err(),
        plane.desktop("").err(),
        plane.execute("..", &command("id")).await.err(),
        plane.write_file("sbx-1", "", vec![], None).await.err(),
    ];
    for error in errors {
        assert!(
            matches!(error, Some(DesktopError::Argument { .. })),
            "{error:?}"
        );
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_desktop_of_a_sandbox_is_at_its_own_host() {
    let server = Server::answering([Answer::ok(DISPLAY)]).await;
    let plane = plane(&server);
    let host = format!("sbx-1.localhost:{}", server.port);
    assert_eq!(plane.sandbox_url("sbx-1"), format!("http://{host}"));
    assert_eq!(plane.viewer_url("sbx-1"), format!("http://{host}/"));
    let desktop = plane.desktop("sbx-1").expect("a client");
    assert_eq!(desktop.desktop_url(), format!("http://{host}"));
    desktop.display_info().await.expect("a display");
    assert_eq!(server.seen()[0].headers["host"], host);
    assert_eq!(server.seen()[0].headers["authorization"], "Bearer key");
}

#[tokio::test]
async fn commands_of_a_hosted_desktop_run_by_the_control_plane_on_its_display() {
    let answers = [Answer::new(404, ""), Answer::ok(DISPLAY), Answer::ok(ENDED)];
    let server = Server::answering(answers).await;
    let desktop = plane(&server).desktop("sbx-1").expect("a client");
    let extensions = desktop.extensions().await.expect("extensions");
    assert!(extensions.has(Extensions::EXECUTE));
    for _ in 0..2 {
        let ended = desktop.execute(&command("echo hi")).await;
        assert_eq!(ended.expect("an end").stdout, "hi");
    }
    let mut elsewhere = command("id");
    elsewhere.envs = Some([("DISPLAY".to_owned(), ":1".to_owned())].into());
    desktop.execute(&elsewhere).await.expect("an end");
    let seen = server.seen();
    let lines: Vec<&str> = seen.iter().map(|seen| &*seen.line).collect();
    let execute = "POST /v1/sandbox/sbx-1/process/execute";
    let display = "GET /api/display";
    assert_eq!(
        lines,
        ["GET /api/extensions", display, execute, execute, execute]
    );
    let body = r#"{"command":"echo hi","envs":{"DISPLAY":":7"}}"#;
    assert_eq!(seen[2].body, body);
    assert_eq!(seen[3].body, body);
    assert!(seen[4].body.contains(r#"{"DISPLAY":":1"}"#));
    assert_eq!(seen[2].headers["host"], server.url()[7..]);
}

#[tokio::test]
async fn files_of_a_hosted_desktop_move_by_the_control_plane() {
    let folders = Answer::ok(r#"{"exit_code": 0, "stdout": "/root\n/\n", "stderr": ""}"#);
    let there = Answer::new(409, r#"{"message": "it is there"}"#);
    let done = || Answer::new(204, "");
    let answers = [folders, Answer::ok("bytes"), there, done(), done()];
    let server = Server::answering(answers).await;
    let desktop = plane(&server).desktop("sbx-1").expect("a client");
    let read = desktop.read_file("~/a").await.expect("bytes");
    assert_eq!(read, b"bytes");
    desktop.write_file("b/c", b"1").await.expect("written");
    desktop.write_file("/d", b"2").await.expect("written");
    let seen = server.seen();
    let lines: Vec<&str> = seen.iter().map(|seen| &*seen.line).collect();
    assert_eq!(
        lines,
        [
            "POST /v1/sandbox/sbx-1/process/execute",
            "POST /v1/sandbox/sbx-1/filesystem/read-file",
            "POST /v1/sandbox/sbx-1/filesystem/mkdir",
            "POST /v1/sandbox/sbx-1/filesystem/write-file?path=%2Fb%2Fc",
            "POST /v1/sandbox/sbx-1/filesystem/write-file?path=%2Fd",
        ]
    );
    assert_eq!(seen[1].body, r#"{"path":"/root/a"}"#);
    assert_eq!(seen[2].body, r#"{"path":"/b","recursive":true}"#);
}

#[test]
fn settings_that_give_no_client_are_told_of_at_once() {
    let good = || Config::new("key");
    assert!(ControlPlane::new(good()).is_ok(), "TLS is set up");
    for bad in [
        Config::new(" "),
        Config {
            timeout: Duration::ZERO,
            ..good()
        },
        Config {
            base_url: "api.leap0.dev".to_owned(),
            ..good()
        },
        Config {
            sandbox_domain: "http://a b".to_owned(),
            ..good()
        },
        Config {
            auth_header: "two words".to_owned(),
            ..good()
        },
    ] {
        let shown = format!("{bad:?}");
        let error = ControlPlane::new(bad).expect_err(&shown);
        assert!(matches!(error, DesktopError::Argument { .. }), "{shown}");
    }
}
