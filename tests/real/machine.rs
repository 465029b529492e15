//! Machines on which something is missing, broken, or otherwise than usual.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{place::Place, run::Run};

/// Starts a desktop and does nothing else.
const BARE: &str = "version: 1\nname: Bare\ndesktop: { profile: bare }\nsteps: [wait-ready]\n";
const XFCE: &str = "version: 1\nname: All\nsteps: [wait-ready]\n";

/// A user id that no table of users has.
const NOBODY: &str = "12345";

/// The program, run by a user without a name, as in a container that was started
/// with `--user 12345`.
fn as_a_user_without_a_name(place: &Place) -> Command {
    let program = place.path().join("deskhand");
    // Copied by a process of its own: what this one has open for writing may be
    // open in a child of another test too, and then it cannot be run.
    let mut copy = Command::new("cp");
    copy.arg(env!("CARGO_BIN_EXE_deskhand")).arg(&program);
    assert!(copy.status().unwrap().success());
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command;
    if rustix::process::geteuid().is_root() {
        let id = NOBODY.parse().ok();
        chown(place.temporary(), id, id).unwrap();
        command = Command::new("setpriv");
        let ids = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"];
        command.args(ids);
    } else {
        command = Command::new("unshare");
        command.args(["--user", "--map-user", NOBODY, "--map-group", NOBODY]);
    }
    command.arg(program).current_dir("/").env_remove("HOME");
    command.env("TMPDIR", place.temporary());
    command
}

/// A folder with links to every program of `PATH` but these.
pub(crate) fn programs_without(place: &Place, missing: &[&str]) -> PathBuf {
    let links = place.path().join("bin");
    fs::create_dir(&links).unwrap();
    let path = std::env::var("PATH").unwrap();
    let folders = path.split(':').filter_map(|it| fs::read_dir(it).ok());
    for program in folders.flatten().flatten() {
        let name = program.file_name();
        if !missing.iter().any(|missing| name == *missing) {
            // The folder that comes first in PATH has its program there already.
            let _ = symlink(program.path(), links.join(name));
        }
    }
    links
}

fn path(folder: &Path) -> String {
    folder.display().to_string()
}

#[test]
fn a_user_without_a_name_has_desktops_of_every_profile() {
    let place = Place::new();
    let mut command = as_a_user_without_a_name(&place);
    let examined = command.args(["desktop", "doctor"]).output().unwrap();
    let said = String::from_utf8(examined.stderr).unwrap();
    assert_eq!(examined.status.code(), Some(0), "{said}");
    for profile in ["xfce", "bare"] {
        let good = format!("ok  a desktop with the profile `{profile}`: ready after");
        assert!(said.contains(&good), "{said}");
    }
    place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_window_manager_that_ends_is_named_with_what_it_wrote() {
    let run = Run::text(BARE);
    let bin = programs_without(&run.place, &["openbox"]);
    let broken = bin.join("openbox");
    fs::write(&broken, "#!/bin/sh\necho 'no theme at all' >&2\nexit 3\n").unwrap();
    fs::set_permissions(&broken, fs::Permissions::from_mode(0o755)).unwrap();
    let ended = run.with_path(&path(&bin)).ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    let error = "error: the window manager (openbox) did not start: it exited with status 3\n";
    assert!(ended.said.contains(error), "{}", ended.said);
    assert!(ended.said.contains("no theme at all"), "{}", ended.said);
    assert!(!ended.said.contains("xfce4"), "{}", ended.said);
    ended.place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_desktop_needs_the_programs_of_its_own_profile_and_no_others() {
    let of_xfce = [
        "xfce4-session",
        "xfwm4",
        "xfsettingsd",
        "xfce4-panel",
        "xfdesktop",
    ];
    for (missing, good, bad, named) in [
        (&of_xfce[..], BARE, XFCE, "xfwm4 (package xfwm4)"),
        (&["openbox"], XFCE, BARE, "openbox (package openbox)"),
    ] {
        let run = Run::text(good);
        let bin = programs_without(&run.place, missing);
        let ended = run.with_path(&path(&bin)).ended();
        assert_eq!(ended.status, 0, "{}", ended.said);
        fs::write(ended.place.path().join("play.yaml"), bad).unwrap();
        let ended = ended.again().with_path(&path(&bin)).ended();
        assert_eq!(ended.status, 4, "{}", ended.said);
        assert!(ended.said.contains(named), "{}", ended.said);
        ended.place.assert_nothing_is_left(Duration::ZERO);
    }
}

/// An allocation that is refused would end the whole run without a word. The programs of
/// the desktops have the same limit, and may not come up.
#[test]
fn four_desktops_find_room_in_few_addresses_or_say_what_does_not() {
    let place = Place::new();
    let steps = "  - wait-ready\n  - record: film\n  - for-each: { in: [a, b, c], as: letter }\n    \
                 steps:\n      - screenshot: look\n      - run: sleep 0.2\n";
    let names = ["a.yaml", "b.yaml", "c.yaml", "d.yaml"];
    for name in names {
        let text = format!(
            "version: 1\nname: {name}\ndesktop: {{ profile: bare, size: 800x600 }}\nsteps:\n{steps}"
        );
        fs::write(place.path().join(name), text).unwrap();
    }
    let mut command = Command::new("prlimit");
    command
        .args(["--as=150000000", env!("CARGO_BIN_EXE_deskhand"), "run"])
        .args(names)
        .args(["--jobs", "4"])
        .current_dir(place.path())
        .env("TMPDIR", place.temporary());
    let ended = command.output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(matches!(ended.status.code(), Some(0 | 4)), "{said}");
    let events = fs::read_to_string(place.path().join("artifacts/events.jsonl")).unwrap();
    assert_eq!(events.matches("scenario-finished").count(), 4, "{said}");
    for words in ["memory allocation", "panicked"] {
        assert!(!said.contains(words), "{said}");
    }
    place.assert_nothing_is_left(Duration::ZERO);
}
