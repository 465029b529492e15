//! Interrupts, of runs that are well and of runs that are not.

use std::{thread, time::Duration};

use rustix::process::Signal;

use crate::{
    kind::{Expected, Kind, ORDINARY, On, Plays, Strikes},
    place::processes::{Process, send},
    scene::Scene,
    server::Manner,
};

use super::remote::AT_URL;

/// What comes of one interrupt.
const INTERRUPTED: Expected = Expected {
    statuses: &[Some(130)],
    outcomes: &["interrupted", "passed"],
    says: &["interrupted"],
    strikes: Strikes::All,
    within: 12,
};

/// An end that is as sudden as that of a kill.
const AT_ONCE: Expected = Expected {
    statuses: &[Some(130)],
    outcomes: &[],
    says: &["interrupted"],
    strikes: Strikes::Deskhand,
    within: 3,
};

pub(super) const KINDS: [Kind; 6] = [
    Kind {
        name: "interrupted",
        plays: ORDINARY,
        strike: interrupt,
        expected: Expected {
            outcomes: &[],
            ..INTERRUPTED
        },
    },
    Kind {
        name: "interrupted twice",
        plays: Plays {
            on: On::Xfce,
            ..ORDINARY
        },
        strike: twice,
        expected: AT_ONCE,
    },
    Kind {
        name: "interrupted while Xvfb is stopped",
        plays: ORDINARY,
        strike: |scene| {
            let xvfb = scene.one_of(|it| it.name == "Xvfb")?;
            scene.pause(1500);
            send(xvfb.pid, Signal::STOP);
            interrupt(scene)
        },
        expected: Expected {
            outcomes: &[],
            ..INTERRUPTED
        },
    },
    Kind {
        name: "interrupted twice while Xvfb is stopped",
        plays: ORDINARY,
        strike: |scene| {
            let xvfb = scene.one_of(|it| it.name == "Xvfb")?;
            scene.pause(1500);
            send(xvfb.pid, Signal::STOP);
            twice(scene)
        },
        expected: AT_ONCE,
    },
    Kind {
        name: "interrupted twice while a keeper is stopped",
        plays: ORDINARY,
        strike: |scene| {
            let keeper = scene.one_of(Process::is_keeper)?;
            scene.pause(1500);
            send(keeper.pid, Signal::STOP);
            twice(scene)
        },
        expected: AT_ONCE,
    },
    Kind {
        name: "interrupted while a URL does not answer",
        plays: AT_URL,
        strike: |scene| {
            scene.pause(2000);
            scene.server.as_ref().unwrap().behave(Manner::Silent);
            interrupt(scene)
        },
        expected: Expected {
            outcomes: &[],
            ..INTERRUPTED
        },
    },
];

/// Asks Deskhand to end, at a random moment from the first on at which it can be asked.
fn interrupt(scene: &mut Scene) -> Option<String> {
    scene.has_told("run-started", 1);
    scene.pause(2500);
    let when = scene.now();
    scene.runs().then(|| send(scene.deskhand(), Signal::INT))?;
    Some(when)
}

/// Asks it, and does not wait for the end.
fn twice(scene: &mut Scene) -> Option<String> {
    let when = interrupt(scene)?;
    // Two signals of a kind that come at once are one.
    thread::sleep(Duration::from_millis(50));
    scene.pause(1000);
    send(scene.deskhand(), Signal::INT);
    Some(when)
}
