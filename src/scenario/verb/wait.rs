//! `wait`: waits for something on the screen.

use std::time::Duration;

use super::{Action, Fact, Field, Form, NOTHING, Shape, Verb, Written, fact};
use crate::scenario::{
    condition::{GONE, Sight, TARGET},
    fields::Fields,
    modifier::{MASK, MAX_CLUSTER, REGION, Watched},
    node::Kind,
    notation::{Notation, Word},
    problem::{Code, Problem},
    reader::Reader,
    shape::joined,
    target::{self, AMONG_OTHERS},
    template::{Val, Value},
};

/// What to wait for, all of it together.
#[derive(Clone, Debug, Default)]
pub struct Wait {
    /// A single word: a time, or the name of a target.
    pub word: Option<Val<Awaited>>,
    /// A fixed time.
    pub pause: Option<Val<Duration>>,
    /// Until this is there, or gone.
    pub sight: Option<Sight>,
    /// Until this is true apart from the screen.
    pub fact: Option<Fact>,
    /// Until the picture has stayed the same for this long.
    pub stable: Option<Val<Duration>>,
    /// Until the picture has changed.
    pub changed: Option<Val<bool>>,
    /// Which changes count.
    pub watched: Watched,
}

/// A single word to wait for.
#[derive(Clone, Debug, PartialEq)]
pub enum Awaited {
    /// A time.
    Pause(Duration),
    /// The name of a target.
    Name(String),
}

impl Notation for Awaited {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let text = word.text.trim();
        if target::is_name(text) {
            return Ok(Self::Name(text.to_owned()));
        }
        let words = Word { text, ..*word };
        Duration::read(&words).map(Self::Pause)
    }
}

const STABLE: Field = Field::new(
    "stable",
    Form::Duration,
    "a duration",
    "300ms",
    "waits until the screen has not changed for this long",
);

const CHANGED: Field = Field::new(
    "changed",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "waits until the picture differs from the one at the start of the step",
);

const PAUSE: Field = Field::new(
    "pause",
    Form::Duration,
    "a duration",
    "2s",
    "waits for a fixed time, which is too short on a slow machine and wasted on a fast one",
);

static SHAPE: Shape = Shape::of_verb(
    "`wait`",
    &joined::<{ 8 + AMONG_OTHERS.len() + fact::KEYS.len() }>(&[
        &[
            TARGET,
            GONE,
            STABLE,
            CHANGED,
            REGION,
            MASK,
            MAX_CLUSTER,
            PAUSE,
        ],
        &AMONG_OTHERS,
        &fact::KEYS,
    ]),
);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "wait",
    doc: "waits until a target is visible or gone, until the picture is stable or has changed, or \
          until something is true of a command, a process, a file or the clipboard",
    shape: &SHAPE,
    short: Some(TARGET),
    bare: false,
    beside: &NOTHING,
    example: "wait: { window: /Mousepad/, stable: 300ms }",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    let before = reader.seen();
    let wait = match written.argument.map(|node| (node, &node.kind)) {
        Some((node, Kind::Scalar(_))) => {
            let word = Field::new(
                "wait",
                Form::Duration,
                "the name of a target, or a duration",
                "save-button",
                "",
            );
            let word: Val<Awaited> = reader.value(node, &word)?;
            if let Value::Known(Awaited::Pause(_)) = word.value {
                reader.add(fixed_wait(node.span, reader.source.slice(node.span)));
            }
            Wait {
                word: Some(word),
                ..Wait::default()
            }
        }
        Some((node, Kind::Mapping(_))) => {
            let fields = reader.fields(node, &SHAPE, written.key)?;
            of_fields(reader, &fields, written)
        }
        _ => {
            written
                .fields(reader)?
                .read(reader, &TARGET, Reader::target)?;
            reader.add(nothing_to_wait_for(written, false));
            return None;
        }
    };
    (reader.seen() == before).then(|| Action::Wait(Box::new(wait)))
}

fn of_fields(reader: &mut Reader, fields: &Fields<'_>, written: &Written<'_>) -> Wait {
    let before = reader.seen();
    let has = |field: &Field| fields.find(field.name).is_some();
    let facts = fact::count(fields);
    let looks = has(&TARGET) || target::FIELDS.iter().any(has);
    let seen = looks || facts == 0 && has(&GONE);
    if facts > 1 || looks && facts > 0 {
        reader.add(several(written));
        return Wait::default();
    }
    let wait = Wait {
        word: None,
        pause: fields.read(reader, &PAUSE, Reader::value),
        sight: seen.then(|| reader.sight(fields, written.key)).flatten(),
        fact: fact::read(reader, fields, "wait"),
        stable: fields.read(reader, &STABLE, Reader::value),
        changed: fields.read(reader, &CHANGED, Reader::value),
        watched: Watched::read(reader, fields),
    };
    if let Some(pause) = &wait.pause {
        reader.add(fixed_wait(pause.span, reader.source.slice(pause.span)));
    }
    let position = |sight: &Sight| sight.target.is_place();
    let nothing = wait.pause.is_none()
        && wait.stable.is_none()
        && wait.changed.is_none()
        && wait.fact.is_none()
        && !seen;
    if reader.seen() == before && (nothing || wait.sight.as_ref().is_some_and(position)) {
        reader.add(nothing_to_wait_for(written, nothing));
    }
    wait
}

fn several(written: &Written<'_>) -> Problem {
    let span = written.argument.map_or(written.key, |node| node.span);
    let message = "a `wait` waits for one target, process, command, file or clipboard";
    Problem::new(Code::TwoLooks, span, message)
        .label("this `wait` has several")
        .help("write a separate step for each")
}

fn nothing_to_wait_for(written: &Written<'_>, is_empty: bool) -> Problem {
    let span = written.argument.map_or(written.key, |node| node.span);
    Problem::new(
        Code::MissingKey,
        span,
        if is_empty {
            "this `wait` has nothing to wait for"
        } else {
            "a position is always there, so this `wait` has nothing to wait for"
        },
    )
    .label("a target, `stable` or `changed` is missing")
    .help("write `- wait: { text: Saved }` or `- wait: { stable: 300ms }`")
}

fn fixed_wait(span: crate::scenario::Span, written: &str) -> Problem {
    Problem::new(
        Code::FixedWait,
        span,
        format!("this always waits {written}, whatever is on the screen"),
    )
    .label("too short on a slow machine, wasted on a fast one")
    .help(
        "wait for what you expect to see: `- wait: { text: Saved }` or `- wait: { stable: \
           300ms }`",
    )
}
