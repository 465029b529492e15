//! Widgets of a desktop that does not report them, but runs commands.

use std::{
    fs,
    process::{Command, Output},
    time::Duration,
};

use deskhand::desktop::{
    Desktop, DesktopClient, DesktopError,
    wire::{Extensions, Scope, Widget, WidgetQuery},
};

use crate::{
    between::Between, eventually::eventually, place::Place, program::shell, started::Started,
};

fn form(name: &str) -> String {
    let form = format!("{}/tests/forms/{name}", env!("CARGO_MANIFEST_DIR"));
    format!("/usr/bin/python3 {form}")
}

/// Plays steps on the desktop behind `between`.
async fn play(place: &Place, desktop: &Started, between: &Between, steps: &str) -> Output {
    let file = place.path().join("reader.yaml");
    let text = format!("version: 1\nname: Read\nsteps:\n{steps}");
    fs::write(&file, text).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_deskhand"));
    run.args(["run", "--target", &between.url, "--artifacts"])
        .arg(place.path().join("artifacts"))
        .arg(&file)
        .env("TMPDIR", place.temporary())
        .env("DESKHAND_TOKEN", desktop.said("token"));
    tokio::task::spawn_blocking(move || run.output().unwrap())
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Fills in the order form by role and name.
fn order(program: &str) -> String {
    format!(
        r#"  - launch: {program}
  - wait: {{ role: button, name: Submit, enabled: false, in: {{ window: Order }} }}
    timeout: 20s
  - fill: {{ target: {{ role: textbox, name: Name }}, text: Ann }}
  - fill: {{ target: {{ role: textbox, name: Password }}, text: secret }}
  - select: {{ target: {{ role: combobox, name: Plan }}, option: Gold }}
  - click: {{ role: radio, name: Express, in: {{ role: group, name: Shipping }} }}
  - click: {{ role: checkbox, name: Gift }}
  - wait: {{ role: checkbox, name: Gift, checked: true }}
  - select: {{ target: {{ role: list, name: Items }}, option: Item 42 }}
    timeout: 40s
  - click: {{ role: button, name: Submit, enabled: true }}
  - wait: {{ role: label, name: "/^Ordered for Ann: Gold, express, gift, Item 42, .* 6 char/" }}
    timeout: 20s
"#
    )
}

fn only_widgets() -> Extensions {
    Extensions::of(&[Extensions::WIDGETS])
}

/// Everything that looks for widgets, and a failure.
async fn assert_order_is_placed(hidden: &Extensions, forms: &[&str]) {
    for name in forms {
        let place = Place::new();
        let desktop = Started::new(&place, &["--size", "1280x800", "--profile", "bare"], &[]);
        let between = Between::hiding(hidden.clone(), &desktop).await;
        let played = play(&place, &desktop, &between, &order(&form(name))).await;
        assert!(played.status.success(), "{name}: {}", said(&played));
        let wrong = "  - click: { role: button, name: Submitt }\n    timeout: 1s\n";
        let played = play(&place, &desktop, &between, wrong).await;
        let text = said(&played);
        assert_eq!(played.status.code(), Some(1), "{name}: {text}");
        assert!(text.contains(r#"button "Submit""#), "{name}: {text}");
        drop(between);
        desktop.end();
        place.assert_nothing_is_left(Duration::ZERO);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_filled_in_on_a_desktop_that_reports_no_widgets() {
    assert_order_is_placed(&only_widgets(), &["gtk3.py", "gtk4.py", "qt5.py"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_filled_in_on_a_desktop_with_the_protocol_and_commands_alone() {
    let mut hidden = Extensions::all();
    hidden.items.retain(|name| name != Extensions::EXECUTE);
    assert_order_is_placed(&hidden, &["gtk3.py", "qt5.py"]).await;
}

/// A tree without what no two looks have in common.
fn outline(widget: &Widget, lines: &mut Vec<String>, depth: usize) {
    let Widget {
        id: _,
        role,
        name,
        value,
        states,
        visible,
        area,
        window,
        program,
        children,
    } = widget;
    let line = format!(
        "{:depth$}{role} {name:?} {value:?} {states:?} {visible} {area:?} {window:?} {program}",
        ""
    );
    lines.push(line);
    for child in children {
        outline(child, lines, depth + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_from_outside_is_what_the_desktop_reports() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--size", "1280x800", "--profile", "bare"], &[]);
    let between = Between::hiding(only_widgets(), &desktop).await;
    let (inside, outside) = (
        desktop.client(),
        DesktopClient::new(&between.url, Some(desktop.said("token"))).unwrap(),
    );
    assert_eq!(outside.no_widgets().await.unwrap(), None);
    for name in ["gtk3.py", "gtk4.py", "qt5.py"] {
        shell(&inside, &format!("{} >/dev/null 2>&1 &", form(name))).await;
    }
    let lines = async |client: &DesktopClient| {
        let trees = client.widgets(&Scope::All).await.unwrap();
        let mut lines = Vec::new();
        for tree in &trees.items {
            outline(tree, &mut lines, 0);
        }
        lines.join("\n")
    };
    let have_all = |lines: &String| lines.matches("button \"Submit\"").count() == 3;
    let reported = eventually(async || lines(&inside).await, have_all).await;
    assert!(have_all(&reported), "{reported}");
    let same = async || (lines(&inside).await, lines(&outside).await);
    let (reported, read) = eventually(same, |(one, two)| one == two).await;
    assert_eq!(reported, read);

    let query = WidgetQuery {
        name: Some("Submit".to_owned()),
        ..WidgetQuery::default()
    };
    let found = outside.find_widgets(&query).await.unwrap();
    let buttons = found.items.iter().filter(|it| it.role.name() == "button");
    assert_eq!(buttons.count(), 3, "{found:?}");
    let unknown = Scope::Widget(":1.999/none".to_owned());
    let error = outside.widgets(&unknown).await.unwrap_err();
    assert_eq!(error.status(), Some(404), "{error}");
    drop(between);
    desktop.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_whose_machine_lacks_what_it_takes_is_refused_before_the_first_step() {
    let place = Place::new();
    let arguments = ["--profile", "bare", "--no-accessibility"];
    let desktop = Started::new(&place, &arguments, &[]);
    let between = Between::hiding(only_widgets(), &desktop).await;
    let steps = "  - press: a\n  - click: { role: button, name: Save }\n";
    let played = play(&place, &desktop, &between, steps).await;
    let text = said(&played);
    assert_eq!(played.status.code(), Some(4), "{text}");
    assert!(text.contains("NO_AT_BRIDGE"), "{text}");
    let client = desktop.client();
    assert!(!client.extensions().await.unwrap().has(Extensions::WIDGETS));
    let error = client.widgets(&Scope::All).await.unwrap_err();
    assert!(matches!(error, DesktopError::NoWidgets { .. }), "{error}");
    drop(between);
    desktop.end();
}
