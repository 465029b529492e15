//! The schema of a timeline.

use serde_json::{Value, json};
use strum::VariantNames as _;

use super::{CaptionPosition, Pace, VERSION};
use crate::json_schema::{list, object, text, words};

/// The JSON Schema (draft 7) of a timeline.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = object(
        "What was done and shown during a recording: all that a film needs in addition to the \
         frames",
        vec![
            (
                "version",
                json!({ "const": VERSION, "description": "The version of this format" }),
            ),
            ("scenario", text("The name of the scenario")),
            (
                "file",
                text("The scenario's file, as it was named for the run"),
            ),
            ("recording", text("The name of the recording")),
            ("size", size("The size of the screen")),
            ("length", seconds("The length of the recording")),
            ("pace", words("For whom it was played", Pace::VARIANTS)),
            (
                "seed",
                whole("The seed of all that looks random at the pace of a demo", 0),
            ),
            ("clean", clean()),
            (
                "video",
                text("The file of the plain video, next to this one; its hidden parts are cut out"),
            ),
            (
                "steps",
                list(
                    "The steps that were played, in the order in which they began",
                    &step(),
                ),
            ),
            (
                "input",
                list(
                    "What the pointer and the keyboard did, in order of time",
                    &input(),
                ),
            ),
            (
                "captions",
                list("The words that are shown over the film", &caption()),
            ),
            (
                "hidden",
                list("The hidden parts", &object("A part", span(), &[])),
            ),
            ("covers", list("The places that are covered", &cover())),
            (
                "windows",
                list("The windows, each time they changed", &windows()),
            ),
        ],
        &["seed", "clean", "video"],
    );
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("Timeline of a recording of Deskhand");
    schema
}

fn clean() -> Value {
    let keys = vec![
        (
            "file",
            text("The file, next to the timeline: lossless video, with the timeline's times"),
        ),
        ("frames", whole("How many frames were recorded", 0)),
        ("dropped", whole("How many more there should have been", 0)),
    ];
    object("Frames of the screen without the pointer", keys, &[])
}

fn step() -> Value {
    let mut keys = vec![
        ("step", whole("Its number in the run", 0)),
        ("parent", whole("The block that it was played in", 0)),
        ("verb", text("Its verb; a `group` is a chapter")),
        ("title", text("What it does, in a few words")),
        ("file", text("The file that it is written in")),
        ("line", whole("The line that it begins in, from 1", 1)),
    ];
    keys.extend(span());
    let zoom = json!({
        "description": "The part of the screen that the film shows while the step is played",
        "anyOf": [
            words("All of it, or where something is done", &["off", "action"]),
            object("A part of it", vec![("area", rect("The part"))], &[]),
        ],
    });
    keys.extend([
        ("outcome", text("How it ended: `passed`, `failed`")),
        ("target", rect("What it pointed at, or found")),
        ("zoom", zoom),
    ]);
    object(
        "A step, or a block of steps",
        keys,
        &["parent", "target", "zoom"],
    )
}

fn input() -> Value {
    let did = |what: &str, about: &str, more: Vec<(&str, Value)>| {
        let mut keys = vec![("did", json!({ "const": what })), ("at", seconds("When"))];
        keys.extend(more);
        object(about, keys, &[])
    };
    let button = || vec![("button", words("The button", &["left", "middle", "right"]))];
    let until = || ("until", seconds("When the last key went up"));
    let ways = ["up", "down", "left", "right"];
    let wheel = vec![
        ("direction", words("The direction", &ways)),
        ("notches", whole("By how many notches", 0)),
    ];
    let keys = vec![
        until(),
        (
            "keys",
            list("Each by its name, modifiers first", &text("A key")),
        ),
    ];
    let typed = vec![
        until(),
        ("text", text("The text, with `***` for each secret")),
    ];
    json!({
        "description": "Something that the pointer or the keyboard did",
        "anyOf": [
            did("move", "The pointer was put somewhere", vec![("to", point("Where"))]),
            did("down", "A button went down", button()),
            did("up", "A button went up", button()),
            did("wheel", "The wheel was turned", wheel),
            did("keys", "Keys were pressed together", keys),
            did("text", "A text was typed", typed),
        ],
    })
}

fn caption() -> Value {
    let mut keys = span();
    keys.extend([
        ("text", text("The words; may have several lines")),
        (
            "position",
            words("Where they are", CaptionPosition::VARIANTS),
        ),
        ("step", whole("The step whose words they are", 0)),
    ]);
    object("Words over the film", keys, &["position"])
}

fn cover() -> Value {
    let mut keys = span();
    keys.extend([
        ("area", rect("The place")),
        ("why", words("Why it is covered", &["secret", "mask"])),
    ]);
    object("A place that is covered for a while", keys, &[])
}

fn windows() -> Value {
    let window = vec![
        ("title", text("Its title, without secrets")),
        ("area", rect("Where it is, its frame included")),
        (
            "focused",
            json!({ "type": "boolean", "description": "Whether it has the keyboard" }),
        ),
    ];
    let keys = vec![
        ("at", seconds("Since when")),
        (
            "windows",
            list("Oldest first", &object("A window", window, &[])),
        ),
    ];
    object("The windows at some time", keys, &[])
}

fn span() -> Vec<(&'static str, Value)> {
    vec![("from", seconds("Its start")), ("to", seconds("Its end"))]
}

fn point(about: &str) -> Value {
    let keys = vec![("x", pixels("To the right")), ("y", pixels("Down"))];
    object(about, keys, &[])
}

fn size(about: &str) -> Value {
    let keys = vec![("width", whole("Columns", 1)), ("height", whole("Rows", 1))];
    object(about, keys, &[])
}

fn rect(about: &str) -> Value {
    let keys = vec![
        ("x", pixels("The leftmost column")),
        ("y", pixels("The topmost row")),
        ("width", whole("Columns", 0)),
        ("height", whole("Rows", 0)),
    ];
    object(about, keys, &[])
}

fn whole(about: &str, least: u32) -> Value {
    json!({ "type": "integer", "minimum": least, "description": about })
}

fn pixels(about: &str) -> Value {
    json!({ "type": "integer", "description": about })
}

fn seconds(about: &str) -> Value {
    let about = format!("{about}, in seconds from the first frame of the recording");
    json!({ "type": "number", "minimum": 0, "description": about })
}
