//! The schema of a timeline.

use serde_json::{Value, json};
use strum::VariantNames as _;

use super::{CaptionPosition, Pace, VERSION};
use crate::json_schema::{list, object, text, words};

/// The JSON Schema (draft 7) of a timeline.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = object(
        "What was done and shown while a recording was on: all that a film needs beside the \
         frames",
        vec![
            (
                "version",
                json!({ "const": VERSION, "description": "The version of this format" }),
            ),
            ("scenario", text("The name of the scenario")),
            ("file", text("The scenario's file, as the run was told it")),
            ("recording", text("The name of the recording")),
            ("size", size("The size of the screen")),
            ("length", seconds("How long the recording was on")),
            ("pace", words("What it was played for", Pace::VARIANTS)),
            (
                "seed",
                whole(
                    "What all that looks random at the pace of a demo came from",
                    0,
                ),
            ),
            ("clean", clean()),
            (
                "video",
                text("The plain video's file beside this one, without its hidden parts"),
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
                    "What pointer and keyboard did, in the order of their times",
                    &input(),
                ),
            ),
            (
                "captions",
                list("What is written over the film", &caption()),
            ),
            (
                "hidden",
                list(
                    "The parts that nobody is to see",
                    &object("A part", span(), &[]),
                ),
            ),
            ("covers", list("The places that nobody is to see", &cover())),
            (
                "windows",
                list("The windows, whenever they were other ones", &windows()),
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
            text("The file beside the timeline: lossless video, with the timeline's times"),
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
        "description": "What the film shows of the screen while it is played",
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
    let button = || vec![("button", words("Which", &["left", "middle", "right"]))];
    let until = || ("until", seconds("When the last key went up"));
    let ways = ["up", "down", "left", "right"];
    let wheel = vec![
        ("direction", words("Where to", &ways)),
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
        ("why", words("What is there", &["secret", "mask"])),
    ]);
    object("A place that nobody is to see for a while", keys, &[])
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
        ("at", seconds("From when on")),
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
