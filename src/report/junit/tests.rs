mod attempts;

use std::collections::BTreeSet;

use quick_xml::{Reader, events::Event};

use self::attempts::{left_out, tried};
use super::*;
use crate::{
    event::{EventKind, Outcome, ScenarioId, StepId},
    report::tests::{failure, failure_at, folded, noted, scenario, trouble},
};

fn written(kinds: Vec<EventKind>, dialect: Dialect) -> String {
    of_log(&folded(kinds), dialect)
}

fn of_log(log: &RunLog, dialect: Dialect) -> String {
    let paths = Paths {
        file: &|file| format!("repo/{file}"),
        attachment: &|path| format!("repo/artifacts/{path}"),
    };
    junit(log, dialect, paths)
}

fn common(kinds: Vec<EventKind>) -> String {
    written(kinds, Dialect::Common)
}

#[test]
fn a_failure_is_told_with_its_place_and_its_pictures() {
    let xml = common(scenario(0, "A note is saved", &failure()));
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deskhand" tests="1" failures="1" errors="0" skipped="0" time="2.000">
    <testsuite name="repo/scenarios/editor/save.yaml" tests="1" failures="1" errors="0" skipped="0" time="1.234" timestamp="2026-03-05T14:20:00Z" hostname="build-7">
        <testcase name="A note is saved" classname="repo.scenarios.editor.save" time="1.234" file="repo/scenarios/editor/save.yaml" line="9">
            <properties>
                <property name="tags" value="smoke"/>
                <property name="steps" value="1. screenshot-assert saved (failed)"/>
            </properties>
            <failure message="the screen differs from `saved` [31m&amp; more ]]&gt;" type="screenshot-assert">the screen differs from `saved` [31m&amp; more ]]&gt;
at repo/scenarios/editor/save.yaml:9:5
  8 |   - type: &lt;x&gt;
  9 |   - screenshot-assert: saved
    |     ^^^^^^^^^^^^^^^^^^^^^^^^
expected: at most 0 differing pixels
seen:     16 differing pixels
          the largest cluster has 8
also:     the launched program `foo` ended with exit code 7; the end of its output:
          cannot open display
help:     look at it
video:    1.2 s into the recording `demo`
the last steps:
  1. screenshot-assert saved (failed, 1.23 s)
</failure>
            <system-out>[[ATTACHMENT|repo/artifacts/save/saved.comparison.png]]
[[ATTACHMENT|repo/artifacts/save/saved.actual.png]]
[[ATTACHMENT|repo/artifacts/save/xvfb.log]]
</system-out>
        </testcase>
    </testsuite>
</testsuites>
"#;
    assert_eq!(xml.replace("&apos;", "'"), expected);
}

#[test]
fn scenarios_that_a_killed_run_did_not_begin_are_an_error() {
    let log = folded(scenario(0, "A note is saved", &Outcome::Passed));
    let killed = RunLog {
        planned: 4,
        took: None,
        ..log.clone()
    };
    let xml = of_log(&killed, Dialect::Common);
    let counts = r#"tests="2" failures="0" errors="1" skipped="0""#;
    assert!(xml.contains(counts), "{xml}");
    let words = "3 scenarios did not begin: the run was cut off";
    assert!(xml.contains(words), "{xml}");
    // One that ended says of each why it was not played.
    let ended = RunLog { planned: 4, ..log };
    assert!(!of_log(&ended, Dialect::Common).contains("did not begin"));
}

/// A scenario whose steps end so, each with the block that it is in; it ends as the
/// last of them.
fn of_steps(steps: &[(Option<usize>, Outcome)]) -> Vec<EventKind> {
    let outcome = &steps.last().unwrap().1;
    let mut kinds = scenario(0, "Many", outcome);
    let inner = kinds.drain(1..3).collect::<Vec<_>>();
    let mut told = Vec::new();
    for (number, (block, outcome)) in (1..).zip(steps) {
        let mut pair = inner.clone();
        if let EventKind::StepStarted { step, parent, .. } = &mut pair[0] {
            (*step, *parent) = (StepId(number), block.map(StepId));
        }
        if let EventKind::StepFinished {
            step, outcome: own, ..
        } = &mut pair[1]
        {
            (*step, *own) = (StepId(number), outcome.clone());
        }
        told.extend(pair);
    }
    kinds.splice(1..1, told);
    kinds
}

/// Two soft failures and the one in a part file that ended the scenario.
fn three() -> Vec<(Option<usize>, Outcome)> {
    vec![
        (
            None,
            failure_at("scenarios/editor/save.yaml", 7, "the first is missing"),
        ),
        (None, Outcome::Passed),
        (
            None,
            failure_at("scenarios/editor/save.yaml", 8, "the second\nis missing"),
        ),
        (
            None,
            failure_at("scenarios/parts/close.yaml", 4, "it does not close"),
        ),
    ]
}

#[test]
fn everything_that_went_wrong_is_an_element_and_the_first_and_the_last_list_all() {
    let xml = common(of_steps(&three()));
    let bodies: Vec<&str> = xml.split("<failure ").skip(1).collect();
    assert_eq!(bodies.len(), 3, "{xml}");
    let begins = [
        "message=\"the first is missing\" type=\"click\">the first is missing\nat repo/scenarios/editor/save.yaml:7:5\n",
        "message=\"the second is missing\" type=\"click\">the second is missing\nat repo/scenarios/editor/save.yaml:8:5\n",
        "message=\"it does not close\" type=\"click\">it does not close\nat repo/scenarios/parts/close.yaml:4:5\n",
    ];
    for (body, begin) in bodies.iter().zip(begins) {
        assert!(body.starts_with(begin), "{body}");
    }
    let all = "\
everything that went wrong:
  1. the first is missing (at repo/scenarios/editor/save.yaml:7:5)
  2. the second is missing (at repo/scenarios/editor/save.yaml:8:5)
  3. it does not close (at repo/scenarios/parts/close.yaml:4:5)
the last steps:
  1. screenshot-assert saved (failed, 1.23 s)
</failure>";
    assert!(bodies[0].contains(all), "{}", bodies[0]);
    let list = "everything that went wrong:\n  1. ";
    assert!(
        !bodies[1].contains(list) && bodies[2].contains(list),
        "{xml}"
    );
    // One case failed, however many steps of it.
    assert_eq!(
        xml.matches(r#"tests="1" failures="1" errors="0""#).count(),
        2,
        "{xml}"
    );
}

#[test]
fn a_case_has_the_file_and_the_line_that_failed_also_in_a_part() {
    let in_part = three().split_off(3);
    let xml = common(of_steps(&in_part));
    let case = r#"<testcase name="Many" classname="repo.scenarios.editor.save" time="1.234" file="repo/scenarios/parts/close.yaml" line="4">"#;
    assert!(xml.contains(case), "{xml}");
    let xml = common(scenario(0, "Good", &Outcome::Passed));
    assert!(
        xml.contains(r#"file="repo/scenarios/editor/save.yaml" line="2">"#),
        "{xml}"
    );
}

#[test]
fn what_was_tried_again_and_then_passed_is_no_failure() {
    let missing = failure_at("a.yaml", 5, "missing at the first attempt");
    let steps = [
        (None, Outcome::Passed),
        (Some(1), missing),
        (Some(1), Outcome::Passed),
        (None, failure()),
    ];
    let xml = common(of_steps(&steps));
    assert_eq!(xml.matches("<failure ").count(), 1, "{xml}");
    assert!(
        xml.contains("<failure message=\"the screen differs"),
        "{xml}"
    );
}

#[test]
fn a_failure_of_a_block_is_told_once_at_the_step_inside() {
    let steps = [(None, failure()), (Some(1), failure())];
    let xml = common(of_steps(&steps));
    assert_eq!(xml.matches("<failure ").count(), 1, "{xml}");
}

#[test]
fn a_check_that_is_only_noted_is_told_in_a_case_that_passed() {
    let xml = common(of_steps(&[(None, noted()), (None, Outcome::Passed)]));
    assert!(!xml.contains("<failure"), "{xml}");
    let steps = "1. screenshot-assert saved (noted: there is no update)";
    assert!(xml.contains(steps), "{xml}");
    let told = "noted: there is no update (at repo/scenarios/editor/save.yaml:7:5)\n</system-out>";
    assert!(xml.contains(told), "{xml}");
    assert_eq!(xml.matches("<system-out>").count(), 1, "{xml}");
}

#[test]
fn what_ends_a_scenario_after_a_soft_failure_is_told_too() {
    let mut kinds = of_steps(&three()[..1]);
    let last = kinds.len() - 1;
    if let EventKind::ScenarioFinished { outcome, .. } = &mut kinds[last] {
        *outcome = trouble();
    }
    let xml = common(kinds.clone());
    assert!(
        xml.contains("<failure message=\"the first is missing\""),
        "{xml}"
    );
    assert!(
        xml.contains("<error message=\"`xvfb` did not start\""),
        "{xml}"
    );
    assert!(
        xml.contains("  2. `xvfb` did not start (at repo/scenarios/editor/save.yaml:2:5)\n"),
        "{xml}"
    );
    let lists = xml.matches("everything that went wrong:\n").count();
    assert_eq!(lists, 2, "{xml}");
    if let EventKind::ScenarioFinished { outcome, .. } = &mut kinds[last] {
        *outcome = Outcome::Interrupted;
    }
    let xml = common(kinds);
    assert!(
        xml.contains("<failure message=\"the first is missing\""),
        "{xml}"
    );
    assert!(
        xml.contains("<error message=\"the run was interrupted\""),
        "{xml}"
    );
}

#[test]
fn failure_error_and_interrupt_stay_apart() {
    let mut kinds = scenario(0, "one", &failure());
    kinds.extend(scenario(1, "two", &trouble()));
    kinds.extend(scenario(2, "three", &Outcome::Interrupted));
    kinds.extend(scenario(3, "four", &Outcome::Passed));
    kinds.extend(scenario(4, "five", &Outcome::Skipped));
    let xml = common(kinds);
    let counts = r#"tests="5" failures="1" errors="2" skipped="1""#;
    assert_eq!(xml.matches(counts).count(), 2, "{xml}");
    for element in [
        r#"<error message="`xvfb` did not start" type="desktop">"#,
        r#"<error message="the run was interrupted" type="interrupted">"#,
        "<skipped/>",
    ] {
        assert!(xml.contains(element), "{xml}");
    }
}

#[test]
fn all_steps_are_one_property() {
    let xml = common(of_steps(&three()));
    let steps = "<property name=\"steps\" value=\"\
        1. screenshot-assert saved (failed)&#10;2. screenshot-assert saved (passed)&#10;\
        3. screenshot-assert saved (failed)&#10;4. screenshot-assert saved (failed)\"/>";
    assert!(xml.contains(steps), "{xml}");
    assert_eq!(xml.matches("<property ").count(), 2, "{xml}");
}

#[test]
fn two_scenarios_of_one_name_stay_two_cases() {
    let mut kinds = scenario(0, "same", &Outcome::Passed);
    kinds.extend(scenario(1, "same", &Outcome::Passed));
    let xml = common(kinds);
    assert!(xml.contains(r#"<testcase name="same" "#), "{xml}");
    assert!(xml.contains(r#"<testcase name="same (2)" "#), "{xml}");
}

/// What is in an element of an attempt.
const RERUN: &str = "stackTrace system-out system-err";

/// What `junit-10.xsd` of Jenkins' xUnit plugin declares: each element with the
/// attributes that it must have, those that it may have, and the elements in it, in
/// any order. Only elements without others may hold text.
const SCHEMA: [(&str, &str, &str, &str); 14] = [
    (
        "testsuites",
        "",
        "name time tests failures errors",
        "testsuite",
    ),
    (
        "testsuite",
        "name tests failures errors",
        "group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    ("properties", "", "", "property"),
    ("property", "name value", "", ""),
    (
        "testcase",
        "name",
        "time classname group",
        "skipped error failure rerunFailure rerunError flakyFailure flakyError system-out system-err",
    ),
    ("rerunFailure", "type", "message", RERUN),
    ("rerunError", "type", "message", RERUN),
    ("flakyFailure", "type", "message", RERUN),
    ("flakyError", "type", "message", RERUN),
    ("stackTrace", "", "", ""),
    ("skipped", "", "type message", ""),
    ("error", "", "type message", ""),
    ("failure", "", "type message", ""),
    ("system-out", "", "", ""),
];

/// What the schema does not allow of a report, each thing once.
fn refused(xml: &str) -> BTreeSet<String> {
    let mut refused = BTreeSet::new();
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<String> = Vec::new();
    loop {
        let event = reader.read_event().unwrap();
        let (Event::Start(start) | Event::Empty(start)) = &event else {
            match event {
                Event::End(_) => drop(open.pop()),
                Event::Eof => return refused,
                _ => {}
            }
            continue;
        };
        let name = start.name().0.to_owned();
        let declared = |name: &str| SCHEMA.into_iter().find(|it| it.0 == name);
        let above = open.last().and_then(|above| declared(above));
        let mut allowed = above.map_or("testsuites", |above| above.3).split(' ');
        if !allowed.any(|it| it == name) {
            refused.insert(format!("{}/{name}", open.last().map_or("", |it| it)));
        }
        let (_, required, optional, _) = declared(&name).unwrap();
        let given: Vec<String> = start
            .attributes()
            .map(|attribute| attribute.unwrap().key.0.to_owned())
            .collect();
        for attribute in &given {
            let mut known = required.split(' ').chain(optional.split(' '));
            if !known.any(|it| it == attribute) {
                refused.insert(format!("{name}@{attribute}"));
            }
        }
        for attribute in required.split(' ').filter(|it| !it.is_empty()) {
            if !given.iter().any(|it| it == attribute) {
                refused.insert(format!("{name} without {attribute}"));
            }
        }
        if matches!(event, Event::Start(_)) {
            open.push(name);
        }
    }
}

/// A run with everything that a report can have.
fn everything() -> Vec<EventKind> {
    let mut kinds = of_steps(&three());
    for (number, outcome) in (1..).zip([
        Outcome::Passed,
        Outcome::Skipped,
        Outcome::Interrupted,
        trouble(),
        failure(),
    ]) {
        let mut more = scenario(number, "More", &outcome);
        if let EventKind::ScenarioStarted { scenario, .. } = &mut more[0] {
            *scenario = ScenarioId(number);
        }
        kinds.extend(more);
    }
    kinds.extend(tried(6, &[failure(), Outcome::Flaky]));
    kinds.extend(tried(7, &[trouble(), failure()]));
    kinds.push(left_out(8, "it has no tag `smoke`"));
    kinds
}

#[test]
fn the_xunit_dialect_has_only_what_its_schema_allows() {
    let strict = written(everything(), Dialect::Xunit);
    assert_eq!(refused(&strict), BTreeSet::new(), "{strict}");
    let common = common(everything());
    let beyond = [
        "testcase/properties",
        "testcase@file",
        "testcase@line",
        "testsuites@skipped",
    ];
    assert_eq!(refused(&common), beyond.map(str::to_owned).into());
    for element in [
        "<failure ",
        "<error ",
        "<skipped",
        "<system-out>",
        "<flakyFailure ",
        "<rerunFailure ",
    ] {
        let counts = [&strict, &common].map(|xml| xml.matches(element).count());
        assert_eq!(counts[0], counts[1], "{element}");
    }
}

#[test]
fn text_from_outside_leaves_the_report_readable() {
    let hostile = "a\u{ffff}b\u{fffe}\0\u{1b}##[c]]>\u{85}<![CDATA[&amp;";
    let mut outcome = failure_at(hostile, 3, hostile);
    if let Outcome::Failed(failure) = &mut outcome {
        failure.expected = "a click\n::error::x".to_owned();
        // What XML forbids must not be what keeps a command apart.
        failure.seen = "#\0#[error]\n:\u{ffff}:error::y\n:\r:error::z".to_owned();
    }
    let mut kinds = scenario(0, hostile, &outcome);
    if let EventKind::StepFinished { artifacts, .. } = &mut kinds[2] {
        artifacts[0].path = hostile.to_owned();
    }
    if let EventKind::StepStarted { title, .. } = &mut kinds[1] {
        hostile.clone_into(title);
    }
    let xml = common(kinds);
    let is_forbidden =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!xml.contains(is_forbidden), "{xml:?}");
    assert!(
        !xml.contains("&#0;") && !xml.contains("CDATA[&amp;\""),
        "{xml}"
    );
    assert!(
        xml.contains("message=\"ab# #[c]]&gt;") && xml.contains("\">ab# #[c]]&gt;"),
        "{xml}"
    );
    assert!(
        xml.contains("expected: a click\n          : :error::x\n"),
        "{xml}"
    );
    assert!(
        xml.contains("# #[error]\n          : :error::y\n          : :error::z\n"),
        "{xml}"
    );
    refused(&xml);
    assert!(
        xml.contains("name=\"ab##[c]]&gt;&lt;![CDATA[&amp;amp;\""),
        "{xml}"
    );
}
