//! Who keeps the processes of a desktop can be killed too, or stopped. One of them always
//! is left, or the next start, and cleans up.

use std::{
    collections::BTreeSet, fs, os::unix::fs::FileTypeExt, path::Path, process::Child,
    time::Duration,
};

use crate::{
    eventually::{PATIENCE, eventually_here},
    place::{Place, is_alive},
    run::{Run, send},
    started::Started,
};

/// A desktop on which a step never ends.
const ENDLESS: &str = "version: 1\nname: Endless\ndesktop: { profile: bare }\nsteps:\n  \
                       - wait-ready\n  - run: { command: sleep 1000 }\n    timeout: 900s\n";

/// The processes of Deskhand that keep those of a desktop of this place.
struct Keepers {
    guard: u32,
    keeper: u32,
}

fn keepers(place: &Place) -> Keepers {
    let find = |is_it: &dyn Fn(&str) -> bool| {
        let ids = place.process_ids();
        let words = |pid: &u32| fs::read_to_string(format!("/proc/{pid}/cmdline"));
        ids.into_iter()
            .find(|pid| words(pid).is_ok_and(|words| is_it(&words)))
    };
    Keepers {
        guard: find(&|words| words.starts_with("desktop-guard\0")).unwrap(),
        keeper: find(&|words| words.contains("deskhand\0keeper\0") && !words.starts_with("bwrap"))
            .unwrap(),
    }
}

/// The sockets of an X server and of a session manager that these processes made.
fn sockets(pids: &[u32]) -> BTreeSet<String> {
    let table = fs::read_to_string("/proc/net/unix").unwrap();
    let of_them = |inode: &str| {
        pids.iter().any(|pid| {
            let descriptors = fs::read_dir(format!("/proc/{pid}/fd"))
                .into_iter()
                .flatten();
            let mut links = descriptors
                .flatten()
                .filter_map(|entry| fs::read_link(entry.path()).ok());
            links.any(|link| link == Path::new(&format!("socket:[{inode}]")))
        })
    };
    let rows = table.lines().map(|row| row.split_ascii_whitespace());
    rows.filter_map(|row| {
        let fields: Vec<&str> = row.collect();
        let path = (*fields.get(7)?).to_owned();
        let folders = ["/tmp/.X11-unix/", "/tmp/.ICE-unix/"];
        let known = folders.iter().any(|folder| path.starts_with(folder));
        (known && of_them(fields[6])).then_some(path)
    })
    .collect()
}

/// Fails if one of these is still a socket of nobody.
fn assert_gone(sockets: &BTreeSet<String>) {
    let is_dead = |path: &&String| {
        let is_socket = fs::symlink_metadata(path).is_ok_and(|it| it.file_type().is_socket());
        is_socket && std::os::unix::net::UnixStream::connect(path).is_err()
    };
    let left = || sockets.iter().filter(is_dead).count();
    let left = eventually_here(left, |left| *left == 0);
    assert_eq!(left, 0, "{sockets:?}");
}

/// A run whose step has begun.
fn playing(run: &Run) -> Child {
    let child = run.started();
    run.has_told(r#""step":2,"verb""#);
    assert!(eventually_here(|| run.place.process("sleep"), Option::is_some).is_some());
    child
}

#[test]
fn a_killed_keeper_is_named_and_leaves_nothing_but_the_logs_in_the_artifacts() {
    let run = Run::text(ENDLESS);
    let child = playing(&run);
    let sockets = sockets(&run.place.process_ids());
    assert!(!sockets.is_empty());
    send("-9", keepers(&run.place).keeper);
    let ended = run.end_of(child);
    assert_eq!(ended.status, 4, "{}", ended.said);
    for text in [&ended.said, &ended.file("junit.xml")] {
        for words in ["the keeper of the desktop", "processes has ended"] {
            assert!(text.contains(words), "{text}");
        }
        assert!(!text.contains("`xvfb`"), "{text}");
    }
    assert!(!ended.file("play/xvfb.log").is_empty());
    ended.assert_nothing_is_left();
    assert_gone(&sockets);
}

#[test]
fn a_stopped_keeper_does_not_hold_up_a_second_interrupt() {
    let run = Run::text(ENDLESS);
    let child = playing(&run);
    send("-STOP", keepers(&run.place).keeper);
    send("-STOP", run.place.process("Xvfb").unwrap());
    send("-TERM", child.id());
    let interrupted = run.place.path().join("artifacts/events.jsonl");
    let told = || {
        fs::read_to_string(&interrupted)
            .unwrap()
            .contains(r#""is":"interrupted""#)
    };
    assert!(
        eventually_here(told, |told| *told),
        "the first was not heard"
    );
    send("-TERM", child.id());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 130, "{}", ended.said);
    ended.place.assert_nothing_is_left(Duration::ZERO);
}

/// Without the keeper nobody tells that a command has ended, and nothing can be started: no
/// failure of what is tested.
#[test]
fn a_stopped_keeper_is_an_error_whatever_waits_for_it() {
    for (step, words) in [
        (
            "run: { command: sleep 2 }\n    timeout: 3s",
            "the keeper of the desktop",
        ),
        (
            "wait: 2s\n  - record: film\n    timeout: 2s",
            "no longer answers",
        ),
        (
            "wait: 2s\n  - record: film\n    timeout: 20s",
            "the keeper of the desktop",
        ),
    ] {
        let text = ENDLESS.split("  - run").next().unwrap();
        let run = Run::text(&format!("{text}  - {step}\n"));
        let child = run.started();
        run.has_told(r#""step":2,"verb""#);
        if step.starts_with("run") {
            assert!(eventually_here(|| run.place.process("sleep"), Option::is_some).is_some());
        }
        send("-STOP", keepers(&run.place).keeper);
        let ended = run.end_of(child);
        assert_eq!(ended.status, 4, "{}", ended.said);
        assert!(ended.said.contains(words), "{}", ended.said);
        assert!(!ended.said.contains("`xvfb`"), "{}", ended.said);
        ended.assert_nothing_is_left();
    }
}

#[test]
fn the_guard_cleans_up_after_deskhand_and_the_keeper_were_killed_together() {
    let place = Place::new();
    let started = Started::new(&place, &[], &[]);
    let Keepers { keeper, .. } = keepers(&place);
    let (sockets, all) = (sockets(&place.process_ids()), place.process_ids());
    assert_eq!(sockets.len(), 2, "{sockets:?}");
    send("-9", keeper);
    started.end_by_force();
    place.assert_nothing_is_left(PATIENCE);
    assert_gone(&sockets);
    assert!(!all.into_iter().any(is_alive));
}

#[test]
fn a_desktop_outlives_its_guard_and_then_cleans_up_itself() {
    let place = Place::new();
    let started = Started::new(&place, &["--profile", "bare"], &[]);
    send("-9", keepers(&place).guard);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let health = async { deskhand::desktop::Desktop::health(&started.client()).await };
    assert!(runtime.block_on(health).unwrap());
    started.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn the_next_desktop_removes_what_nobody_else_could() {
    let place = Place::new();
    let started = Started::new(&place, &["--profile", "bare"], &[]);
    let Keepers { guard, keeper } = keepers(&place);
    // None of them sees the end of another.
    for kept in [guard, keeper] {
        send("-STOP", kept);
    }
    started.end_by_force();
    for kept in [guard, keeper] {
        send("-9", kept);
        // The folder is kept until it has ended, which the signal does not wait for.
        assert!(!eventually_here(|| is_alive(kept), |alive| !alive));
    }
    let folders = || fs::read_dir(place.temporary()).unwrap().count();
    assert_eq!(folders(), 1, "nobody has cleaned up");
    Started::new(&place, &["--profile", "bare"], &[]).end();
    place.assert_nothing_is_left(PATIENCE);
}

#[test]
fn a_program_that_forks_without_end_ends_with_its_desktop() {
    // Each of them lives too briefly to be looked for, and says that it lived.
    let program = "while (1) { exit if fork; open F, \">\", \"$ENV{HOME}/beat\"; print F $$; close F; \
                   select undef, undef, undef, 0.0005 }";
    let text = format!(
        "version: 1\nname: Forks\ndesktop: {{ profile: bare }}\nsteps:\n  - wait-ready\n  \
         - launch: perl -e '{program}'\n  - run: {{ command: 'a=$(cat ~/beat); sleep 0.1; [ \"$a\" \
         != \"$(cat ~/beat)\" ]' }}\n    retry: 5\n"
    );
    let ended = Run::text(&text).ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    ended.assert_nothing_is_left();
}
