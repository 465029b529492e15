//! The desktop API of a local desktop.

use std::time::Duration;

use deskhand::{
    desktop::{Desktop, wire::ExecuteRequest},
    geometry::Size,
};

use crate::{
    eventually::eventually,
    place::{Place, assert_no_dead_socket, shared_memory_of, status},
    program::shell,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_is_ready_and_leaves_nothing() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    client
        .wait_until_ready(Duration::from_secs(20))
        .await
        .unwrap();
    assert!(client.health().await.unwrap());
    let info = client.display_info().await.unwrap();
    assert_eq!(
        (info.size(), info.display.as_str()),
        (Size::new(1280, 800), &*desktop.display())
    );
    let windows = client.windows().await.unwrap();
    let classes: Vec<&str> = windows.iter().map(|window| window.class.as_str()).collect();
    assert!(classes.contains(&"xfdesktop.Xfdesktop"), "{classes:?}");

    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
    assert_no_dead_socket(&info.display);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_is_dropped_ends_as_well() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    drop(desktop);
    place.assert_nothing_is_left(Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_listens_beyond_loopback_and_no_shared_memory_stays() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    client.start_recording().await.unwrap();
    // websockify takes its time to listen.
    let listening = eventually(async || place.listening(), |them| !them.is_empty()).await;
    assert!(!listening.is_empty(), "websockify listens");
    for address in &listening {
        // /proc/net/tcp writes 127.0.0.1 like that.
        assert!(address.starts_with("0100007F:"), "{listening:?}");
    }
    let started = place.process_ids();
    desktop.shut_down().await;
    let left = shared_memory_of(&started);
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_where_commands_find_them() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let large = vec![7_u8; 3 << 20];
    client.write_file("new/folder/1", &large).await.unwrap();
    assert_eq!(client.read_file("new/folder/1").await.unwrap(), large);
    assert_eq!(
        shell(&client, "wc -c <new/folder/1").await.trim(),
        "3145728"
    );
    client.write_file("~/2", b"home").await.unwrap();
    assert_eq!(shell(&client, "cat ~/2").await, "home");
    shell(&client, "chmod 755 ~/2; mkfifo ~/pipe").await;
    client.write_file("~/2", b"again").await.unwrap();
    assert_eq!(shell(&client, "stat -c %a ~/2").await.trim(), "755");

    assert_eq!(status(client.read_file("new/2").await), Some(404));
    for no_file in ["new", "~", "new/folder/1/x", "~/pipe", "/dev/null"] {
        assert_eq!(
            status(client.read_file(no_file).await),
            Some(400),
            "{no_file}"
        );
        let written = client.write_file(no_file, b"").await;
        assert_eq!(status(written), Some(400), "{no_file}");
    }
    let beyond = reqwest::Client::builder().no_proxy().build().unwrap();
    let beyond = beyond
        .put(format!("{}/api/files?path=3", desktop.url()))
        .bearer_auth(desktop.token())
        .body(vec![0; (64 << 20) + 1]);
    assert_eq!(beyond.send().await.unwrap().status().as_u16(), 413);
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_runs_in_the_session_and_is_ended_in_time() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let run = |command: &str, timeout| ExecuteRequest {
        command: command.to_owned(),
        timeout: Some(timeout),
        ..ExecuteRequest::default()
    };
    let said = client
        .execute(&run("echo $DISPLAY; echo $LANG >&2; exit 3", 10))
        .await
        .unwrap();
    assert_eq!(
        (said.exit_code, said.stdout.trim()),
        (3, &*desktop.display())
    );
    assert_eq!(said.stderr, "C.UTF-8\n");
    let late = client
        .execute(&run("sleep 60 & sleep 61", 1))
        .await
        .unwrap();
    assert_eq!(late.exit_code, 124);
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_nonsense_are_refused() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    // A connection of its own for each: the server hangs up on a huge body.
    let http = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    let at = |path: &str| format!("{}{path}", desktop.url());
    let good = || http.get(at("/api/status")).bearer_auth(desktop.token());
    let post = |path: &str, body: String| {
        let request = http.post(at(path)).bearer_auth(desktop.token());
        request
            .header("content-type", "application/json")
            .body(body)
    };
    for (what, request, status) in [
        ("the owner", good(), 200),
        ("no token", http.get(at("/api/status")), 401),
        (
            "a wrong token",
            http.get(at("/api/status")).bearer_auth("x"),
            401,
        ),
        ("another host", good().header("host", "evil.example"), 403),
        (
            "another origin",
            good().header("origin", "http://evil.example"),
            403,
        ),
        (
            "no such path",
            http.get(at("/api/nothing")).bearer_auth(desktop.token()),
            404,
        ),
        (
            "a wrong method",
            http.get(at("/api/input/type")).bearer_auth(desktop.token()),
            405,
        ),
        (
            "a recording somewhere else",
            http.get(at("/api/recordings/rec_..%2F..%2Fx/download"))
                .bearer_auth(desktop.token()),
            404,
        ),
        ("broken JSON", post("/api/input/type", "{".to_owned()), 400),
        (
            "a control character",
            post("/api/input/type", r#"{"text": "a\u001b"}"#.to_owned()),
            400,
        ),
        (
            "a huge body",
            post("/api/input/type", "x".repeat(2 << 20)),
            413,
        ),
        (
            "half a position",
            post("/api/input/click", r#"{"x": 1}"#.to_owned()),
            400,
        ),
        (
            "no such process",
            http.get(at("/api/process/init/logs"))
                .bearer_auth(desktop.token()),
            400,
        ),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{what}");
    }
    desktop.shut_down().await;
}
