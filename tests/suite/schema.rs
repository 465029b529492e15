//! The schemas that editors read: they are those of this version, they accept
//! what Deskhand accepts, and they refuse what a schema can refuse.
//!
//! `DESKHAND_BLESS=1 cargo test --test suite schema::` writes the files anew.

use std::{
    fs,
    path::{Path, PathBuf},
};

use deskhand::{
    internal::{
        scenario::{
            CAPTURE, CHECK, DEFAULTS, DESKTOP, EXPECT_CHANGE, Field, LIMITS, MODIFIERS, PROJECT,
            Project, RECT, RETRY, RUN, SIGHT, Scenario, Shape, TARGET, TEXT_CONDITION, TOP, VERBS,
            Verb, WINDOW,
        },
        timeline,
    },
    report::json_schema,
    scenario::{Code, Source, part_schema, project_schema, scenario_schema},
};
use jsonschema::Validator;
use serde_json::{Value, json};

/// The kinds of problem that a schema sees as well. The others are about the
/// text before it is a value, or about more than one place of it; names of keys
/// are too many to list, and `key:` without a value is the word `null` to YAML.
const REFUSED: [Code; 15] = [
    Code::EmptyFile,
    Code::UnknownKey,
    Code::MissingKey,
    Code::WrongType,
    Code::WrongVersion,
    Code::OutOfRange,
    Code::BadDuration,
    Code::BadPercentage,
    Code::BadSize,
    Code::BadPosition,
    Code::UnknownVerb,
    Code::NoVerb,
    Code::TwoVerbs,
    Code::UnknownChoice,
    Code::TwoLooks,
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn yaml_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![here(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // Beside the pictures of baselines stand files of another kind.
            if path.is_dir() && !path.ends_with("baselines") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::new(schema).expect("the schema is one")
}

/// What is wrong with a value, by its schema.
fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// What is wrong with a text, by Deskhand.
fn codes(text: &str) -> Vec<Code> {
    match Scenario::read(Source::new("test.yaml", text.as_bytes())) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| problem.code).collect(),
    }
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// A scenario with one step, from YAML that stands behind its dash.
fn with_step(step: &str) -> String {
    format!("version: 1\nname: A note is saved\nsteps:\n  - {step}\n")
}

#[test]
fn the_files_are_those_of_this_version() {
    for (path, schema) in [
        ("schema/scenario.schema.json", scenario_schema()),
        ("schema/part.schema.json", part_schema()),
        ("schema/deskhand.schema.json", project_schema()),
        ("schema/report.schema.json", json_schema()),
        ("schema/timeline.schema.json", timeline::json_schema()),
    ] {
        let text = format!("{schema:#}\n");
        if std::env::var_os("DESKHAND_BLESS").is_some() {
            fs::write(here(path), &text).unwrap();
        }
        let written = fs::read_to_string(here(path)).unwrap_or_default();
        assert!(
            written == text,
            "{path} is old; DESKHAND_BLESS=1 cargo test --test suite schema:: writes it anew"
        );
    }
}

#[test]
fn every_scenario_of_this_project_is_valid() {
    let (scenarios, parts) = (validator(&scenario_schema()), validator(&part_schema()));
    for file in yaml_files("scenarios") {
        let value = yaml(&fs::read_to_string(&file).unwrap());
        let is_part = file
            .parent()
            .is_some_and(|folder| folder.ends_with("parts"));
        let errors = errors(if is_part { &parts } else { &scenarios }, &value);
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
    }
}

#[test]
fn every_example_of_a_verb_is_valid() {
    let validator = validator(&scenario_schema());
    for verb in VERBS {
        let text = with_step(verb.example);
        let errors = errors(&validator, &yaml(&text));
        assert!(errors.is_empty(), "{text}{errors:#?}");
        assert_eq!(codes(&text), [], "{text}");
    }
}

/// A field's line within braces, where a comma would end its value.
fn in_braces(field: &Field) -> String {
    if field.example.contains(',') && !field.example.starts_with(['[', '{', '"']) {
        return format!("{}: \"{}\"", field.name, field.example);
    }
    field.line()
}

/// A line of a mapping in a whole file, with the keys that it needs beside it.
fn with_required(shape: &Shape, field: &Field, beside: &str) -> String {
    let required = shape.required();
    let mut lines: Vec<String> = required
        .filter(|name| *name != field.name)
        .filter_map(|name| shape.field(name))
        .map(in_braces)
        .collect();
    lines.push(in_braces(field));
    lines.extend(
        Some(beside)
            .filter(|line| !line.is_empty())
            .map(str::to_owned),
    );
    format!("{{ {} }}", lines.join(", "))
}

/// What has to stand beside a key of a target.
fn look_beside(shape: &Shape, field: &Field) -> &'static str {
    let has = |name: &str| shape.field(name).is_some();
    match field.name {
        "threshold" | "ignore-background" | "in" | "nth" | "offset" if has("image") => {
            "image: images/save.png"
        }
        "right-of" | "left-of" | "below" | "above" if has("image") => "text: Save",
        "distance" if has("image") => "text: Save, below: { text: Name }",
        "at" | "gone" => "text: Save",
        "target" if has("raise") => "raise: true",
        "region" | "mask" | "max-cluster" if has("stable") => "stable: 300ms",
        "exit-code" | "stdout" | "stderr" | "environment" | "folder" if has("process") => {
            "command: cat notes.txt"
        }
        "selection" if has("process") => "clipboard: Hello",
        "value" if !has("role") => "equals: fast",
        "name" | "value" | "checked" | "selected" | "enabled" | "focused" | "expanded"
        | "pressed" | "editable"
            if has("role") && has("in") =>
        {
            "role: button"
        }
        "target" if has("tree") => "baseline: form",
        "equals" | "differs" | "contains" | "lacks" | "matches" if has("file") => "file: out.csv",
        _ => "",
    }
}

/// Every field of the language in a file, with its file's role.
fn lines() -> Vec<(String, bool)> {
    let top = "version: 1\nname: A note is saved\nsteps: [wait-ready]\n";
    let mut lines = Vec::new();
    for field in TOP.fields {
        let others = top
            .lines()
            .filter(|line| !line.starts_with(&format!("{}:", field.name)));
        let others: Vec<&str> = others.collect();
        lines.push((format!("{}\n{}\n", others.join("\n"), field.line()), false));
    }
    for field in PROJECT
        .fields
        .iter()
        .filter(|field| field.name != "version")
    {
        lines.push((format!("version: 1\n{}\n", field.line()), true));
    }
    for field in RUN.fields {
        lines.push((format!("version: 1\nrun: {{ {} }}\n", field.line()), true));
    }
    for (shape, place) in [
        (&DESKTOP, "desktop: @"),
        (&DEFAULTS, "defaults: @"),
        (&LIMITS, "defaults: { screenshot: @ }"),
        (&RECT, "regions: { clock: @ }"),
        (&TARGET, "targets: { save-button: @ }"),
        (&WINDOW, "targets: { save-button: { window: @ } }"),
    ] {
        for field in shape.fields {
            let inner = with_required(shape, field, look_beside(shape, field));
            lines.push((format!("{top}{}\n", place.replace('@', &inner)), false));
        }
    }
    for (shape, place) in [
        (&CHECK, "run: { command: ls, stdout: @ }"),
        (&RETRY, "{ click: , retry: @ }"),
        (&EXPECT_CHANGE, "{ click: , expect-change: @ }"),
        (&CAPTURE, "{ run: ls, capture: @ }"),
        (&SIGHT, "{ click: , if: @ }"),
        (&TEXT_CONDITION, "{ click: , if: @ }"),
    ] {
        for field in shape.fields {
            let inner = with_required(shape, field, look_beside(shape, field));
            lines.push((with_step(&place.replace('@', &inner)), false));
        }
    }
    for field in MODIFIERS.fields {
        lines.push((
            with_step(&format!("{{ click: , {} }}", field.line())),
            false,
        ));
    }
    for verb in VERBS {
        lines.extend(
            lines_of(verb)
                .into_iter()
                .map(|line| (with_step(&line), false)),
        );
    }
    lines
}

fn lines_of(verb: &Verb) -> Vec<String> {
    let mut beside: Vec<String> = verb.beside.fields.iter().map(Field::line).collect();
    beside.insert(0, String::new());
    let beside = beside.join(", ");
    let mut lines = Vec::new();
    for field in verb.shape.fields {
        let name = verb.name;
        if verb.short.is_some_and(|short| short.name == field.name) {
            lines.push(format!("{{ {}{beside} }}", field.named(name).line()));
        }
        let inner = with_required(verb.shape, field, look_beside(verb.shape, field));
        lines.push(format!("{{ {name}: {inner}{beside} }}"));
    }
    lines
}

#[test]
fn every_line_of_the_tables_is_valid() {
    let (scenario, project) = (validator(&scenario_schema()), validator(&project_schema()));
    let mut wrong = Vec::new();
    for (text, is_project) in lines() {
        let validator = if is_project { &project } else { &scenario };
        let mut problems = errors(validator, &yaml(&text));
        if is_project {
            let read = Project::read(Source::new("deskhand.yaml", text.as_bytes()));
            problems.extend(read.err().map(|problems| format!("{problems:?}")));
        } else {
            problems.extend(codes(&text).iter().map(|code| code.name().to_owned()));
        }
        if !problems.is_empty() {
            wrong.push(format!("{text}{problems:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_bad_file_that_a_schema_can_refuse_is_refused() {
    let validator = validator(&scenario_schema());
    let mut refused = 0;
    for file in yaml_files("tests/diagnostics") {
        let bytes = fs::read(&file).unwrap();
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let codes = codes(&text);
        if codes.is_empty() || !codes.iter().all(|code| REFUSED.contains(code)) {
            continue;
        }
        refused += 1;
        // What is no YAML to everybody needs no schema to be refused.
        let Ok(value) = serde_yaml::from_str::<Value>(&text) else {
            continue;
        };
        assert!(!validator.is_valid(&value), "{}", file.display());
    }
    assert!(refused > 10, "only {refused} files were looked at");
}

/// A value as YAML; nothing is written for `null`.
fn as_yaml(value: &Value) -> String {
    value
        .to_string()
        .replace(":null", ": ")
        .replace("null", "~")
}

/// Holds the schema against the reader, which has the last word; gives what
/// they do not agree on.
fn disagreement(validator: &Validator, value: &Value) -> Option<String> {
    let text = as_yaml(value);
    let codes = codes(&text);
    let errors = errors(validator, value);
    if codes.is_empty() && !errors.is_empty() && is_known(validator, &text) {
        return None;
    }
    match (codes.is_empty(), errors.is_empty()) {
        (true, false) => Some(format!("right, and refused: {text}\n{errors:#?}")),
        (false, true) if codes.iter().all(|code| REFUSED.contains(code)) => {
            Some(format!("wrong, and valid: {text}\n{codes:?}"))
        }
        _ => None,
    }
}

/// What the schema refuses and the reader does not: a truth value as the name
/// of a target.
fn is_known(validator: &Validator, text: &str) -> bool {
    let named = yaml(&text.replace(":true", ":\"save-button\""));
    validator.is_valid(&named)
}

/// Values of every kind, right and wrong.
fn values() -> Vec<Value> {
    let mut values: Vec<Value> = [
        "Save",
        "10s",
        "3",
        "soon",
        "50%,50%",
        "10%",
        "1280x800",
        "right",
        "a b",
        "a\nb",
        "${vars.a}",
        "1441m",
        "any",
        "/tmp/*.png",
        "ctrl+s",
    ]
    .into_iter()
    .map(Value::from)
    .collect();
    values.extend([
        json!(null),
        json!(true),
        json!(0),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(2_000_000_000),
        json!([]),
        json!([1, 2]),
        json!([1.5, 2]),
        json!(["${vars.a}", 2]),
        json!([1, 2, 3]),
        json!(["a", "b"]),
        json!([["a"]]),
        json!(["shift", "shift", "shift", "shift", "shift"]),
        json!([{ "text": "Save" }, "save-button"]),
        json!({}),
        json!({ "text": "Save" }),
        json!({ "text": "Save", "image": "a.png" }),
        json!({ "text": "Save", "gone": true }),
        json!({ "text": "Save", "nth": 2, "offset": [0, 20] }),
        json!({ "image": ["a.png", "b.png"], "threshold": "90%" }),
        json!({ "image": [] }),
        json!({ "text": "Save", "threshold": "90%" }),
        json!({ "nth": 2 }),
        json!({ "any": [{ "text": "Save" }, [1, 2]] }),
        json!({ "target": "save-button" }),
        json!({ "target": "save-button", "nth": 2 }),
        json!({ "position": [1, 2], "in": "clock" }),
        json!({ "window": { "class": "Mousepad" } }),
        json!({ "window": {} }),
        json!({ "title": "Save", "class": "Mousepad" }),
        json!({ "x": 1, "y": 2 }),
        json!({ "x": 1, "y": 2, "width": 3, "height": 4 }),
        json!({ "x": 1, "y": 2, "width": -3, "height": 4 }),
        json!({ "contains": "Hello" }),
        json!({ "value": "a", "equals": "b" }),
        json!({ "value": "a" }),
        json!({ "times": 2, "pause": "1s" }),
        json!({ "pause": "1s" }),
        json!({ "within": "2s", "mask": ["clock"] }),
        json!({ "name": "a", "from": "stdin" }),
        json!({ "name": "a", "from": "stderr" }),
        json!({ "stable": "1s", "gone": true }),
        json!({ "stable": "1s", "changed": false }),
        json!({ "process": "a", "gone": true }),
        json!({ "process": "a", "command": "b" }),
    ]);
    values
}

#[test]
fn the_schema_and_the_reader_agree_on_every_key_of_a_step() {
    let validator = validator(&scenario_schema());
    let mut wrong = Vec::new();
    let mut ask = |step: Value| {
        let scenario = json!({ "version": 1, "name": "a", "steps": [step] });
        wrong.extend(disagreement(&validator, &scenario));
    };
    for value in values() {
        ask(value.clone());
        for verb in VERBS {
            ask(with_blocks(verb, &value));
            ask(json!({ verb.name: value }));
            for field in verb.shape.fields {
                ask(with_blocks(verb, &json!({ field.name: value })));
                let whole = with_required(verb.shape, field, look_beside(verb.shape, field));
                let mut whole = yaml(&whole);
                whole[field.name] = value.clone();
                ask(with_blocks(verb, &whole));
            }
        }
        let beside = VERBS.iter().flat_map(|verb| verb.beside.fields);
        for field in MODIFIERS.fields.iter().chain(beside) {
            ask(json!({ "click": null, field.name: value }));
            ask(json!({ "group": "a", "steps": ["wait-ready"], field.name: value }));
            ask(json!({ "if": true, "then": ["wait-ready"], field.name: value }));
        }
    }
    for one in VERBS {
        ask(json!(one.name));
        for other in VERBS {
            let mut step = yaml(&format!(
                "{{ {} }}",
                lines_of(other)
                    .first()
                    .map_or("wait-ready: ", |line| &line[1..line.len() - 1])
            ));
            step[one.name] = with_blocks(one, &json!("a"))[one.name].clone();
            ask(step);
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

/// A verb with an argument, and with all keys that belong beside it.
fn with_blocks(verb: &Verb, argument: &Value) -> Value {
    let mut step = json!({ verb.name: argument });
    for field in verb.beside.fields {
        step[field.name] = yaml(field.example);
    }
    step
}

#[test]
fn the_schema_and_the_reader_agree_on_every_key_of_a_scenario() {
    let validator = validator(&scenario_schema());
    let mut wrong = Vec::new();
    let mut ask = |name: &str, value: Value| {
        let mut scenario = json!({ "version": 1, "name": "a", "steps": ["wait-ready"] });
        scenario[name] = value;
        wrong.extend(disagreement(&validator, &scenario));
    };
    for value in values() {
        for field in TOP.fields {
            ask(field.name, value.clone());
            ask(field.name, json!({ "a": value }));
            ask(field.name, json!([value]));
        }
        ask("strange", value.clone());
        for field in DESKTOP.fields {
            ask("desktop", json!({ field.name: value }));
        }
        for field in DEFAULTS.fields {
            ask("defaults", json!({ field.name: value }));
        }
        for field in LIMITS.fields {
            ask("defaults", json!({ "screenshot": { field.name: value } }));
        }
        for field in TARGET.fields {
            ask("targets", json!({ "a": { field.name: value } }));
            ask(
                "targets",
                json!({ "a": { "image": "a.png", field.name: value } }),
            );
        }
        for field in WINDOW.fields {
            ask(
                "targets",
                json!({ "a": { "window": { field.name: value } } }),
            );
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn texts_that_yaml_takes_for_numbers_are_texts() {
    let validator = validator(&scenario_schema());
    for value in [json!(7), json!(1.5), json!(true), json!("a"), json!("")] {
        let scenario = json!({ "version": 1, "name": value, "steps": [{ "type": value }] });
        let only_type = value == json!("");
        assert_eq!(validator.is_valid(&scenario), !only_type, "{scenario}");
    }
}
