//! The API as its description says it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::{
    described::{Described, body},
    document::{Document, Operation},
    place::Place,
};

/// In an order in which each has something to work with.
fn in_order(document: &Document) -> Vec<Operation> {
    let mut operations = document.operations();
    let last = [
        "get_sandbox",
        "write_file",
        "read_file",
        "start_recording",
        "stop_recording",
        "get_recording",
        "download_recording",
        "recorded_frames",
        "recordings",
        "delete_recording",
        "delete_sandbox",
    ];
    operations.sort_by_key(|operation| last.iter().position(|id| *id == operation.id));
    operations
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_it_is_described() {
    let place = Place::new();
    let mut described = Described::new(&place).await;
    for operation in in_order(&described.document) {
        let id = operation.id.as_str();
        let mut answer = described.call_well(&operation).await;
        let status = answer.status().as_u16();
        assert!(answer.status().is_success(), "{id}: {status}");
        assert!(operation.statuses.contains(&status), "{id}: {status}");
        if id == "status_stream" {
            let first = answer.chunk().await.unwrap().unwrap();
            assert!(first.starts_with(b"data: {"), "{first:?}");
            continue;
        }
        if let Some(schema) = operation.answer(status) {
            let value: Value = answer.json().await.unwrap();
            if id == "start_recording" {
                described.recording = value["id"].as_str().unwrap().to_owned();
            }
            described
                .document
                .check(&schema, &value)
                .unwrap_or_else(|why| panic!("{id}: {why}\n{value}"));
        }
    }
    described.desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_method_and_path_is_refused_in_the_same_shape() {
    let place = Place::new();
    let described = Described::new(&place).await;
    for operation in described.document.operations() {
        let path = described.path(&operation);
        let answer = described.call(&Method::PATCH, &path, None).await;
        assert_eq!(answer.status().as_u16(), 405, "{}", operation.path);
        assert!(answer.headers().contains_key("allow"), "{}", operation.path);
        let error: Value = answer.json().await.unwrap();
        assert!(error["message"].is_string(), "{error}");
        let beside = format!("{}/x", operation.path.trim_end_matches('/'));
        let answer = described.call(&Method::GET, &path_of(&beside), None).await;
        assert_eq!(answer.status().as_u16(), 404, "{beside}");
    }
    described.desktop.shut_down().await;
}

fn path_of(template: &str) -> String {
    template.replace(['{', '}'], "")
}

/// What a field may be and must not be, at its bounds.
fn at_the_bounds(about: &Value) -> (Vec<Value>, Vec<Value>) {
    let mut good = Vec::new();
    let mut bad = vec![json!({}), json!([[]])];
    // An optional field may be null, too.
    let kind = about["type"].as_str().or(about["type"][0].as_str());
    match kind {
        Some("integer") => {
            let (low, high) = (about["minimum"].as_i64(), about["maximum"].as_i64());
            good.extend([low, high].into_iter().flatten().map(Value::from));
            bad.extend(low.map(|low| json!(low - 1)));
            bad.extend(high.map(|high| json!(high + 1)));
            bad.extend([json!(1.5), json!("1"), json!(true), json!(1e300)]);
        }
        Some("string") => {
            if let Some(words) = about["enum"].as_array() {
                good.extend(words.iter().filter(|word| !word.is_null()).cloned());
                bad.push(json!("no such word"));
            }
            bad.extend([json!(1), json!(false)]);
        }
        Some("boolean") => bad.extend([json!(1), json!("true")]),
        Some("array") => bad.extend([json!("ctrl"), json!([1])]),
        _ => bad.clear(),
    }
    (good, bad)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_is_held_to_its_bounds_and_told_by_its_name() {
    let place = Place::new();
    let described = Described::new(&place).await;
    for operation in described.document.operations() {
        let Some(schema) = &operation.body else {
            continue;
        };
        let whole = body(&operation).unwrap();
        for (field, about) in described.document.fields(schema) {
            let (good, bad) = at_the_bounds(&about);
            let with = |value: &Value| {
                let mut body: Map<String, Value> = whole.as_object().unwrap().clone();
                body.insert(field.clone(), value.clone());
                Value::Object(body)
            };
            // Each would be one more desktop.
            let good = good
                .into_iter()
                .filter(|_| operation.id != "create_sandbox");
            for value in good {
                let answer = described.call_with(&operation, &with(&value)).await;
                // What lies beyond this screen is a matter of this screen.
                let outside =
                    operation.id == "screenshot_region" && answer.status().as_u16() == 400;
                let is_good = answer.status().is_success() || outside;
                let said = answer.text().await.unwrap_or_default();
                assert!(is_good, "{} {field} {value}: {said}", operation.id);
            }
            for value in bad {
                let answer = described.call_with(&operation, &with(&value)).await;
                assert_eq!(
                    answer.status().as_u16(),
                    400,
                    "{} {field} {value}",
                    operation.id
                );
                let error: Value = answer.json().await.unwrap();
                assert_eq!(error["message"], "Invalid request");
                assert_eq!(error["errors"][0]["field"], field.as_str(), "{error}");
                let shape = json!({"$ref": "#/components/schemas/ValidationError"});
                described.document.check(&shape, &error).unwrap();
            }
        }
    }
    described.desktop.shut_down().await;
}

/// What the description and the desktop could take for different things.
fn doubtful() -> [Option<Value>; 7] {
    [
        None,
        Some(Value::Null),
        Some(json!(1280.0)),
        Some(json!(1e3)),
        Some(json!("1280")),
        Some(json!(true)),
        Some(json!(-1)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_takes_what_the_desktop_takes_and_nothing_else() {
    let place = Place::new();
    let described = Described::new(&place).await;
    let mut wrong = Vec::new();
    for operation in described.document.operations() {
        let Some(schema) = &operation.body else {
            continue;
        };
        let whole = body(&operation).unwrap();
        for (field, about) in described.document.fields(schema) {
            for value in doubtful() {
                let mut body = whole.as_object().unwrap().clone();
                body.remove(&field);
                body.extend(value.clone().map(|value| (field.clone(), value)));
                let body = Value::Object(body);
                let described_as_good = described.document.takes(schema, &body);
                let is_text = value.as_ref().is_some_and(Value::is_string);
                if (is_text && about["x-also-checked"].is_string())
                    || (described_as_good && operation.id == "create_sandbox")
                {
                    continue;
                }
                let answer = described.call_with(&operation, &body).await;
                let status = answer.status().as_u16();
                if described_as_good != (status != 400) {
                    let said = answer.text().await.unwrap();
                    wrong.push(format!("{} {body}: {status} {said}", operation.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    described.desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_held_to_the_same_bounds() {
    let place = Place::new();
    let described = Described::new(&place).await;
    for (query, status) in [
        ("", 200),
        ("width=0&height=0", 200),
        ("x=7&y=7&width=1&height=1&format=jpg&quality=100", 200),
        ("x=7", 200),
        ("width=10", 400),
        ("width=0&height=5", 400),
        ("x=-1", 400),
        ("x=1.0", 400),
        ("x=%31", 200),
        ("x=a", 400),
        ("quality=0", 400),
        ("quality=101&format=jpeg", 400),
        ("format=gif", 400),
        ("format=PNG", 400),
        ("x=1280&width=1&height=1", 400),
        ("x=%ff", 400),
        ("unknown=1", 200),
    ] {
        let answer = described
            .call(&Method::GET, &format!("/api/screenshot?{query}"), None)
            .await;
        assert_eq!(answer.status().as_u16(), status, "{query}");
    }
    described.desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_to_hold_are_known_few_and_different() {
    let place = Place::new();
    let described = Described::new(&place).await;
    for (keys, status) in [
        (json!([]), 200),
        (json!(["shift", "ctrl", "alt", "super"]), 200),
        (json!(["shift", "Shift_L"]), 400),
        (json!(["shfit"]), 400),
        (json!(["shift", "ctrl", "alt", "super", "a"]), 400),
    ] {
        let body = json!({"modifiers": keys});
        let answer = described
            .call(&Method::POST, "/api/input/click", Some(&body))
            .await;
        assert_eq!(answer.status().as_u16(), status, "{keys}");
        if status == 400 {
            let error: Value = answer.json().await.unwrap();
            assert_eq!(error["errors"][0]["field"], "modifiers", "{error}");
        }
    }
    described.desktop.shut_down().await;
}
