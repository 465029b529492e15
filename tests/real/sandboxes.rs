//! The control plane: sandboxes that are local desktops of their own.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use deskhand::{
    desktop::{
        Config, ControlPlane, Desktop, DesktopClient, Profile,
        wire::{
            CreateSandbox, ExecuteRequest, ListSandboxes, Mkdir, PresignedUrlRequest, ReadFile,
            Sandbox, SandboxState,
        },
    },
    geometry::Size,
    server::{LocalDesktop, Options},
};

use crate::{
    eventually::eventually,
    place::{Place, status},
};

/// A small desktop with a control plane, and two clients of that: one that
/// finds sandboxes by their host names, and one by paths.
pub(crate) async fn control_plane(place: &Place) -> (LocalDesktop, ControlPlane, ControlPlane) {
    let options = Options {
        profile: Profile::Bare,
        control_plane: true,
        ..place.options()
    };
    let (desktop, _) = place.desktop_with(options).await;
    let by = |sandbox_domain: String| {
        let config = Config {
            base_url: desktop.url(),
            sandbox_domain,
            ..Config::new(desktop.token())
        };
        ControlPlane::new(config).unwrap()
    };
    let hosts = by(desktop.sandbox_domain());
    let paths = by(format!("{}/sandboxes/{{id}}", desktop.url()));
    (desktop, hosts, paths)
}

pub(crate) async fn running(
    plane: &ControlPlane,
    wanted: &CreateSandbox,
) -> (Sandbox, DesktopClient) {
    let sandbox = plane.create(wanted).await.unwrap();
    assert_eq!(sandbox.state, SandboxState::Starting);
    assert_eq!(status(plane.delete(&sandbox.id).await), Some(409));
    let desktop = plane.desktop(&sandbox.id).unwrap();
    // It answers 503 until then, which is worth another try.
    desktop
        .wait_until_ready(Duration::from_secs(30))
        .await
        .unwrap();
    let sandbox = plane.get(&sandbox.id).await.unwrap();
    assert_eq!(sandbox.state, SandboxState::Running);
    (sandbox, desktop)
}

/// Where this test finds the folder in which commands of a sandbox start: in the
/// sandbox it has another path than here, unless namespaces are missing.
pub(crate) async fn start_folder(service: &ControlPlane, id: &str) -> PathBuf {
    let own = command("dirname \"$XAUTHORITY\"");
    let own = service.execute(id, &own).await.unwrap().stdout;
    let real = Path::new(own.trim_end()).join("session/home");
    if real.is_dir() {
        return real;
    }
    service.start_folder(id).await.unwrap().into()
}

pub(crate) fn command(command: &str) -> ExecuteRequest {
    ExecuteRequest {
        command: command.to_owned(),
        ..ExecuteRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_is_a_desktop_of_its_own_from_its_birth_to_its_end() {
    let place = Place::new();
    let (desktop, hosts, paths) = control_plane(&place).await;
    let wanted = CreateSandbox {
        env_vars: Some(BTreeMap::from([(
            "GREETING".to_owned(),
            "hello".to_owned(),
        )])),
        ..CreateSandbox::desktop()
    };
    let (sandbox, by_host) = running(&hosts, &wanted).await;
    let by_path = paths.desktop(&sandbox.id).unwrap();
    let size = Size::new(1024, 700);
    assert_eq!(by_path.resize_screen(size).await.unwrap().size(), size);
    let info = by_host.display_info().await.unwrap();
    assert_eq!(info.size(), size);
    assert_ne!(info.display, desktop.display());

    let said = by_host
        .execute(&command("echo $GREETING $DISPLAY; pwd"))
        .await
        .unwrap();
    let expected = format!("hello {}\n", info.display);
    assert!(said.stdout.starts_with(&expected), "{}", said.stdout);
    assert!(said.stdout.trim_end().ends_with("/home"), "{}", said.stdout);

    let listed = hosts.list(&ListSandboxes::default()).await.unwrap();
    assert_eq!((listed.total_items, &listed.items[0].id), (1, &sandbox.id));
    hosts.delete(&sandbox.id).await.unwrap();
    assert_eq!(status(hosts.get(&sandbox.id).await), Some(404));
    assert_eq!(status(by_path.display_info().await), Some(404));
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_into_a_sandbox_and_come_back() {
    let place = Place::new();
    let (desktop, service, _) = control_plane(&place).await;
    let (sandbox, client) = running(&service, &CreateSandbox::desktop()).await;
    let id = &sandbox.id;
    let folder = Mkdir {
        path: "a/b".to_owned(),
        recursive: true,
        ..Mkdir::default()
    };
    service.mkdir(id, &folder).await.unwrap();
    let script = b"#!/bin/sh\necho 0123456789\n".to_vec();
    service
        .write_file(id, "a/b/run me.sh", script.clone(), Some("0755"))
        .await
        .unwrap();
    let ran = service
        .execute(id, &command("'a/b/run me.sh'"))
        .await
        .unwrap();
    assert_eq!(ran.stdout, "0123456789\n");
    let whole = ReadFile {
        path: "~/a/b/run me.sh".to_owned(),
        ..ReadFile::default()
    };
    assert_eq!(service.read_file(id, &whole).await.unwrap(), script);
    let part = ReadFile {
        offset: Some(2),
        limit: Some(7),
        ..whole.clone()
    };
    assert_eq!(service.read_file(id, &part).await.unwrap(), b"/bin/sh");
    // Written again, it stays a program.
    service
        .write_file(id, &whole.path, b"#!/bin/true\n".to_vec(), None)
        .await
        .unwrap();
    assert_eq!(
        service
            .execute(id, &command("'a/b/run me.sh'"))
            .await
            .unwrap()
            .exit_code,
        0
    );

    let missing = ReadFile {
        path: "nothing/here".to_owned(),
        ..ReadFile::default()
    };
    assert_eq!(status(service.read_file(id, &missing).await), Some(404));
    let into_nothing = service
        .write_file(id, "nothing/here", Vec::new(), None)
        .await;
    assert_eq!(status(into_nothing), Some(404));
    // The client of its desktop makes the folders, and knows where paths begin.
    client.write_file("c/d/e", b"e").await.unwrap();
    client.write_file("c/d/e", b"e again").await.unwrap();
    assert_eq!(client.read_file("~/c/d/e").await.unwrap(), b"e again");
    assert_eq!(status(client.read_file("c/nothing").await), Some(404));
    let over_a_folder = service.write_file(id, "a", Vec::new(), None).await;
    assert_eq!(status(over_a_folder), Some(400));
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presigned_address_opens_one_port_and_nothing_else() {
    let place = Place::new();
    let (desktop, service, _) = control_plane(&place).await;
    let (sandbox, _) = running(&service, &CreateSandbox::desktop()).await;
    let served = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = served.local_addr().unwrap().port();
    let program = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = served.accept().unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
            .unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let wanted = PresignedUrlRequest {
        port,
        expires_in: Some(60),
    };
    let url = service.presigned_url(&sandbox.id, &wanted).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(&url.url).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "hello");
    let seen = program.join().unwrap();
    assert!(!seen.to_lowercase().contains("authorization"), "{seen}");

    let elsewhere = format!(
        "{}/sandboxes/{}/api/status?token={}",
        desktop.url(),
        sandbox.id,
        url.token
    );
    assert_eq!(
        http.get(elsewhere).send().await.unwrap().status().as_u16(),
        401
    );
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_ends_when_its_time_is_over_or_waits_if_it_was_asked_to() {
    let place = Place::new();
    let (desktop, service, _) = control_plane(&place).await;
    let short = |auto_pause| CreateSandbox {
        timeout: Some(2),
        auto_pause: Some(auto_pause),
        ..CreateSandbox::desktop()
    };
    let (ends, _) = running(&service, &short(false)).await;
    let (waits, client) = running(&service, &short(true)).await;
    let over = async || {
        let gone = service.get(&ends.id).await.is_err();
        gone && service.get(&waits.id).await.unwrap().state == SandboxState::Paused
    };
    eventually(over, |over| *over).await;
    assert_eq!(status(service.get(&ends.id).await), Some(404));
    assert_eq!(
        service.get(&waits.id).await.unwrap().state,
        SandboxState::Paused
    );
    assert!(client.health().await.unwrap(), "a request resumes it");
    assert_eq!(
        service.get(&waits.id).await.unwrap().state,
        SandboxState::Running
    );
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_is_still_coming_up_goes_with_the_server() {
    let place = Place::new();
    let (desktop, service, _) = control_plane(&place).await;
    let sandbox = service.create(&CreateSandbox::desktop()).await.unwrap();
    assert_eq!(sandbox.state, SandboxState::Starting);
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused_with_every_bad_field() {
    let place = Place::new();
    let (desktop, service, _) = control_plane(&place).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let create = |body: &'static str| {
        http.post(format!("{}/v1/sandbox/", desktop.url()))
            .bearer_auth(desktop.token())
            .body(body)
            .send()
    };
    let wrong =
        r#"{"template_name": "x", "vcpu": 9, "memory": 513, "timeout": 0, "env_vars": {"=": ""}}"#;
    let answer = create(wrong).await.unwrap();
    assert_eq!(answer.status().as_u16(), 400);
    let body: serde_json::Value = answer.json().await.unwrap();
    let fields: Vec<&str> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        ["template_name", "vcpu", "timeout", "memory", "env_vars"]
    );
    let unknown = service.execute("sbx-none", &command("true")).await;
    assert_eq!(status(unknown), Some(404));
    assert_eq!(status(service.delete("sbx-none").await), Some(404));
    desktop.shut_down().await;
}
