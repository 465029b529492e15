//! A machine that gives Deskhand too little, or the wrong time.

use crate::{
    kind::{Expected, Kind, LOST, ORDINARY, Plays, Strikes},
    scene::Scene,
};

/// Whatever it comes to: no panic, and nothing left.
const ANYTHING: Expected = Expected {
    statuses: &[Some(0), Some(1), Some(2), Some(4), Some(5)],
    outcomes: &[],
    says: &[],
    strikes: Strikes::All,
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

pub(super) const KINDS: [Kind; 3] = [
    limited("150 MB of addresses", |scene| {
        limit(scene, "--as=150000000")
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
