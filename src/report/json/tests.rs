use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::{
    event::{Artifact, ArtifactKind, ChangeKind, Event, EventKind, ScenarioId, StepId},
    geometry::Point,
    report::tests::{differing, failure, flaky, folded, noted, place, scenario, trouble},
};

/// A run that has something of everything.
fn everything() -> RunLog {
    let mut kinds = flaky();
    kinds.extend(scenario(1, "No desktop", &trouble()));
    kinds.extend(scenario(2, "It saves", &differing()));
    kinds.extend(scenario(3, "Noted", &noted()));
    kinds.extend(scenario(4, "It opens", &Outcome::Passed));
    if let Some(EventKind::StepStarted { parent, .. }) = kinds.get_mut(9) {
        *parent = Some(StepId(2));
    }
    kinds.push(EventKind::ScenarioSkipped {
        scenario: ScenarioId(5),
        name: "Slow".to_owned(),
        place: place(1),
        tags: vec!["slow".to_owned()],
        reason: "it has the tag `slow`".to_owned(),
        shard: None,
        expected: None,
    });
    let mut log = folded(kinds);
    log.shard = Shard::new(1, 2);
    log.missing = Shard::new(2, 2).into_iter().collect();
    let video = Artifact::new(ArtifactKind::Video, "save/demo.mp4");
    log.scenarios[2].artifacts.push(video);
    log
}

fn document(log: &RunLog) -> Value {
    json(log, &|file| format!("app/{file}"))
}

fn errors(value: &Value) -> Vec<String> {
    let validator = jsonschema::draft7::new(&json_schema()).unwrap();
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn a_document_says_what_came_of_each_scenario() {
    let document = document(&everything());
    assert_eq!(document["outcome"], "error");
    assert_eq!(document["counts"]["failed"], 1);
    let outcomes: Vec<&str> = document["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scenario| scenario["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["flaky", "error", "failed", "noted", "passed"]);
    let saved = &document["scenarios"][2];
    assert_eq!(saved["file"], "app/scenarios/editor/save.yaml");
    let finding = &saved["attempts"][0]["findings"][0];
    assert_eq!(finding["place"]["line"], 9);
    assert_eq!(finding["expected"], "at most 0 differing pixels");
    assert_eq!(finding["video"]["recording"], "demo");
    assert_eq!(finding["step"], 1);
    let moved = &finding["changes"]["told"][0];
    assert_eq!(
        (&moved["is"], &moved["by"]["y"]),
        (&"moved".into(), &3.into())
    );
    let artifacts = &saved["attempts"][0]["steps"][0]["artifacts"];
    assert_eq!(artifacts[1]["kind"], "comparison");
    let flaky = document["scenarios"][0]["attempts"].as_array().unwrap();
    assert_eq!(flaky.len(), 2);
    assert_eq!(flaky[0]["findings"][0]["message"], "it is missing");
    assert_eq!(flaky[1]["findings"], Value::Array(Vec::new()));
    assert_eq!(document["skipped"][0]["reason"], "it has the tag `slow`");
}

#[test]
fn every_document_is_valid() {
    assert_eq!(errors(&document(&everything())), [""; 0]);
    assert_eq!(errors(&document(&RunLog::default())), [""; 0]);
    // A run that is cut off at any event.
    let kinds = scenario(0, "It saves", &failure());
    for end in 0..=kinds.len() {
        let mut log = RunLog::default();
        for kind in &kinds[..end] {
            log.apply(&Event::now(kind.clone()));
        }
        assert_eq!(errors(&document(&log)), [""; 0], "{end}");
    }
}

#[test]
fn a_key_that_the_schema_does_not_know_is_refused() {
    let mut document = document(&everything());
    document["scenarios"][0]["attempts"][0]["levitated"] = Value::Bool(true);
    assert_eq!(errors(&document).len(), 1);
}

/// The names of all keys, of a schema or of a document.
fn keys(value: &Value, is_schema: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let names = is_schema && name == "properties";
                match value {
                    Value::Object(properties) if names => {
                        found.extend(properties.keys().cloned());
                    }
                    _ => {}
                }
                if !is_schema {
                    found.insert(name.clone());
                }
                keys(value, is_schema, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, is_schema, found)),
        _ => {}
    }
}

#[test]
fn the_schema_has_no_key_that_no_document_has() {
    let (mut known, mut used) = (BTreeSet::new(), BTreeSet::new());
    keys(&json_schema(), true, &mut known);
    keys(&document(&everything()), false, &mut used);
    assert_eq!(known, used);
}

#[test]
fn the_schema_knows_every_kind_of_change() {
    let kinds = [
        ChangeKind::Moved {
            by: Point::default(),
        },
        ChangeKind::Recoloured,
        ChangeKind::Gone,
        ChangeKind::New,
        ChangeKind::Text {
            from: String::new(),
            to: String::new(),
        },
        ChangeKind::Caret,
        ChangeKind::Smoothing,
        ChangeKind::Changed,
    ];
    let words = kinds.map(|kind| serde_json::to_value(&kind).unwrap()["is"].clone());
    assert_eq!(words, schema::CHANGES);
}

#[test]
fn the_schema_knows_every_kind_of_file() {
    let kinds = [
        ArtifactKind::Comparison,
        ArtifactKind::Expected,
        ArtifactKind::Actual,
        ArtifactKind::Tree,
        ArtifactKind::Diff,
        ArtifactKind::Screenshot,
        ArtifactKind::Video,
        ArtifactKind::Frames,
        ArtifactKind::Timeline,
        ArtifactKind::Log,
        ArtifactKind::File,
        ArtifactKind::Trace,
    ];
    let words = kinds.map(|kind| serde_json::to_value(kind).unwrap());
    assert_eq!(words, schema::KINDS);
}
