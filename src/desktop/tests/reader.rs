//! Widgets of desktops that do not report them, but run commands.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{Answer, Server};
use crate::{
    desktop::{
        Desktop, DesktopError,
        wire::{Scope, WidgetQuery},
    },
    geometry::Rect,
    widget::Role,
};

const WINDOWS: &str = r#"{"items": [{"id": "0x1", "pid": 7, "x": 100, "y": 50, "width": 200,
    "height": 100, "title": "Order", "class": "order.Order", "focused": true},
    {"id": "0x2", "pid": 9, "x": 0, "y": 0, "width": 9, "height": 9, "title": "Clock"}]}"#;

/// How a command ended that has printed this.
fn ended(exit_code: i32, stdout: &str) -> Answer {
    let ended = json!({"exit_code": exit_code, "stdout": stdout, "stderr": "Error: oh\n"});
    Answer::ok(ended.to_string())
}

/// The same, of what the script has to say.
fn told(facts: &Value) -> Answer {
    let packed = fdeflate::compress_to_vec(facts.to_string().as_bytes());
    ended(0, &format!("{}\n", BASE64_STANDARD.encode(packed)))
}

fn runs_commands() -> [Answer; 3] {
    let extensions = || Answer::ok(r#"{"items": ["execute"]}"#);
    [Answer::new(404, ""), extensions(), extensions()]
}

fn named(name: &str) -> WidgetQuery {
    WidgetQuery {
        name: Some(name.to_owned()),
        ..WidgetQuery::default()
    }
}

/// A window of GTK 3 with a field, its label, and a button.
fn order() -> Value {
    let (shown, enabled) = (1_u32 << 25 | 1 << 30, 1_u32 << 24);
    let node = |path: &str, parent: Value, role: u32, name: &str, told: Value| {
        json!({"path": path, "parent": parent, "role": role, "name": name, "told": told,
            "states": [shown | enabled, 0]})
    };
    let mut field = node("/2", json!(0), 61, "", json!([120, 70, 100, 20]));
    field["labels"] = json!(["/9"]);
    field["text"] = json!("Ann");
    field["characters"] = json!(3);
    json!({
        "processes": {"7": "order", "9": "clock"},
        "programs": [{
            "bus": ":1.7", "pid": 7, "name": "order", "toolkit": "gtk", "silent": false, "cut": false,
            "nodes": [
                node("/1", json!(null), 23, "Order", json!([100, 50, 200, 100])),
                field,
                node("/3", json!(0), 43, "Submit", json!([120, 100, 60, 20])),
            ],
            "others": {"/9": {"name": "Name:"}},
        }],
    })
}

#[tokio::test]
async fn a_program_with_too_many_widgets_is_one_of_which_nobody_can_tell() {
    let [unknown, one, two] = runs_commands();
    let (nothing, windows) = (told(&json!({})), Answer::ok(WINDOWS));
    let mut order = order();
    order["programs"][0]["cut"] = json!(true);
    let answers = [unknown, one, two, nothing, windows, told(&order)];
    let server = Server::answering(answers).await;
    let found = server.client().find_widgets(&named("Name")).await;
    let unreadable = found.expect("a field").unreadable;
    let cut = unreadable.iter().find(|program| program.silent);
    assert_eq!(
        cut.expect("it is told").why,
        "it has more than the 20000 widgets that are read from a window"
    );
}

#[tokio::test]
async fn a_script_reads_widgets_where_a_desktop_does_not_report_them() {
    let [unknown, one, two] = runs_commands();
    let (nothing, windows) = (told(&json!({})), || Answer::ok(WINDOWS));
    let answers = [unknown, one, two, nothing, windows(), told(&order())];
    let more = [windows(), told(&order())];
    let server = Server::answering(answers.into_iter().chain(more)).await;
    let client = server.client();
    let found = client.find_widgets(&named("Name")).await.expect("a field");
    let [field] = &found.items[..] else {
        panic!("{found:?}")
    };
    assert_eq!((field.role, &*field.id), (Role::Textbox, ":1.7/2"));
    assert_eq!(field.value.as_deref(), Some("Ann"));
    assert_eq!(field.area, Some(Rect::new(120, 70, 100, 20)));
    assert_eq!(field.window.as_deref(), Some("0x1"));
    assert_eq!(found.unreadable[0].program, "clock");

    // It is known by now how they are read.
    let found = client.find_widgets(&named("Submitt")).await.expect("near");
    assert_eq!(found.items, []);
    assert_eq!(found.near[0].name, "Submit");
    let seen = server.seen();
    let lines: Vec<&str> = seen.iter().map(|seen| &*seen.line).collect();
    let (extensions, execute) = ("GET /api/extensions", "POST /api/process/execute");
    let windows = "GET /api/display/windows";
    let first = ["POST /api/widgets/find", extensions, extensions, execute];
    assert_eq!(lines[..4], first);
    assert_eq!(lines[4..], [windows, execute, windows, execute]);
    assert!(
        seen[3].body.contains(r#"{\"probe\":true"#),
        "{}",
        seen[3].body
    );
    assert!(
        seen[5].body.contains(r#"\"password\":40"#),
        "{}",
        seen[5].body
    );
}

#[tokio::test]
async fn one_window_and_one_widget_are_read_and_no_others() {
    let [unknown, one, two] = runs_commands();
    let (nothing, windows) = (told(&json!({})), || Answer::ok(WINDOWS));
    let answers = [unknown, one, two, nothing, windows(), told(&order())];
    let more = [
        windows(),
        told(&order()),
        windows(),
        told(&order()),
        windows(),
    ];
    let server = Server::answering(answers.into_iter().chain(more)).await;
    let client = server.client();
    let trees = client.widgets(&Scope::Focused).await.expect("a tree");
    assert_eq!(trees.items.len(), 1);
    assert_eq!(trees.items[0].children.len(), 2);
    assert_eq!(trees.unreadable, []);
    assert!(server.seen()[5].body.contains(r#"\"pids\":[7]"#));
    let scope = Scope::Widget(":1.7/3".to_owned());
    let trees = client.widgets(&scope).await.expect("a button");
    assert_eq!(trees.items[0].name, "Submit");
    let gone = Scope::Widget(":1.7/4".to_owned());
    let error = client.widgets(&gone).await.expect_err("gone");
    assert_eq!(error.status(), Some(404));
    let unknown = Scope::Window("0x7".to_owned());
    let error = client.widgets(&unknown).await.expect_err("no such window");
    assert_eq!(error.status(), Some(404));
}

#[tokio::test]
async fn what_is_missing_for_a_script_is_told() {
    let lacks = "an accessibility bus (the Debian package at-spi2-core)";
    for (probed, missing) in [
        (
            ended(127, ""),
            "python3 with gi (the Debian package python3-gi)",
        ),
        (told(&json!({ "lacks": lacks })), lacks),
    ] {
        let [_, one, two] = runs_commands();
        let server = Server::answering([one, two, probed]).await;
        let client = server.client();
        let why = client.no_widgets().await.expect("an answer");
        let whole = format!(
            "its programs cannot be asked from outside, because its machine lacks {missing}"
        );
        assert_eq!(why.as_ref(), Some(&whole));
        // It is not looked for again.
        let error = client.find_widgets(&named("Save")).await.expect_err("none");
        let what = format!("this desktop does not report widgets itself, and {whole}");
        assert_eq!(error.to_string(), what);
        assert!(matches!(error, DesktopError::NoWidgets { .. }));
        assert_eq!(server.seen().len(), 3);
    }
}

#[tokio::test]
async fn a_desktop_that_runs_no_commands_either_says_so() {
    let server = Server::answering([Answer::new(404, "")]).await;
    let why = server.client().no_widgets().await.expect("an answer");
    assert!(why.is_some_and(|why| why.ends_with("lacks commands")));
    let reports = Answer::ok(r#"{"items": ["widgets"]}"#);
    let server = Server::answering([reports]).await;
    let why = server.client().no_widgets().await.expect("an answer");
    assert_eq!(why, None);
}

#[tokio::test]
async fn a_script_that_fails_is_an_error_and_no_hang() {
    for (bad, problem) in [
        (ended(1, ""), "it ended with 1: Error: oh"),
        (ended(0, "%"), "Invalid"),
        (ended(0, "AAAA"), "cannot be unpacked"),
        (told(&json!("none")), "invalid type"),
    ] {
        let [unknown, one, two] = runs_commands();
        let server = Server::answering([unknown, one, two, bad]).await;
        let error = server.client().find_widgets(&named("a")).await;
        let error = error.expect_err(problem).to_string();
        assert!(error.contains(problem), "{error}");
        assert!(error.contains("the command that reads widgets"), "{error}");
    }
}
