//! One scenario, unchanged, on every kind of target.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::Duration,
};

use deskhand::{
    desktop::{Config, ControlPlane, Desktop, wire::ListSandboxes},
    geometry::Size,
};

use crate::{
    eventually::{eventually, eventually_here},
    {place::Place, started::Started},
};

/// Plays `hello.yaml` with these arguments and variables.
fn play(place: &Place, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let hello = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/hello.yaml");
    Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--update-baselines", "none", "--artifacts"])
        .arg(place.path().join("artifacts"))
        .args(arguments)
        .arg(hello)
        .env("TMPDIR", place.temporary())
        .env("XDG_STATE_HOME", place.path())
        .env_remove("DESKHAND_TOKEN")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The variables by which a client finds the control plane of a desktop.
fn service(desktop: &Started) -> [(&'static str, String); 3] {
    [
        ("LEAP0_BASE_URL", desktop.said("url").to_owned()),
        ("LEAP0_API_KEY", desktop.said("token").to_owned()),
        (
            "LEAP0_SANDBOX_DOMAIN",
            desktop.said("sandbox_domain").to_owned(),
        ),
    ]
}

async fn sandboxes(desktop: &Started) -> Vec<String> {
    let config = Config {
        base_url: desktop.said("url").to_owned(),
        sandbox_domain: desktop.said("sandbox_domain").to_owned(),
        ..Config::new(desktop.said("token"))
    };
    let plane = ControlPlane::new(config).unwrap();
    let list = plane.list(&ListSandboxes::default()).await.unwrap();
    list.items.into_iter().map(|sandbox| sandbox.id).collect()
}

/// Plays a scenario of one step on the desktop at a URL, with `desktop` before it.
fn play_there(place: &Place, desktop: &Started, asked: &str) {
    let file = place.path().join("there.yaml");
    let text = format!("version: 1\nname: there\n{asked}steps:\n  - wait-ready\n");
    fs::write(&file, text).unwrap();
    let target = [
        "--target",
        desktop.said("url"),
        "--token",
        desktop.said("token"),
    ];
    let played = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--artifacts"])
        .arg(place.path().join("artifacts"))
        .args(target)
        .arg(file)
        .env("TMPDIR", place.temporary())
        .output()
        .unwrap();
    assert!(played.status.success(), "{}", said(&played));
}

#[tokio::test]
async fn the_desktop_at_a_url_keeps_its_size_unless_the_scenario_asks_for_another() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--size", "1000x700", "--profile", "bare"], &[]);
    let client = desktop.client();
    play_there(&place, &desktop, "");
    let size = client.screen().await.unwrap().size();
    assert_eq!(size, Size::new(1000, 700));
    play_there(&place, &desktop, "desktop: { size: 800x600 }\n");
    let size = client.screen().await.unwrap().size();
    assert_eq!(size, Size::new(800, 600));
    desktop.end();
}

#[test]
fn a_scenario_plays_on_the_desktop_at_a_url() {
    let place = Place::new();
    let desktop = Started::new(&place, &[], &[]);
    let target = ["--target", desktop.said("url")];
    let refused = play(&place, &target, &[]);
    assert_eq!(refused.status.code(), Some(4), "{}", said(&refused));
    assert!(
        said(&refused).contains("DESKHAND_TOKEN"),
        "{}",
        said(&refused)
    );
    let played = play(
        &place,
        &target,
        &[("DESKHAND_TOKEN", desktop.said("token"))],
    );
    assert!(played.status.success(), "{}", said(&played));
    assert!(said(&played).contains("watch it at"), "{}", said(&played));
    assert!(place.path().join("artifacts/hello/demo.mp4").exists());
    // What it left on the desktop is nobody's rubbish.
    let kept = place.path().join(".cache/leap0-recordings");
    assert!(!kept.exists() || fs::read_dir(kept).unwrap().next().is_none());
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_plays_in_a_sandbox_that_is_deleted_or_kept() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--control-plane"], &[]);
    let service = service(&desktop);
    let variables: Vec<(&str, &str)> = service.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let played = play(&place, &["--target", "leap0"], &variables);
    let text = said(&played);
    assert!(played.status.success(), "{text}");
    assert!(
        text.contains("of sandbox sbx-") && text.contains("watch it at http://sbx-"),
        "{text}"
    );
    assert!(sandboxes(&desktop).await.is_empty());

    let kept = play(&place, &["--target", "leap0", "--keep"], &variables);
    assert!(kept.status.success(), "{}", said(&kept));
    let [only] = &sandboxes(&desktop).await[..] else {
        panic!("one is kept")
    };
    assert!(
        said(&kept).contains(&format!("kept sandbox {only}")),
        "{}",
        said(&kept)
    );
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_while_a_sandbox_comes_up_deletes_it() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--control-plane"], &[]);
    let hello = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/hello.yaml");
    let mut run = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--target", "leap0", "--artifacts"])
        .arg(place.path().join("artifacts"))
        .arg(hello)
        .env("XDG_STATE_HOME", place.path())
        .envs(service(&desktop))
        .spawn()
        .unwrap();
    let made = async || sandboxes(&desktop).await;
    assert!(!eventually(made, |made| !made.is_empty()).await.is_empty());
    let pid = run.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert!(sandboxes(&desktop).await.is_empty());
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

/// `deskhand run` of one step in a sandbox; what it leaves is in `artifacts`.
fn run_in_sandbox(place: &Place, desktop: &Started, artifacts: &str, step: &str) -> Command {
    let file = place.path().join(format!("{artifacts}.yaml"));
    let text = format!("version: 1\nname: in a sandbox\nsteps:\n  - {step}\n");
    fs::write(&file, text).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_deskhand"));
    run.args(["run", "--target", "leap0", "--artifacts"])
        .arg(place.path().join(artifacts))
        .arg(file)
        .env("TMPDIR", place.temporary())
        .env("XDG_STATE_HOME", place.path())
        .envs(service(desktop));
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_of_a_killed_run_is_deleted_by_the_next_and_that_of_a_living_run_is_not() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--control-plane", "--profile", "bare"], &[]);
    let journal = place.path().join("deskhand/sandboxes");
    let journal_files = || -> Vec<_> {
        let entries = fs::read_dir(&journal).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let ending = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
        paths.filter(ending).collect()
    };
    let mut living = run_in_sandbox(&place, &desktop, "living", "wait: 60m")
        .spawn()
        .unwrap();
    let notes = eventually_here(journal_files, |notes| !notes.is_empty());
    let note = fs::read_to_string(&notes[0]).unwrap();
    let key = desktop.said("token");
    assert!(!note.contains(key), "the key is nobody's to find: {note}");

    let beside = run_in_sandbox(&place, &desktop, "beside", "wait-ready")
        .output()
        .unwrap();
    assert!(beside.status.success(), "{}", said(&beside));
    let there = sandboxes(&desktop).await;
    assert_eq!(there.len(), 1, "that of the run that lives");

    living.kill().unwrap();
    living.wait().unwrap();
    assert_eq!(sandboxes(&desktop).await, there, "nobody could delete it");
    let next = run_in_sandbox(&place, &desktop, "next", "wait-ready")
        .output()
        .unwrap();
    let text = said(&next);
    assert!(next.status.success(), "{text}");
    let deleting = format!("deleting sandbox {}", there[0]);
    assert!(text.contains(&deleting), "{text}");
    assert!(sandboxes(&desktop).await.is_empty() && journal_files().is_empty());
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_key_that_is_missing_is_wrong_usage() {
    let place = Place::new();
    let played = play(&place, &["--target", "leap0"], &[("LEAP0_API_KEY", "")]);
    assert_eq!(played.status.code(), Some(2), "{}", said(&played));
    assert!(
        said(&played).contains("set LEAP0_API_KEY"),
        "{}",
        said(&played)
    );
}

#[test]
fn an_address_where_nobody_answers_is_told_at_once() {
    let place = Place::new();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let played = play(&place, &["--target", &url], &[]);
    let text = said(&played);
    assert_eq!(played.status.code(), Some(4), "{text}");
    assert!(text.contains("cannot reach the desktop"), "{text}");
    // That is what it says after it has waited for one that is there.
    assert!(!text.contains("did not answer"), "{text}");
}

/// Stands before a control plane and refuses the first requests with these statuses;
/// returns its address.
fn refusing_at_first(plane: &str, statuses: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let plane = plane.trim_start_matches("http://").to_owned();
    thread::spawn(move || {
        let mut statuses = statuses.iter();
        for client in listener.incoming().map_while(Result::ok) {
            match statuses.next() {
                Some(status) => refuse(client, status),
                None => pass_on(client, &TcpStream::connect(&plane).unwrap()),
            }
        }
    });
    address
}

/// Answers one request with a status and hangs up.
fn refuse(mut client: TcpStream, status: &str) {
    let mut request = [0; 4096];
    let length = client.read(&mut request).unwrap();
    let request = String::from_utf8_lossy(&request[..length]);
    assert!(request.starts_with("POST /v1/sandbox"), "{request}");
    let body = r#"{"message": "not now"}"#;
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    let rest = format!("Retry-After: 0\r\nConnection: close\r\n\r\n{body}");
    client.write_all((head + &rest).as_bytes()).unwrap();
}

/// Copies what one side says to the other, both ways.
fn pass_on(client: TcpStream, plane: &TcpStream) {
    let ends = [
        (client.try_clone().unwrap(), plane.try_clone().unwrap()),
        (plane.try_clone().unwrap(), client),
    ];
    for (mut from, mut to) in ends {
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_busy_and_then_full_is_asked_again() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--control-plane", "--profile", "bare"], &[]);
    let statuses = &["429 Too Many Requests", "409 Conflict"];
    let busy = refusing_at_first(desktop.said("url"), statuses);
    let played = run_in_sandbox(&place, &desktop, "busy", "wait-ready")
        .env("LEAP0_BASE_URL", busy)
        .output()
        .unwrap();
    assert!(played.status.success(), "{}", said(&played));
    assert!(sandboxes(&desktop).await.is_empty());
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}
