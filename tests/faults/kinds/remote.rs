//! A desktop at a URL that does not do what it should.

use crate::{
    kind::{Expected, Kind, LOST, ORDINARY, On, Plays, UNNOTICED},
    scene::Scene,
    server::Manner,
};

/// What is played on a desktop at a URL.
pub(super) const AT_URL: Plays = Plays {
    on: On::Url,
    prepare: |scene| {
        let token = scene.server.as_ref().unwrap().token().to_owned();
        scene.variables.insert("DESKHAND_TOKEN".to_owned(), token);
    },
    ..ORDINARY
};

const fn kind(
    name: &'static str,
    strike: fn(&mut Scene) -> Option<String>,
    expected: Expected,
) -> Kind {
    Kind {
        name,
        plays: AT_URL,
        strike,
        expected,
    }
}

/// One that has answered once is waited for until it is ready, for a minute.
const SOON: Expected = Expected { within: 75, ..LOST };

pub(super) const KINDS: [Kind; 8] = [
    kind(
        "a URL that does not answer",
        |it| from_now_on(it, Manner::Silent),
        SOON,
    ),
    kind(
        "a URL that answers too slowly",
        |it| from_now_on(it, Manner::Slow),
        SOON,
    ),
    kind(
        "a URL that answers garbage",
        |it| from_now_on(it, Manner::Garbage),
        SOON,
    ),
    kind(
        "a URL that breaks off",
        |it| from_now_on(it, Manner::Partial),
        SOON,
    ),
    kind(
        "a URL that hangs up",
        |it| from_now_on(it, Manner::Closed),
        SOON,
    ),
    kind(
        "a URL that answers 500",
        |it| from_now_on(it, Manner::Status(500, "")),
        SOON,
    ),
    kind(
        "a URL that answers 429 without end",
        |it| from_now_on(it, Manner::Status(429, "Retry-After: 1\r\n")),
        SOON,
    ),
    kind("a URL that answers 429 for a while", a_while, UNNOTICED),
];

/// The server misbehaves from a random moment on.
fn from_now_on(scene: &mut Scene, manner: Manner) -> Option<String> {
    scene.pause(2500);
    let when = scene.now();
    scene.runs().then_some(())?;
    scene.server.as_ref().unwrap().behave(manner);
    Some(when)
}

/// The server asks for patience, and is well again after that.
fn a_while(scene: &mut Scene) -> Option<String> {
    let when = from_now_on(scene, Manner::Status(429, "Retry-After: 1\r\n"))?;
    scene.pause(900);
    scene.server.as_ref().unwrap().behave(Manner::Honest);
    Some(when)
}
