//! What is explained is the same scenario.

use std::{fs, path::PathBuf};

use proptest::prelude::*;

use super::explained;
use crate::{
    pattern::{Pattern, expression},
    plain::document,
    plan::{self, Action, Context, Plan, Step},
    scenario::Source,
};

fn read(name: &str, text: &str) -> Vec<Plan> {
    let environment = |_: &str| Some("a value".to_owned());
    let context = Context {
        environment: &environment,
        ..Context::default()
    };
    let read = plan::read([Source::new(name, text.as_bytes())], &context);
    let plans = read.unwrap_or_else(|problems| panic!("{name}\n{text}\n{problems:#?}"));
    plans.plans
}

/// Where a step is written and how a target is called do not belong to what it
/// does.
fn meant(steps: &[Step]) -> Vec<String> {
    let bare = |step: &Step| {
        let mut meant = vec![format!(
            "{} {:?} {:?} {} {:?} {:?} {:?} {}",
            step.title,
            step.timeout,
            step.retry,
            step.soft,
            step.condition.is_some(),
            step.expect_change,
            step.capture,
            step.hidden
        )];
        match &step.action {
            Action::If(block) => {
                meant.extend(self::meant(&block.then));
                meant.push("else".to_owned());
                meant.extend(self::meant(&block.otherwise));
            }
            Action::RepeatUntil(block) => {
                meant.push(format!("at most {}", block.most));
                meant.extend(self::meant(&block.steps));
            }
            Action::Group(block) => meant.extend(self::meant(&block.steps)),
            Action::Hold(block) => {
                meant.push(untitled(&format!("{:?}", block.target)));
                meant.extend(self::meant(&block.steps));
            }
            // Keys have several spellings.
            Action::Hotkey(hotkey) => meant.push(format!("{:?}", hotkey.chord)),
            other => meant.push(untitled(&format!("{other:?}"))),
        }
        meant
    };
    steps.iter().flat_map(bare).collect()
}

/// Without the titles of targets.
fn untitled(debug: &str) -> String {
    let mut rest = debug;
    let mut kept = String::new();
    while let Some(at) = rest.find("title: \"") {
        kept.push_str(&rest[..at]);
        let quoted = &rest[at + 8..];
        let end = quoted.find("\", look").unwrap_or(0);
        rest = &quoted[end..];
    }
    kept + rest
}

fn assert_same(plan: &Plan) {
    let text = explained(plan).unwrap();
    let again = read(&plan.file, &text).remove(0);
    for (one, two) in [
        (&plan.setup, &again.setup),
        (&plan.steps, &again.steps),
        (&plan.teardown, &again.teardown),
    ] {
        assert_eq!(meant(one), meant(two), "{text}");
    }
    assert_eq!(
        (
            &plan.name,
            &plan.description,
            plan.size,
            plan.largest,
            plan.profile,
            &plan.tags,
            &plan.secrets,
            &plan.packages,
            (plan.reuse, plan.memory, plan.processes),
            (plan.retries, &plan.exclusive)
        ),
        (
            &again.name,
            &again.description,
            again.size,
            again.largest,
            again.profile,
            &again.tags,
            &again.secrets,
            &again.packages,
            (again.reuse, again.memory, again.processes),
            (again.retries, &again.exclusive)
        )
    );
    assert_eq!(explained(&again).unwrap(), text);
}

#[test]
fn the_scenarios_of_the_project_are_explained_as_they_are_meant() {
    let folder = PathBuf::from("scenarios");
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    for file in files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")) {
        let text = fs::read_to_string(&file).unwrap();
        read(file.to_str().unwrap(), &text)
            .iter()
            .for_each(assert_same);
    }
}

const EVERYTHING: &str = r#"
version: 1
name: "every: word # of it"
tags: [a, "b c"]
desktop: { size: 1280x800, profile: bare, environment: { LANG: C }, languages: [deu, jpn], packages: [g++, 0ad], reuse: true, memory: 4GiB, processes: 200 }
retries: 2
exclusive: [port-8080]
vars: { x: "a ${secrets.S}", n: 3 }
secrets: [S]
regions:
  bar: { x: 0, y: 0, width: 100, height: 28 }
targets:
  save: { any: [{ text: Save, in: bar, nth: 2 }, { window: { class: Editor } }] }
setup:
  - wait-ready
steps:
  - launch: { command: editor, environment: { A: "${vars.x}" }, folder: /tmp }
  - run: { command: date, exit-code: any, stdout: { contains: "${env.Y}", matches: "/^M/" } }
    capture: { name: day, from: stderr, matching: "/a(.)/" }
  - click: save
  - click: { target: { window: /A B/, offset: [0, -3] }, button: middle, modifiers: [shift] }
  - double-click: [1, 2]
  - right-click
  - click: { position: "12.5%,50%", in: { window: "${captured.day}" } }
  - move: 50%,50%
  - drag: { from: [1, 2], to: { text: "/x/" }, modifiers: [ctrl] }
  - scroll: { direction: up, amount: 3, target: [5, 5] }
  - type: { text: "$${x} ${vars.x} \e[0m", speed: 60ms }
  - type: 'it''s "007"'
  - press: { key: Tab, times: "${vars.n}" }
  - hotkey: ctrl+plus
  - wait: 2s
  - wait: { window: /x/, gone: true, stable: 300ms, changed: true, mask: [bar], max-cluster: 5 }
  - assert: { process: xvfb, gone: true }
  - assert: { command: "true", exit-code: 0 }
  - assert: save
  - screenshot: { picture: p, region: bar }
  - screenshot-assert: { baseline: b, tolerance: 5%, max-pixels: 3 }
    soft: true
    retry: { times: 2, pause: 1500ms }
  - record: demo
  - record: stop
  - resize: 1920x1080
  - restart: xfce4
  - download: notes.txt
  - if: { value: "${captured.day:-x}", differs: x }
    then: [press: a]
    else:
      - press: b
        if: save
  - for-each: { in: [1, 2], as: n }
    steps:
      - type: ${n}
        hidden: true
        expect-change: { within: 2s, region: bar }
  - repeat-until: { text: Finish }
    max: 5
    steps:
      - group: one round
        timeout: 1m
        steps: [press: Return]
teardown:
  - press: Escape
"#;

#[test]
fn every_word_of_the_language_is_explained_as_it_is_meant() {
    let text = EVERYTHING.replace(" \\e[0m", "");
    read("scenarios/all.yaml", &text)
        .iter()
        .for_each(assert_same);
}

#[test]
fn secrets_and_captured_values_keep_their_names() {
    let text = EVERYTHING.replace(" \\e[0m", "");
    let plan = read("scenarios/all.yaml", &text).remove(0);
    let explained = explained(&plan).unwrap();
    assert!(
        explained.contains("text: $${x} a ${secrets.S}\n"),
        "{explained}"
    );
    assert!(explained.contains("${captured.day:-x}"), "{explained}");
    assert!(explained.contains("title: /A B/\n"), "{explained}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_explained_as_it_is_meant(text in text()) {
        let written = serde_json::Value::from(text.replace("${", "$${"));
        let written = document(&written.to_string());
        let scenario = format!(
            "version: 1\nname: A\ndescription: {written}\nsteps:\n  \
             - run: {{ command: ls, stdout: {{ contains: {written} }} }}\n"
        );
        read("a.yaml", &scenario).iter().for_each(assert_same);
    }
}

/// What YAML reads in many ways, and what is in no document.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just(" "),
        Just("\t"),
        Just("  "),
        Just("#"),
        Just("- "),
        Just(": "),
        Just("::error::x"),
        Just("##[a]"),
        Just("\""),
        Just("'"),
        Just("|"),
        Just("${"),
        Just("\u{85}"),
        Just("\u{2028}"),
        Just("\u{feff}"),
        Just("\u{202e}"),
        Just("\u{1b}"),
        Just("\r"),
        Just("no"),
        Just("~"),
        Just("007"),
        Just("1e3"),
        Just("null"),
        Just("\u{a0}"),
        Just("é"),
        Just("🙂"),
        Just("\\"),
        Just("%"),
        Just("@"),
        Just("---"),
        Just("*a"),
        Just("&"),
        Just("!x"),
        Just("?"),
        Just(","),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just("<<"),
    ];
    let pieces = proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    prop_oneof![pieces, "\\PC{0,20}"]
        .prop_filter("nothing is no text", |text| !text.trim().is_empty())
        .prop_filter("it would be no regular expression", |text| {
            expression(text.trim()).is_none_or(|inner| Pattern::regex(inner).is_ok())
        })
}
