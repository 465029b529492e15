//! What a plan promises to whoever plays it.

use std::{path::Path, time::Duration};

use super::{Action, Need, Plan, Record, ScreenshotAssert, Spot, read};
use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Key},
    scenario::{Code, Scenario, Source},
};

fn plan(text: &str) -> Plan {
    let source = Source::new("flows/saves a note.yaml", text.as_bytes());
    let (scenario, _) = Scenario::read(source).expect("a right text");
    Plan::resolve(&scenario).expect("a right scenario")
}

fn with_steps(steps: &str) -> Plan {
    plan(&format!("version: 1\nname: test\nsteps:\n{steps}"))
}

fn actions(steps: &str) -> Vec<Action> {
    let plan = with_steps(steps);
    plan.steps.into_iter().map(|step| step.action).collect()
}

fn titles(steps: &str) -> Vec<String> {
    let plan = with_steps(steps);
    plan.steps.into_iter().map(|step| step.title).collect()
}

#[test]
fn what_is_not_written_has_its_default() {
    let plan = with_steps("  - wait-ready\n  - click\n  - screenshot-assert: saved\n");
    assert_eq!(plan.size, Size::new(1440, 900));
    assert_eq!(plan.baselines, Path::new("flows/baselines/saves a note"));
    assert_eq!(plan.source.slice(plan.origin), "test");
    let [ready, click, assert] = &plan.steps[..] else {
        panic!("three steps");
    };
    assert_eq!(ready.timeout, Duration::from_secs(60));
    assert_eq!(click.timeout, Duration::from_secs(10));
    assert!(!click.soft);
    let expected = Action::Click {
        at: None,
        button: Button::Left,
        count: 1,
    };
    assert_eq!(click.action, expected);
    let expected = ScreenshotAssert {
        baseline: "saved".to_owned(),
        region: None,
        mask: Vec::new(),
        tolerance: 0.1,
        max_pixels: 0,
        max_cluster: 0,
    };
    assert_eq!(assert.action, Action::ScreenshotAssert(expected));
}

#[test]
fn a_step_overrides_the_defaults_of_its_scenario() {
    let plan = plan(
        "version: 1\nname: test\ndesktop: { size: 1280x800 }\ndefaults:\n  timeout: 3s\n  screenshot: { \
         tolerance: 5%, max-pixels: 50, max-cluster: 16, mask: [clock] }\nregions:\n  clock: { x: 1180, y: \
         0, width: 100, height: 28 }\n  panel: { x: 0, y: 0, width: 1280, height: 28 }\nsteps:\n  - \
         screenshot-assert: one\n  - screenshot-assert: { baseline: two, region: panel, mask: [], \
         max-pixels: 0 }\n    timeout: 1m\n    soft: true\n  - wait-ready\n",
    );
    let asserts: Vec<&ScreenshotAssert> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::ScreenshotAssert(assert) => Some(assert),
            _ => None,
        })
        .collect();
    assert_eq!(asserts[0].mask, [Rect::new(1180, 0, 100, 28)]);
    assert_eq!((asserts[0].max_pixels, asserts[0].max_cluster), (50, 16));
    assert!((asserts[0].tolerance - 0.05).abs() < 1e-6);
    assert_eq!(asserts[1].region, Some(Rect::new(0, 0, 1280, 28)));
    assert_eq!((asserts[1].max_pixels, asserts[1].max_cluster), (0, 16));
    assert!(asserts[1].mask.is_empty());
    let timeouts: Vec<u64> = plan.steps.iter().map(|s| s.timeout.as_secs()).collect();
    assert_eq!(timeouts, [3, 60, 60]);
    assert!(plan.steps[1].soft);
}

#[test]
fn every_verb_has_its_action() {
    let at = |x, y| Some(Spot::At(Point::new(x, y)));
    let click = |at, button, count| Action::Click { at, button, count };
    let expected = [
        Action::Launch {
            command: "mousepad --version".to_owned(),
        },
        click(at(640, 400), Button::Left, 1),
        click(Some(Spot::Share { x: 0.5, y: 0.25 }), Button::Left, 1),
        click(at(1, 2), Button::Middle, 3),
        click(at(1, 2), Button::Left, 2),
        click(None, Button::Right, 1),
        Action::Press {
            key: Key::from_name("Tab").expect("a key"),
            times: 3,
        },
        Action::Hotkey {
            chord: Chord::parse("ctrl+s").expect("a chord"),
        },
        Action::Hotkey {
            chord: Chord::parse("ctrl+plus").expect("a chord"),
        },
        Action::Record(Record::Start {
            name: "demo".to_owned(),
        }),
        Action::Record(Record::Stop),
    ];
    let steps = "  - launch: mousepad --version\n  - click: [640, 400]\n  - click: 50%,25%\n  - click: { \
                 target: [1, 2], button: middle, count: 3 }\n  - double-click: [1, 2]\n  - right-click\n  - \
                 press: { key: Tab, times: 3 }\n  - hotkey: ctrl+s\n  - hotkey: [ctrl, +]\n  - record: \
                 demo\n  - record: stop\n";
    assert_eq!(actions(steps), expected);
    assert_eq!(with_steps(steps).needs(), [Need::Execute]);
}

#[test]
fn a_title_is_one_short_line() {
    let steps = "  - wait-ready\n  - type: \"a\\tb\\nc\"\n  - double-click: [1, 2]\n  - click: \
                 12.5%,50%\n  - hotkey: [ctrl, s]\n  - press: { key: Tab, times: 3 }\n  - click\n  - type: \
                 x\n    name: the note is typed\n";
    let expected = [
        "wait-ready",
        "type \"a\\tb\\nc\"",
        "double-click [1, 2]",
        "click 12.5%,50%",
        "hotkey ctrl+s",
        "press Tab x3",
        "click",
        "the note is typed",
    ];
    assert_eq!(titles(steps), expected);
    let long = titles(&format!("  - type: {}\n", "x".repeat(500)));
    assert!(
        long[0].chars().count() <= 60 && long[0].ends_with("…\""),
        "{}",
        long[0]
    );
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let source = |name: &str, text: &str| Source::new(name, text.as_bytes());
    let problems = read([
        source(
            "a.yaml",
            "version: 1\nname: a\nsteps:\n  - clik: 1\n  - click: [9999, 1]\n",
        ),
        source("b.yaml", "version: 1\nname: b\nsteps:\n  - wait-ready\n"),
        source("c.yaml", "version: 3\nname: c\nsteps:\n  - record: stop\n"),
    ])
    .expect_err("two are bad");
    let codes: Vec<(&str, Vec<Code>)> = problems
        .iter()
        .map(|file| (file.source().name(), file.iter().map(|p| p.code).collect()))
        .collect();
    let expected = [
        ("a.yaml", vec![Code::UnknownVerb, Code::OutsideScreen]),
        ("c.yaml", vec![Code::WrongVersion, Code::RecordingOrder]),
    ];
    assert_eq!(codes, expected);
}

/// What grows with the square of the names would take hours here.
#[test]
fn many_names_are_no_more_work_each() {
    let numbered = |line: &dyn Fn(usize) -> String| (0..40_000).map(line).collect::<String>();
    let head = "version: 1\nname: a\nsteps:\n  - wait-ready\n";
    let regions = numbered(&|n| format!("  r{n}: {{ x: 0, y: 0, width: 1, height: 1 }}\n"));
    let mask = numbered(&|n| format!("s{n}, "));
    let mask = format!("defaults: {{ screenshot: {{ mask: [{mask}] }} }}\n");
    for (text, right) in [
        (numbered(&|n| format!("k{n}: 1\n")), false),
        (
            format!("tags:\n{}", numbered(&|n| format!("  - t{n}\n"))),
            true,
        ),
        (format!("regions:\n{regions}{mask}"), false),
        (numbered(&|n| format!("    k{n}: 1\n")), false),
    ] {
        let source = Source::new("a.yaml", format!("{head}{text}").as_bytes());
        assert_eq!(read([source]).is_ok(), right);
    }
}

#[test]
fn a_problem_does_not_bring_forth_others_that_are_none() {
    let text = "version: 1\nname: a\ndesktop: { size: 9999x800 }\nregions:\n  r: { x: 5000, y: 0, width: \
                5 }\nsteps:\n  - record: { demo }\n  - record: stop\n  - screenshot-assert: { baseline: b, \
                mask: [r] }\n  - click: [5000, 1]\n";
    let problems = read([Source::new("a.yaml", text.as_bytes())]).expect_err("it is bad");
    let codes: Vec<Code> = problems[0].iter().map(|problem| problem.code).collect();
    let expected = [
        Code::OutOfRange,
        Code::MissingKey,
        Code::MissingKey,
        Code::UnknownKey,
    ];
    assert_eq!(codes, expected);
}
