//! The schema of the JSON document.

use serde_json::{Value, json};

use crate::json_schema::{list, object, text, words};

/// The JSON Schema (draft 7) of what [`json`](super::json) makes.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = object(
        "The results of a run of Deskhand",
        vec![
            (
                "format",
                json!({ "const": 1, "description": "The version of this format" }),
            ),
            ("deskhand", text("The version of Deskhand that played")),
            (
                "outcome",
                words("The worst outcome of its scenarios", &VERDICTS),
            ),
            ("summary", text("How it ended, in a sentence")),
            ("counts", counts()),
            ("started", nullable(&time("When it began"))),
            (
                "took",
                nullable(&seconds(
                    "From its start to its end; null if it was cut off",
                )),
            ),
            ("host", text("The machine that played")),
            ("target", text("Where it played: local, leap0, url, memory")),
            (
                "shard",
                nullable(&shard(
                    "The share of the suite that it played, if that was divided",
                )),
            ),
            (
                "missing-shards",
                list("The shards that a merged run lacks", &shard("A shard")),
            ),
            (
                "scenarios",
                list("The scenarios that began, in their order", &scenario()),
            ),
            (
                "skipped",
                list("The scenarios that were left out", &skipped()),
            ),
        ],
        &[],
    );
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("Report of Deskhand");
    schema
}

const VERDICTS: [&str; 5] = ["passed", "flaky", "failed", "error", "interrupted"];

const OUTCOMES: [&str; 7] = [
    "passed",
    "flaky",
    "noted",
    "failed",
    "error",
    "skipped",
    "interrupted",
];

/// The kinds of artifacts.
pub(super) const KINDS: [&str; 12] = [
    "comparison",
    "expected",
    "actual",
    "tree",
    "diff",
    "screenshot",
    "video",
    "frames",
    "timeline",
    "log",
    "file",
    "trace",
];

fn counts() -> Value {
    let count = |about: &str| json!({ "type": "integer", "minimum": 0, "description": about });
    object(
        "How many scenarios ended in which way",
        vec![
            ("passed", count("As the scenario expects")),
            ("flaky", count("Passed, but only when tried again")),
            ("failed", count("Not as the scenario expects")),
            ("error", count("Deskhand could not find out")),
            ("interrupted", count("Stopped or cut off")),
            ("skipped", count("Left out")),
            ("not-started", count("Neither begun nor left out")),
        ],
        &[],
    )
}

fn scenario() -> Value {
    let mut keys = vec![("name", text("Its name, with its row of the matrix"))];
    keys.extend(place());
    keys.extend([
        ("tags", texts("Its tags")),
        ("outcome", words("How it ended", &OUTCOMES)),
        ("attempts", list("Each time it was played", &attempt())),
    ]);
    object("A scenario, or a row of its matrix", keys, &[])
}

fn attempt() -> Value {
    let keys = vec![
        ("outcome", words("How it ended", &OUTCOMES)),
        ("started", time("When it began")),
        (
            "took",
            nullable(&seconds(
                "From its start to its end; null if it was cut off",
            )),
        ),
        (
            "findings",
            list(
                "What went wrong, in the order in which it happened",
                &finding(),
            ),
        ),
        ("steps", list("The steps that began", &step())),
        (
            "artifacts",
            list("Files that belong to no step: videos and logs", &file()),
        ),
    ];
    object("One time that a scenario was played", keys, &[])
}

fn finding() -> Value {
    let video = object(
        "Where to look in the video",
        vec![
            ("recording", text("The name of the recording")),
            ("seconds", seconds("From its start")),
        ],
        &[],
    );
    let position = object("Where the step is written", place().into(), &[]);
    let keys = vec![
        (
            "outcome",
            words("A failure or an error", &["failed", "error"]),
        ),
        (
            "verb",
            text("The verb that found it, or `desktop` or `shard`"),
        ),
        ("message", text("What went wrong, in one line")),
        ("place", nullable(&position)),
        ("step", number("The step that found it")),
        ("expected", text("What the scenario expects")),
        ("seen", text("What was there instead")),
        ("changes", changes()),
        ("circumstances", texts("What else may explain it")),
        (
            "detail",
            text("Everything else that is known about an error"),
        ),
        ("help", text("What to do next")),
        ("video", video),
    ];
    let optional = [
        "step",
        "expected",
        "seen",
        "changes",
        "circumstances",
        "detail",
        "help",
        "video",
    ];
    object("Something that went wrong", keys, &optional)
}

/// The kinds of changes.
pub(super) const CHANGES: [&str; 8] = [
    "moved",
    "recoloured",
    "gone",
    "new",
    "text",
    "caret",
    "smoothing",
    "changed",
];

fn changes() -> Value {
    let change = object(
        "Something that differs",
        vec![
            (
                "boxes",
                list(
                    "The numbers of its boxes in the diff picture",
                    &number("From 1"),
                ),
            ),
            ("is", words("What it is", &CHANGES)),
            ("by", point("How far it moved, to the right and down")),
            ("from", text("The expected words")),
            ("to", text("The actual words")),
            ("area", rect("Where it is on the screen")),
            ("pixels", number("How many pixels differ")),
            ("decided", text("The limit that they exceed")),
        ],
        &["by", "from", "to"],
    );
    let keys = vec![
        ("told", list("The changes", &change)),
        (
            "more",
            json!({
                "type": "integer",
                "minimum": 0,
                "description": "How many further, smaller areas differ",
            }),
        ),
        (
            "origin",
            point("Where the upper left corner of the two pictures is on the screen"),
        ),
    ];
    object("What differs between two pictures", keys, &[])
}

fn point(about: &str) -> Value {
    let pixels = |about: &str| json!({ "type": "integer", "description": about });
    let keys = vec![
        ("x", pixels("Pixels to the right")),
        ("y", pixels("Pixels down")),
    ];
    object(about, keys, &[])
}

fn rect(about: &str) -> Value {
    let pixels = |about: &str| json!({ "type": "integer", "description": about });
    let keys = vec![
        ("x", pixels("The leftmost column")),
        ("y", pixels("The topmost row")),
        ("width", number("Columns")),
        ("height", number("Rows")),
    ];
    object(about, keys, &[])
}

fn step() -> Value {
    let mut keys = vec![
        ("number", number("Its number in the scenario, from 1")),
        ("block", number("The block that it was played in")),
        ("verb", text("Its verb")),
        ("title", text("What it does, in a few words")),
    ];
    keys.extend(place());
    keys.extend([
        ("outcome", words("How it ended", &OUTCOMES)),
        (
            "took",
            nullable(&seconds(
                "From its start to its end; null if it was cut off",
            )),
        ),
        ("notes", texts("Remarks that change nothing")),
        ("artifacts", list("The files that it left", &file())),
    ]);
    object("A step", keys, &["block"])
}

fn file() -> Value {
    let keys = vec![
        ("kind", words("What it shows", &KINDS)),
        (
            "path",
            text("Its path in the folder of the artifacts, with `/`"),
        ),
    ];
    object("A file that the run left", keys, &[])
}

fn skipped() -> Value {
    let mut keys = vec![("name", text("Its name"))];
    keys.extend(place());
    keys.extend([
        ("tags", texts("Its tags")),
        ("reason", text("Why it was left out")),
    ]);
    object("A scenario that was left out", keys, &[])
}

fn place() -> [(&'static str, Value); 3] {
    let from_one = |about: &str| json!({ "type": "integer", "minimum": 1, "description": about });
    [
        (
            "file",
            text("The file, from the root of the repository, with `/`"),
        ),
        ("line", from_one("The line, from 1")),
        ("column", from_one("The character in its line, from 1")),
    ]
}

fn shard(about: &str) -> Value {
    let keys = vec![
        ("index", number("Which one, from 1")),
        ("count", number("How many there are")),
    ];
    object(about, keys, &[])
}

fn texts(about: &str) -> Value {
    list(about, &json!({ "type": "string" }))
}

fn number(about: &str) -> Value {
    json!({ "type": "integer", "minimum": 1, "description": about })
}

fn seconds(about: &str) -> Value {
    let about = format!("{about}, in seconds");
    json!({ "type": "number", "minimum": 0, "description": about })
}

fn time(about: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": about })
}

/// The same, or null.
fn nullable(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}
