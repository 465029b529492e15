//! Processes that are killed, or stopped where they are.

use rustix::process::Signal;

use crate::{
    kind::{Expected, Kind, LOST, ORDINARY, On, Plays, Strikes, UNNOTICED},
    place::processes::{self, Process, send},
    scene::Scene,
};

/// Longer than it usually takes from a process's start to the middle of the steps.
const WHILE: u64 = 2500;

/// What its error may be called by.
const X_SERVER: &[&str] = &["Xvfb", "xvfb"];
const KEEPER: &[&str] = &["the keeper of the desktop's processes"];

/// A stopped process may be one that nobody needs any more, or one without which the
/// desktop does not come up.
const EITHER: Expected = Expected {
    statuses: &[Some(0), Some(4)],
    outcomes: &["passed", "error"],
    strikes: Strikes::One,
    within: 75,
    ..UNNOTICED
};

const WITH_XFCE: Plays = Plays {
    on: On::Xfce,
    ..ORDINARY
};

pub(super) const KINDS: [Kind; 20] = [
    Kind {
        name: "Xvfb killed",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "Xvfb", Signal::KILL),
        expected: says(X_SERVER),
    },
    Kind {
        name: "Xvfb stopped",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "Xvfb", Signal::STOP),
        expected: Expected {
            within: 40,
            ..says(&["X server", "the desktop's display no longer answers"])
        },
    },
    Kind {
        name: "x11vnc killed",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "x11vnc", Signal::KILL),
        expected: says(&["x11vnc"]),
    },
    Kind {
        name: "x11vnc stopped",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "x11vnc", Signal::STOP),
        expected: EITHER,
    },
    Kind {
        name: "websockify killed",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "websockify", Signal::KILL),
        expected: says(&["novnc", "websockify"]),
    },
    Kind {
        name: "websockify stopped",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "websockify", Signal::STOP),
        expected: EITHER,
    },
    Kind {
        name: "the session killed",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "dbus-run-sessio", Signal::KILL),
        expected: says(&["xfce4", "openbox"]),
    },
    Kind {
        name: "the session stopped",
        plays: WITH_XFCE,
        strike: |scene| strike_named(scene, "xfce4-session", Signal::STOP),
        expected: EITHER,
    },
    Kind {
        name: "the window manager stopped",
        plays: ORDINARY,
        strike: |scene| {
            strike(scene, Signal::STOP, |it| {
                ["openbox", "xfwm4"].contains(&&*it.name)
            })
        },
        expected: EITHER,
    },
    Kind {
        name: "the message bus killed",
        plays: WITH_XFCE,
        strike: |scene| strike_named(scene, "dbus-daemon", Signal::KILL),
        // It is noticed at once while the session starts, and by nobody after that.
        expected: Expected {
            within: 15,
            ..EITHER
        },
    },
    Kind {
        name: "a keeper killed",
        plays: ORDINARY,
        strike: |scene| strike(scene, Signal::KILL, Process::is_keeper),
        expected: says(KEEPER),
    },
    Kind {
        name: "a keeper killed, with XFCE",
        plays: WITH_XFCE,
        strike: |scene| strike(scene, Signal::KILL, Process::is_keeper),
        expected: says(KEEPER),
    },
    Kind {
        name: "a keeper stopped",
        plays: ORDINARY,
        strike: |scene| strike(scene, Signal::STOP, Process::is_keeper),
        expected: EITHER,
    },
    Kind {
        name: "a guard killed",
        plays: WITH_XFCE,
        strike: |scene| strike(scene, Signal::KILL, Process::is_guard),
        expected: UNNOTICED,
    },
    Kind {
        name: "a guard stopped",
        plays: ORDINARY,
        strike: |scene| strike(scene, Signal::STOP, Process::is_guard),
        expected: UNNOTICED,
    },
    Kind {
        name: "bwrap killed",
        plays: ORDINARY,
        strike: |scene| strike_named(scene, "bwrap", Signal::KILL),
        expected: says(KEEPER),
    },
    Kind {
        name: "Deskhand killed",
        plays: WITH_XFCE,
        strike: |scene| {
            scene.pause(WHILE * 2);
            let when = scene.now();
            scene.runs().then(|| send(scene.deskhand(), Signal::KILL))?;
            Some(when)
        },
        expected: DESKHAND,
    },
    Kind {
        name: "Deskhand killed while eight desktops play",
        plays: Plays {
            steps: "  - record: film\n  - launch: xterm\n  - run: sleep 100\n",
            desktops: 8,
            ..ORDINARY
        },
        strike: |scene| {
            scene.has_told("\"verb\":\"run\"", scene.desktops);
            scene.pause(WHILE);
            let when = scene.now();
            scene.runs().then(|| send(scene.deskhand(), Signal::KILL))?;
            Some(when)
        },
        expected: DESKHAND,
    },
    Kind {
        name: "Deskhand and every keeper killed together",
        plays: WITH_XFCE,
        strike: |scene| {
            scene.one_of(Process::is_keeper)?;
            scene.pause(WHILE);
            let when = scene.now();
            let keepers = processes::all();
            send(scene.deskhand(), Signal::KILL);
            for keeper in keepers.iter().filter(|it| it.is_keeper()) {
                send(keeper.pid, Signal::KILL);
            }
            Some(when)
        },
        expected: DESKHAND,
    },
    Kind {
        name: "everything that names Deskhand killed",
        plays: WITH_XFCE,
        strike: |scene| {
            scene.pause(WHILE * 2);
            let when = scene.now();
            for process in processes::all() {
                if process.arguments.concat().contains("deskhand") {
                    send(process.pid, Signal::KILL);
                }
            }
            Some(when)
        },
        expected: DESKHAND,
    },
];

const DESKHAND: Expected = Expected {
    statuses: &[None],
    outcomes: &[],
    says: &[],
    strikes: Strikes::Deskhand,
    within: 5,
};

const fn says(words: &'static [&'static str]) -> Expected {
    Expected {
        says: words,
        ..LOST
    }
}

fn strike_named(scene: &mut Scene, name: &str, signal: Signal) -> Option<String> {
    strike(scene, signal, |process| process.name == name)
}

/// Sends a signal to one of those, a random while after it came up.
fn strike(scene: &mut Scene, signal: Signal, is_it: impl Fn(&Process) -> bool) -> Option<String> {
    let process = scene.one_of(&is_it)?;
    let most = if scene.random.bool() { WHILE } else { 100 };
    scene.pause(most);
    // It may be another program by now, as `setpriv` becomes one, or have ended, as one
    // that had only just been forked.
    let all = processes::all();
    let same = all.iter().find(|it| it.pid == process.pid);
    let struck = same.or_else(|| all.iter().find(|it| is_it(it)))?;
    let when = scene.now();
    send(struck.pid, signal);
    Some(when)
}
