//! The API as its description says it.

use std::time::Duration;

use deskhand::server::LocalDesktop;
use reqwest::{Method, Response};
use serde_json::{Map, Value, json};

use crate::{
    document::{Document, Operation},
    place::Place,
};

struct Caller<'d> {
    desktop: &'d LocalDesktop,
    http: reqwest::Client,
}

impl<'d> Caller<'d> {
    fn new(desktop: &'d LocalDesktop) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { desktop, http }
    }

    async fn call(&self, method: &Method, path: &str, body: Option<&Value>) -> Response {
        let url = format!("{}{path}", self.desktop.url());
        let mut request = self.http.request(method.clone(), url);
        request = request.bearer_auth(self.desktop.token());
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        request.send().await.unwrap()
    }
}

/// A path of the operation that leads somewhere.
fn path(operation: &Operation, recording: &str) -> String {
    let path = operation.path.replace("{name}", "x11vnc");
    let query = match operation.id.as_str() {
        "read_file" | "write_file" => "?path=a/note.txt",
        _ => "",
    };
    path.replace("{id}", recording) + query
}

/// A body that the operation takes.
fn body(operation: &Operation) -> Option<Value> {
    Some(match operation.id.as_str() {
        "resize_screen" => json!({"width": 800, "height": 600}),
        "screenshot_region" => json!({"x": 0, "y": 0, "width": 10, "height": 10}),
        "move_pointer" => json!({"x": 5, "y": 5}),
        "click" => json!({"x": 5, "y": 5, "button": 1}),
        "drag" => json!({"from_x": 5, "from_y": 5, "to_x": 6, "to_y": 6, "button": 1}),
        "scroll" => json!({"direction": "up", "amount": 1}),
        "type_text" => json!({"text": "a"}),
        "press_key" => json!({"key": "Escape"}),
        "hotkey" => json!({"keys": ["ctrl", "Escape"]}),
        "execute" => json!({"command": "echo hello; exit 3", "timeout": 5}),
        "write_file" => json!("a note"),
        _ => return None,
    })
}

/// In an order in which each has something to work with.
fn in_order(document: &Document) -> Vec<Operation> {
    let mut operations = document.operations();
    let last = [
        "write_file",
        "read_file",
        "start_recording",
        "stop_recording",
        "get_recording",
        "download_recording",
        "recordings",
        "delete_recording",
    ];
    operations.sort_by_key(|operation| last.iter().position(|id| *id == operation.id));
    operations
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_it_is_described() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    let (document, caller) = (Document::read(), Caller::new(&desktop));
    let mut recording = "rec_0".to_owned();
    for operation in in_order(&document) {
        let id = operation.id.as_str();
        let path = path(&operation, &recording);
        let mut answer = caller
            .call(&operation.method, &path, body(&operation).as_ref())
            .await;
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
                recording = value["id"].as_str().unwrap().to_owned();
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            document
                .check(&schema, &value)
                .unwrap_or_else(|why| panic!("{id}: {why}\n{value}"));
        }
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_method_and_path_is_refused_in_the_same_shape() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    let (document, caller) = (Document::read(), Caller::new(&desktop));
    for operation in document.operations() {
        let answer = caller
            .call(&Method::PATCH, &path(&operation, "rec_0"), None)
            .await;
        assert_eq!(answer.status().as_u16(), 405, "{}", operation.path);
        assert!(answer.headers().contains_key("allow"), "{}", operation.path);
        let error: Value = answer.json().await.unwrap();
        assert!(error["message"].is_string(), "{error}");
        let beside = format!("{}/x", operation.path.trim_end_matches('/'));
        let answer = caller.call(&Method::GET, &path_of(&beside), None).await;
        assert_eq!(answer.status().as_u16(), 404, "{beside}");
    }
    desktop.shut_down().await;
}

fn path_of(template: &str) -> String {
    template.replace(['{', '}'], "")
}

/// What a field may be and must not be, at its bounds.
fn at_the_bounds(about: &Value) -> (Vec<Value>, Vec<Value>) {
    let mut good = Vec::new();
    let mut bad = vec![json!({}), json!([[]])];
    match about["type"].as_str() {
        Some("integer") => {
            let (low, high) = (about["minimum"].as_i64(), about["maximum"].as_i64());
            good.extend([low, high].into_iter().flatten().map(Value::from));
            bad.extend(low.map(|low| json!(low - 1)));
            bad.extend(high.map(|high| json!(high + 1)));
            bad.extend([json!(1.5), json!("1"), json!(true), json!(1e300)]);
        }
        Some("string") => {
            if let Some(words) = about["enum"].as_array() {
                good.extend(words.clone());
                bad.push(json!("no such word"));
            }
            bad.extend([json!(1), json!(false)]);
        }
        Some("array") => bad.extend([json!("ctrl"), json!([1])]),
        _ => bad.clear(),
    }
    (good, bad)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_is_held_to_its_bounds_and_told_by_its_name() {
    let place = Place::new();
    let options = deskhand::server::Options {
        resizable_to: Some(deskhand::server::Options::LARGEST),
        ..place.options()
    };
    let (desktop, _) = place.desktop_with(options).await;
    let (document, caller) = (Document::read(), Caller::new(&desktop));
    for operation in document.operations() {
        let Some(schema) = &operation.body else {
            continue;
        };
        let whole = body(&operation).unwrap();
        for (field, about) in document.fields(schema) {
            let (good, bad) = at_the_bounds(&about);
            let with = |value: &Value| {
                let mut body: Map<String, Value> = whole.as_object().unwrap().clone();
                body.insert(field.clone(), value.clone());
                Value::Object(body)
            };
            for value in good {
                let answer = caller
                    .call(&operation.method, &operation.path, Some(&with(&value)))
                    .await;
                // What lies beyond this screen is a matter of this screen.
                let outside =
                    operation.id == "screenshot_region" && answer.status().as_u16() == 400;
                assert!(
                    answer.status().is_success() || outside,
                    "{} {field} {value}",
                    operation.id
                );
            }
            for value in bad {
                let answer = caller
                    .call(&operation.method, &operation.path, Some(&with(&value)))
                    .await;
                assert_eq!(
                    answer.status().as_u16(),
                    400,
                    "{} {field} {value}",
                    operation.id
                );
                let error: Value = answer.json().await.unwrap();
                assert_eq!(error["message"], "Invalid request");
                assert_eq!(error["errors"][0]["field"], field.as_str(), "{error}");
                let described = json!({"$ref": "#/components/schemas/ValidationError"});
                document.check(&described, &error).unwrap();
            }
        }
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_held_to_the_same_bounds() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    let caller = Caller::new(&desktop);
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
        let answer = caller
            .call(&Method::GET, &format!("/api/screenshot?{query}"), None)
            .await;
        assert_eq!(answer.status().as_u16(), status, "{query}");
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_to_hold_are_known_few_and_different() {
    let place = Place::new();
    let (desktop, _) = place.desktop().await;
    let caller = Caller::new(&desktop);
    for (keys, status) in [
        (json!([]), 200),
        (json!(["shift", "ctrl", "alt", "super"]), 200),
        (json!(["shift", "Shift_L"]), 400),
        (json!(["shfit"]), 400),
        (json!(["shift", "ctrl", "alt", "super", "a"]), 400),
    ] {
        let body = json!({"modifiers": keys});
        let answer = caller
            .call(&Method::POST, "/api/input/click", Some(&body))
            .await;
        assert_eq!(answer.status().as_u16(), status, "{keys}");
        if status == 400 {
            let error: Value = answer.json().await.unwrap();
            assert_eq!(error["errors"][0]["field"], "modifiers", "{error}");
        }
    }
    desktop.shut_down().await;
}
