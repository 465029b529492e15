//! The four managed processes.

use std::time::Duration;

use deskhand::{
    desktop::{
        Desktop, DesktopClient, StatusStream,
        wire::{ExecuteRequest, ImageFormat, PROCESSES, ProcessStatusList, ProcessesState},
    },
    server::StartError,
};
use futures_util::StreamExt;

use crate::{
    eventually::{eventually, in_time},
    place::{Place, assert_no_dead_socket, end_by_force, family, is_alive, status},
    program::window,
    viewer::connected,
};

/// The next status that is as wanted.
async fn until(
    stream: &mut StatusStream,
    wanted: impl Fn(&ProcessStatusList) -> bool,
) -> ProcessStatusList {
    let seen = async {
        loop {
            let list = stream.next().await.unwrap().unwrap();
            if wanted(&list) {
                return list;
            }
        }
    };
    in_time("a status", seen).await
}

async fn pid(client: &DesktopClient, name: &str) -> u32 {
    client.get_process(name).await.unwrap().pid.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_speaks_at_once_at_every_change_and_every_two_seconds() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let mut stream = client.status_stream().await.unwrap();
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!(
        (first.status, first.running, first.total),
        (ProcessesState::Running, 4, 4)
    );
    assert_eq!(first, client.process_status().await.unwrap());
    let again = in_time("a heartbeat", stream.next()).await;
    assert_eq!(again.unwrap().unwrap(), first);

    end_by_force(pid(&client, "x11vnc").await);
    let seen = until(&mut stream, |list| list.running == 3).await;
    assert_eq!(seen.status, ProcessesState::Degraded);
    let x11vnc = seen
        .items
        .iter()
        .find(|process| process.name == "x11vnc")
        .unwrap();
    assert_eq!((x11vnc.running, x11vnc.pid), (false, None));
    client.restart_process("x11vnc").await.unwrap();
    until(&mut stream, |list| list.status == ProcessesState::Running).await;
    desktop.shut_down().await;
    in_time("the end of the stream with its desktop", async {
        while stream.next().await.is_some_and(|event| event.is_ok()) {}
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_process_can_be_restarted() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    for name in ["novnc", "x11vnc", "xfce4"] {
        let before = pid(&client, name).await;
        let restarted = client.restart_process(name).await.unwrap();
        assert_eq!(restarted.message, format!("{name} restarted"));
        assert!(restarted.status.running);
        assert_ne!(pid(&client, name).await, before);
        assert!(client.process_status().await.unwrap().is_ready());
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

/// Kills the process of that name, and waits until the desktop knows it.
async fn kill(client: &DesktopClient, name: &str, pid: u32) {
    let mut stream = client.status_stream().await.unwrap();
    end_by_force(pid);
    let gone = |list: &ProcessStatusList| list.items.iter().any(|p| p.name == name && !p.running);
    until(&mut stream, gone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_left_is_gone_before_it_runs_again() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let launch = "(setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $!)";
    let command = ExecuteRequest {
        command: launch.to_owned(),
        ..ExecuteRequest::default()
    };
    let launched = client.execute(&command).await.unwrap().stdout;
    let launched: u32 = launched.trim().parse().unwrap();
    // The bridge has a process of its own for each that is connected to it.
    let viewer = connected(&desktop.url(), desktop.token()).await;
    for name in ["novnc", "xfce4", "x11vnc", "xvfb"] {
        let leader = pid(&client, name).await;
        let family = family(leader);
        kill(&client, name, leader).await;
        client.restart_process(name).await.unwrap();
        let left: Vec<_> = family.into_iter().filter(|pid| is_alive(*pid)).collect();
        assert!(left.is_empty(), "{name} left {left:?}");
        assert!(client.process_status().await.unwrap().is_ready(), "{name}");
        assert!(
            is_alive(launched),
            "what was launched is not part of {name}"
        );
    }
    drop(viewer);
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_session_after_a_restart_whichever_process_of_it_was_killed() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    for member in ["dbus-run-sessio", "xfce4-session"] {
        let leader = pid(&client, "xfce4").await;
        let before = family(leader);
        kill(&client, "xfce4", place.process(member).unwrap()).await;
        client.restart_process("xfce4").await.unwrap();
        let left: Vec<_> = before.into_iter().filter(|pid| is_alive(*pid)).collect();
        assert!(left.is_empty(), "{member}: {left:?}");
        for name in ["xfce4-session", "xfwm4", "xfce4-panel"] {
            // One that is about to become another program still has its parent's name.
            let count = async || {
                let all = place.processes();
                all.iter().filter(|process| process.trim() == name).count()
            };
            let count = eventually(count, |count| *count == 1).await;
            assert_eq!(count, 1, "{name} after the end of {member}");
        }
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_x_server_brings_its_dependents_back() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let size = client.display_info().await.unwrap().size();
    // Also from the dead.
    for killed in [false, true] {
        let mut before = Vec::new();
        for name in ["xvfb", "xfce4", "x11vnc"] {
            before.push(pid(&client, name).await);
        }
        if killed {
            end_by_force(before[0]);
        }
        client.restart_process("xvfb").await.unwrap();
        client
            .wait_until_ready(Duration::from_secs(20))
            .await
            .unwrap();
        for (name, before) in ["xvfb", "xfce4", "x11vnc"].into_iter().zip(before) {
            assert_ne!(pid(&client, name).await, before, "{name}");
        }
        let info = client.display_info().await.unwrap();
        assert_eq!((info.size(), info.display), (size, desktop.display()));
        let background = async || window(&client, "xfdesktop").await;
        assert!(eventually(background, Option::is_some).await.is_some());
        client.type_text("works").await.unwrap();
        client.screenshot(None, ImageFormat::Png).await.unwrap();
    }
    let display = desktop.display();
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
    assert_no_dead_socket(&display);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_x_server_is_seen_at_once() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let mut stream = client.status_stream().await.unwrap();
    end_by_force(pid(&client, "xvfb").await);
    let gone = |list: &ProcessStatusList| list.items.iter().any(|p| p.name == "xvfb" && !p.running);
    until(&mut stream, gone).await;
    assert!(!client.health().await.unwrap());
    assert_eq!(
        status(client.screenshot(None, ImageFormat::Png).await),
        Some(503)
    );
    let display = desktop.display();
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
    assert_no_dead_socket(&display);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_process_keeps_what_it_writes() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    for name in PROCESSES {
        let process = client.get_process(name).await.unwrap();
        let written = std::fs::read_to_string(process.stdout_log).unwrap();
        assert_eq!(client.process_logs(name).await.unwrap(), written);
        client.process_errors(name).await.unwrap();
    }
    assert!(!client.process_logs("xvfb").await.unwrap().is_empty());
    // What the screen shows is there before the bridge to it has said anything.
    let said = async || client.process_errors("novnc").await.unwrap();
    assert_ne!(eventually(said, |said| !said.is_empty()).await, "");
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_taken_is_told_and_nothing_is_started() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let options = deskhand::server::Options {
        listen: taken.local_addr().unwrap(),
        ..place.options()
    };
    let error = deskhand::server::LocalDesktop::start(&options).await.err();
    assert!(
        matches!(error, Some(StartError::System { .. })),
        "{error:?}"
    );
    place.assert_nothing_is_left(Duration::ZERO);
}
