//! What may be written next to every verb.

use std::time::Duration;

use super::{
    caption::{CAPTION, Caption},
    condition::Condition,
    fields::Fields,
    node::{Kind, Node},
    notation::Choice,
    problem::{Code, Problem, ticked},
    reader::Reader,
    screen::Area,
    shape::{Field, Form, Shape},
    source::Spanned,
    template::{self, Txt, Val},
};

/// What is written next to a verb.
#[derive(Clone, Debug, Default)]
pub struct Modifiers {
    /// What the step is for, in a person's words.
    pub name: Option<Txt>,
    /// How long it may take.
    pub timeout: Option<Val<Duration>>,
    /// How often it is tried again.
    pub retry: Option<Box<Retry>>,
    /// Whether the scenario goes on when it fails.
    pub soft: Option<Val<bool>>,
    /// Whether it is enough to note that it failed.
    pub optional: Option<Val<bool>>,
    /// The change of the screen that it has to cause.
    pub expect_change: Option<Box<ExpectChange>>,
    /// What of its output is remembered.
    pub capture: Option<Box<Capture>>,
    /// The condition for playing it.
    pub condition: Option<Box<Condition>>,
    /// Whether it is kept out of a recording.
    pub hidden: Option<Val<bool>>,
    /// The caption of a film while it is played.
    pub caption: Option<Box<Caption>>,
    /// The part of the screen that a film shows while it is played.
    pub zoom: Option<Box<Area>>,
}

/// How often a step is tried again.
#[derive(Clone, Debug)]
pub struct Retry {
    /// How often at most.
    pub times: Val<u32>,
    /// The pause before each time.
    pub pause: Option<Val<Duration>>,
}

/// The change of the screen that a step has to cause.
#[derive(Clone, Debug)]
pub struct ExpectChange {
    /// How long it may take.
    pub within: Val<Duration>,
    /// Which changes count.
    pub watched: Watched,
}

/// Which changes of the screen count.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// The part of the screen.
    pub region: Option<Area>,
    /// What does not count in it.
    pub mask: Option<Vec<Area>>,
    /// How large a change that does not count may be.
    pub max_cluster: Option<Val<u32>>,
}

/// What of a command's output is remembered.
#[derive(Clone, Debug)]
pub struct Capture {
    /// The name for it.
    pub name: Spanned<String>,
    /// What of it.
    pub from: Option<Val<Choice>>,
    /// Only what this finds.
    pub matching: Option<Txt>,
}

/// The words for what a command leaves.
pub(super) const OUTPUTS: [&str; 6] = ["stdout", "stderr", "exit-code", "text", "name", "value"];

pub(super) const REGION: Field = Field::new(
    "region",
    Form::Area,
    "the name of a region",
    "panel",
    "the part of the screen to use; all of it by default",
);

pub(super) const MASK: Field = Field::new(
    "mask",
    Form::Areas,
    "a list of regions",
    "[clock]",
    "regions in which differences are ignored; `mask` of `defaults` by default",
);

pub(super) const MAX_CLUSTER: Field = Field::new(
    "max-cluster",
    Form::Integer {
        least: 0,
        most: 1_000_000_000,
    },
    "a whole number of pixels",
    "16",
    "how many pixels the largest cluster of differing pixels may have",
);

const TIMES: Field = Field::new(
    "times",
    Form::Integer {
        least: 0,
        most: 100,
    },
    "a whole number from 0 to 100",
    "2",
    "how many more times to try the step",
)
.required();

const PAUSE: Field = Field::new(
    "pause",
    Form::Duration,
    "a duration",
    "500ms",
    "the pause before each attempt; none by default",
);

/// The fields of `retry` in full.
pub static RETRY: Shape = Shape::new("`retry`", &[TIMES, PAUSE]);

const WITHIN: Field = Field::new(
    "within",
    Form::Duration,
    "a duration",
    "2s",
    "how long to wait for the change",
)
.required();

/// The fields of `expect-change` in full.
pub static EXPECT_CHANGE: Shape =
    Shape::new("`expect-change`", &[WITHIN, REGION, MASK, MAX_CLUSTER]);

const CAPTURE_NAME: Field = Field::new(
    "name",
    Form::Line,
    "a name",
    "version",
    "the name to use in `${captured.version}`",
)
.required();

const FROM: Field = Field::new(
    "from",
    Form::Choice(&OUTPUTS),
    "`stdout`, `stderr`, `exit-code`, `text`, `name` or `value`",
    "stderr",
    "what to capture: of a command `stdout`, `stderr` or `exit-code`; of a target, a file or the \
     clipboard the `text`; of a widget also its `name` or `value`. The first one is the default",
);

const MATCHING: Field = Field::new(
    "matching",
    Form::Text,
    "a regular expression",
    "/version (.*)/",
    "captures only the first group of the match, or the whole match if there is no group",
);

/// The fields of `capture` in full.
pub static CAPTURE: Shape = Shape::new("`capture`", &[CAPTURE_NAME, FROM, MATCHING]);

const NAME: Field = Field::new(
    "name",
    Form::Line,
    "one line of text",
    "the note is saved",
    "the title of the step in reports",
);

const TIMEOUT: Field = Field::new(
    "timeout",
    Form::Duration,
    "a duration",
    "10s",
    "how long the step may take",
);

const RETRY_FIELD: Field = Field::new(
    "retry",
    Form::Short(&RETRY, "times"),
    "a whole number from 0 to 100",
    "2",
    "how many more times to try the step if it fails",
);

const SOFT: Field = Field::new(
    "soft",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether to continue if the step fails",
);

const OPTIONAL: Field = Field::new(
    "optional",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "of a check: whether the scenario still passes if the check does not hold, which is then only \
     noted",
);

const EXPECT_CHANGE_FIELD: Field = Field::new(
    "expect-change",
    Form::Short(&EXPECT_CHANGE, "within"),
    "a duration",
    "2s",
    "how soon the screen has to change because of the step; compared with the screen before \
     the step",
);

const CAPTURE_FIELD: Field = Field::new(
    "capture",
    Form::Short(&CAPTURE, "name"),
    "a name",
    "version",
    "keeps the output of a command, or the text of a target, a file or the clipboard, as \
     `${captured.version}`",
);

const IF: Field = Field::new(
    "if",
    Form::Condition,
    "a condition",
    "{ window: /Update/ }",
    "plays the step only if this is true",
);

const HIDDEN: Field = Field::new(
    "hidden",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether to cut the step out of the video",
);

const ZOOM: Field = Field::new(
    "zoom",
    Form::Area,
    "the name of a region, `action` or `off`",
    "form",
    "what a film shows of the screen while the step is played: a region, `action` for where \
     something is done, or `off` for all of it",
);

/// The keys that may be written next to every verb.
pub static MODIFIERS: Shape = Shape::new(
    "a step",
    &[
        NAME,
        TIMEOUT,
        RETRY_FIELD,
        SOFT,
        OPTIONAL,
        EXPECT_CHANGE_FIELD,
        CAPTURE_FIELD,
        IF,
        HIDDEN,
        CAPTION,
        ZOOM,
    ],
);

impl Modifiers {
    /// Reads those that are written next to `verb`; the verb itself is not one of them.
    pub(super) fn read(reader: &mut Reader, fields: &Fields<'_>, verb: Option<&str>) -> Self {
        let condition = if verb == Some(IF.name) {
            None
        } else {
            fields.read(reader, &IF, Reader::condition)
        };
        let caption = if verb == Some(CAPTION.name) {
            None
        } else {
            fields.read(reader, &CAPTION, Reader::caption)
        };
        Self {
            name: fields.read(reader, &NAME, Reader::line),
            timeout: fields.read(reader, &TIMEOUT, Reader::value),
            retry: fields.read(reader, &RETRY_FIELD, retry).map(Box::new),
            soft: fields.read(reader, &SOFT, Reader::value),
            optional: fields.read(reader, &OPTIONAL, Reader::value),
            expect_change: fields
                .read(reader, &EXPECT_CHANGE_FIELD, expect_change)
                .map(Box::new),
            capture: fields.read(reader, &CAPTURE_FIELD, capture).map(Box::new),
            condition: condition.map(Box::new),
            hidden: fields.read(reader, &HIDDEN, Reader::value),
            caption: caption.map(Box::new),
            zoom: fields.read(reader, &ZOOM, Reader::area).map(Box::new),
        }
    }
}

fn retry(reader: &mut Reader, node: &Node, field: &Field) -> Option<Retry> {
    if !matches!(node.kind, Kind::Mapping(_)) {
        let times = Field {
            form: TIMES.form,
            ..*field
        };
        return Some(Retry {
            times: reader.value(node, &times)?,
            pause: None,
        });
    }
    let fields = reader.fields(node, &RETRY, node.span)?;
    let pause = fields.read(reader, &PAUSE, Reader::value);
    Some(Retry {
        times: fields.read(reader, &TIMES, Reader::value)?,
        pause,
    })
}

fn expect_change(reader: &mut Reader, node: &Node, field: &Field) -> Option<ExpectChange> {
    if !matches!(node.kind, Kind::Mapping(_)) {
        return Some(ExpectChange {
            within: reader.value(node, field)?,
            watched: Watched::default(),
        });
    }
    let fields = reader.fields(node, &EXPECT_CHANGE, node.span)?;
    let watched = Watched::read(reader, &fields);
    Some(ExpectChange {
        within: fields.read(reader, &WITHIN, Reader::value)?,
        watched,
    })
}

impl Watched {
    pub(super) fn read(reader: &mut Reader, fields: &Fields<'_>) -> Self {
        Self {
            region: fields.read(reader, &REGION, Reader::area),
            mask: fields.read(reader, &MASK, Reader::areas),
            max_cluster: fields.read(reader, &MAX_CLUSTER, Reader::value),
        }
    }
}

fn capture(reader: &mut Reader, node: &Node, field: &Field) -> Option<Capture> {
    if !matches!(node.kind, Kind::Mapping(_)) {
        return Some(Capture {
            name: reader.name(node, field)?,
            from: None,
            matching: None,
        });
    }
    let fields = reader.fields(node, &CAPTURE, node.span)?;
    let from = fields.read(reader, &FROM, Reader::value);
    let matching = fields.read(reader, &MATCHING, Reader::filled_text);
    Some(Capture {
        name: fields.read(reader, &CAPTURE_NAME, Reader::name)?,
        from,
        matching,
    })
}

impl Reader {
    /// A name that `${…}` can refer to.
    pub(super) fn name(&mut self, node: &Node, field: &Field) -> Option<Spanned<String>> {
        let name = self.known_line(node, field)?;
        if template::is_name(&name.value) {
            return Some(name);
        }
        self.add(bad_name(&name));
        None
    }

    /// The name of a variable of the environment that `${…}` can also refer to.
    pub(super) fn secret(&mut self, node: &Node, field: &Field) -> Option<Spanned<String>> {
        let name = self.known_line(node, field)?;
        if template::is_name(&name.value) {
            return Some(name);
        }
        let meant = super::problem::shown(&variable(&name.value), 40);
        self.add(bad_name(&name).help(format!("write `{meant}`")));
        None
    }
}

fn words(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect()
}

/// A name that a variable of the environment can have: a shell reads no `-` in one.
fn variable(name: &str) -> String {
    let meant = words(name).join("_").to_uppercase();
    match meant.chars().next() {
        None => "PASSWORD".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("THE_{meant}"),
        Some(_) => meant,
    }
}

/// The problem of a name that `${…}` cannot refer to.
pub(super) fn bad_name(name: &Spanned<String>) -> Problem {
    let meant = words(&name.value).join("-");
    // It begins with a digit, or is a word of YAML.
    let same = meant == name.value;
    let meant = match &*meant {
        "" => "name".to_owned(),
        word if same => format!("the-{word}"),
        other => other.to_owned(),
    };
    let label = if same {
        "a name begins with a letter and is not a YAML keyword"
    } else {
        "use letters, digits, `-` and `_`"
    };
    Problem::new(
        Code::BadName,
        name.span,
        format!("{} cannot be a name", ticked(&name.value)),
    )
    .label(label)
    .help(format!("write `{}`", super::problem::shown(&meant, 40)))
}
