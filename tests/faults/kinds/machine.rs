//! A machine that gives Deskhand too little, or the wrong time.

use std::{fs, path::Path};

use crate::{
    kind::{Expected, Kind, LOST, ORDINARY, Plays, Strikes, UNNOTICED},
    scene::Scene,
};

/// What has a program see another time, from the package `libfaketime`.
const FAKE_TIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// Whatever it comes to: no panic, and nothing left.
const ANYTHING: Expected = Expected {
    statuses: &[Some(0), Some(1), Some(2), Some(4), Some(5)],
    outcomes: &[],
    says: &[],
    strikes: Strikes::All,
    // A part of the session that did not come up is waited for as long as any.
    within: 75,
    ..LOST
};

const fn limited(name: &'static str, prepare: fn(&mut Scene)) -> Kind {
    Kind {
        name,
        plays: Plays {
            prepare,
            ..ORDINARY
        },
        strike: |scene| Some(scene.now()),
        expected: ANYTHING,
    }
}

pub(super) const KINDS: [Kind; 4] = [
    Kind {
        name: "the clock jumps",
        plays: Plays {
            prepare: |scene| set_clock(scene, "+0"),
            ..ORDINARY
        },
        strike: jump,
        expected: UNNOTICED,
    },
    limited("150 MB of addresses", |scene| {
        limit(scene, "--as=150000000");
    }),
    limited("little room for addresses", |scene| {
        let limit_of = scene.random.u64(60..1200);
        limit(scene, &format!("--as={limit_of}000000"));
    }),
    limited("few descriptors", |scene| {
        let limit_of = scene.random.u64(12..80);
        limit(scene, &format!("--nofile={limit_of}"));
    }),
];

/// Runs Deskhand with less than it may want.
fn limit(scene: &mut Scene, limit: &str) {
    scene.wrapper = vec!["prlimit".to_owned(), limit.to_owned()];
}

/// Whether the clock can be set for Deskhand alone.
pub(super) fn has_clock() -> bool {
    Path::new(FAKE_TIME).exists()
}

/// Has Deskhand see the time with an offset.
fn set_clock(scene: &mut Scene, offset: &str) {
    let clock = scene.folder.join("clock");
    fs::write(&clock, offset).unwrap();
    for (name, value) in [
        ("LD_PRELOAD", FAKE_TIME),
        ("FAKETIME_TIMESTAMP_FILE", &clock.display().to_string()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ] {
        scene.variables.insert(name.to_owned(), value.to_owned());
    }
}

/// Sets the clock forwards or backwards, at random moments.
fn jump(scene: &mut Scene) -> Option<String> {
    scene.has_told("run-started", 1);
    let mut when = Vec::new();
    for _ in 0..2 {
        scene.pause(1500);
        let offset = scene.random.i32(-100_000..100_000);
        when.push(format!("by {offset} s {}", scene.now()));
        scene
            .runs()
            .then(|| set_clock(scene, &format!("{offset:+}")))?;
    }
    Some(when.join(", "))
}
