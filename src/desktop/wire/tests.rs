//! The description of the API is that of this client and this server.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use super::{
    Extensions, limits,
    operation::{OPERATIONS, Operation, extension_of},
};
use crate::widget::Role;

fn document() -> Value {
    let text = include_str!("../../../schema/desktop-api.openapi.json");
    serde_json::from_str(text).expect("a description in JSON")
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

#[test]
fn the_description_has_the_operations_of_the_table_and_no_others() {
    let document = document();
    let mut described = BTreeSet::new();
    for (path, methods) in members(&document["paths"]) {
        if path.starts_with("/api/") {
            described.extend(members(methods).map(|(method, about)| {
                let id = about["operationId"].as_str().unwrap_or_default();
                format!("{id}: {} {path}", method.to_uppercase())
            }));
        }
    }
    let table = OPERATIONS.iter().map(|it| format!("{}: {it}", it.id));
    assert_eq!(described, table.collect());
}

#[test]
fn an_operation_that_only_some_desktops_have_is_announced_and_described_as_such() {
    let document = document();
    for operation in OPERATIONS {
        let method = operation.method.as_str().to_lowercase();
        let about = &document["paths"][operation.path][method];
        let says = about["description"].as_str().unwrap_or_default();
        let Some(extension) = operation.extension else {
            assert!(!says.contains("announced as"), "{operation}");
            continue;
        };
        let name = extension.name;
        assert!(Extensions::all().has(name), "{operation}");
        assert!(
            says.contains(&format!("announced as `{name}`")),
            "{operation}"
        );
    }
}

#[test]
fn every_extension_is_described_with_all_its_operations_and_no_others() {
    let document = document();
    let place = "/components/schemas/Extensions/properties/items/description";
    let about = document.pointer(place).and_then(Value::as_str);
    let (_, list) = about
        .and_then(|text| text.split_once(": "))
        .expect("a list");
    let mut described = Vec::new();
    for entry in list.trim_end_matches('.').split("; ") {
        let (name, what) = entry.split_once(" is ").expect(entry);
        let name = name.trim_matches('`');
        let quoted: Vec<&str> = what.split('`').skip(1).step_by(2).collect();
        for operation in OPERATIONS {
            let is_named =
                quoted.contains(&operation.path) || quoted.contains(&&*operation.to_string());
            match operation.extension {
                Some(extension) if extension.name == name => assert!(is_named, "{operation}"),
                Some(_) => assert!(!is_named, "{operation} is no part of `{name}`"),
                None => {}
            }
        }
        for path in quoted.iter().filter(|quoted| quoted.contains('/')) {
            let is_there = |it: &&Operation| it.path == *path || it.to_string() == *path;
            assert!(OPERATIONS.iter().any(is_there), "{path} of `{name}`");
        }
        described.push(name.to_owned());
    }
    described.sort();
    let mut known = Extensions::all().items;
    known.sort();
    assert_eq!(described, known);
}

#[test]
fn a_request_is_a_part_of_the_extension_that_has_its_operation() {
    for (method, path, extension) in [
        (Method::POST, "/api/windows/0x1", Some("windows")),
        (
            Method::GET,
            "/api/recordings/rec_1/frames",
            Some("clean-recordings"),
        ),
        (Method::GET, "/api/recordings/rec_1", None),
        (Method::GET, "/api/display/windows", None),
        (Method::POST, "/api/windows", None),
        (Method::PUT, "/api/files", Some("files")),
        (Method::POST, "/api/files", None),
    ] {
        assert_eq!(extension_of(&method, path), extension, "{method} {path}");
    }
}

#[test]
fn the_description_has_the_roles_of_widgets() {
    let document = document();
    let roles = |place: &str| -> Vec<String> {
        let words = document.pointer(&format!("{place}/enum"));
        let words = words.and_then(Value::as_array).into_iter().flatten();
        words.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let asked = "/components/schemas/FindWidgetsRequest/properties/role";
    assert_eq!(roles(asked), Role::NAMES);
    let told = roles("/components/schemas/WidgetRole");
    let generic = Role::Generic.name();
    assert_eq!(told, [&Role::NAMES[..], &[generic]].concat());
}

/// Every field and parameter that has a greatest value, length or number, as
/// `ClickRequest.x 0 32767`.
fn bounds(document: &Value) -> BTreeSet<String> {
    fn add(owner: &str, name: &str, about: &Value, found: &mut BTreeSet<String>) {
        for (least, most) in [
            ("minimum", "maximum"),
            ("minItems", "maxItems"),
            ("minLength", "maxLength"),
        ] {
            if let Some(most) = about[most].as_u64() {
                let least = about[least].as_i64().unwrap_or(0);
                found.insert(format!("{owner}.{name} {least} {most}"));
            }
        }
        if about["items"].is_object() {
            add(owner, &format!("{name}[]"), &about["items"], found);
        }
    }
    let mut found = BTreeSet::new();
    for (schema, about) in members(&document["components"]["schemas"]) {
        for (field, about) in members(&about["properties"]) {
            add(schema, field, about, &mut found);
        }
    }
    for about in members(&document["paths"]).flat_map(|(_, methods)| members(methods)) {
        let parameters = about.1["parameters"].as_array().into_iter().flatten();
        for parameter in parameters {
            let id = about.1["operationId"].as_str().unwrap_or_default();
            let name = parameter["name"].as_str().unwrap_or_default();
            add(id, name, &parameter["schema"], &mut found);
        }
    }
    found
}

#[test]
fn the_bounds_of_the_description_are_those_that_are_kept() {
    let (widest, longest) = (*limits::COORDINATE.end(), *limits::SIDE.end());
    let wait = limits::WAIT.as_millis();
    let count = limits::COUNT;
    let mut kept = BTreeSet::new();
    let mut keep = |owners: &[&str], fields: &[&str], least: &dyn ToString, most: &dyn ToString| {
        for (owner, field) in owners
            .iter()
            .flat_map(|owner| fields.iter().map(move |field| (owner, field)))
        {
            let (least, most) = (least.to_string(), most.to_string());
            kept.insert(format!("{owner}.{field} {least} {most}"));
        }
    };
    let parts = ["screenshot", "stack", "calm", "damage", "frame"];
    let places = [
        "Position",
        "Clicked",
        "MovePointerRequest",
        "ClickRequest",
        "HoldRequest",
    ];
    let least = limits::COORDINATE.start();
    keep(&parts, &["x", "y"], least, &widest);
    keep(&places, &["x", "y"], least, &widest);
    keep(&parts, &["width", "height"], &0, &longest);
    keep(&["ScreenshotRegionRequest"], &["x", "y"], least, &widest);
    let ends = ["from_x", "from_y", "to_x", "to_y"];
    keep(&["DragRequest"], &ends, least, &widest);
    macro_rules! within {
        ($($owner:literal $field:literal $bounds:expr),* $(,)?) => {
            $(keep(&[$owner], &[$field], $bounds.start(), $bounds.end());)*
        };
    }
    within! {
        "ScreenshotRegionRequest" "width" limits::SIDE,
        "ScreenshotRegionRequest" "height" limits::SIDE,
        "ResizeScreenRequest" "width" limits::WIDTH,
        "ResizeScreenRequest" "height" limits::HEIGHT,
        "ScreenshotRegionRequest" "quality" limits::QUALITY,
        "screenshot" "quality" limits::QUALITY,
        "ClickRequest" "button" limits::BUTTON,
        "DragRequest" "button" limits::BUTTON,
        "HoldRequest" "button" limits::BUTTON,
        "ScrollRequest" "amount" limits::NOTCHES,
        "HotkeyRequest" "keys" limits::CHORD,
        "ExecuteRequest" "timeout" limits::COMMAND,
        "CreateSandboxRequest" "vcpu" limits::VCPU,
        "CreateSandboxRequest" "memory" limits::MEMORY,
        "CreateSandboxRequest" "timeout" limits::LIFETIME,
        "PresignedUrlRequest" "port" limits::PORT,
        "PresignedUrlRequest" "expires_in" limits::OPENED,
        "TreeRequest" "max_depth" limits::TREE_DEPTH,
        "list_sandboxes" "page" limits::PAGE,
        "list_sandboxes" "page-size" limits::PAGE_SIZE,
        "damage" "since" count,
        "ArrangeWindowRequest" "x" limits::WINDOW_PLACE,
        "ArrangeWindowRequest" "y" limits::WINDOW_PLACE,
        "ArrangeWindowRequest" "width" limits::SIDE,
        "ArrangeWindowRequest" "height" limits::SIDE,
    }
    let numbers = ["offset", "limit", "head", "tail"];
    keep(&["ReadFileRequest"], &numbers, count.start(), count.end());
    keep(&["damage", "ArrangeWindowRequest"], &["wait"], &0, &wait);
    let held = ["ClickRequest", "DragRequest"];
    keep(&held, &["modifiers"], &0, &limits::HELD_KEYS);
    keep(&["HoldRequest"], &["keys"], &0, &limits::HELD_KEYS);
    keep(&["TypeTextRequest"], &["text"], &0, &limits::TEXT);
    keep(&["ReadFilesRequest"], &["paths"], &0, &limits::FILES);
    keep(&["EditFilesRequest"], &["files"], &1, &limits::FILES);
    keep(&["EditFileRequest"], &["edits"], &1, &limits::EDITS);
    let walks = [
        "ListFilesRequest",
        "TreeRequest",
        "GlobRequest",
        "GrepRequest",
    ];
    keep(&walks, &["exclude"], &0, &limits::PATTERNS);
    keep(&walks, &["exclude[]"], &0, &limits::PATTERN);
    keep(&["GlobRequest"], &["pattern"], &0, &limits::PATTERN);
    let texts = ["name", "value"];
    keep(&["FindWidgetsRequest"], &texts, &0, &limits::WIDGET_TEXT);
    keep(&["WidgetsFound"], &["items"], &0, &limits::WIDGETS);
    keep(&["WidgetsFound"], &["near"], &0, &limits::NEAR_WIDGETS);
    keep(&["GrepRequest"], &["include"], &0, &limits::PATTERN);
    assert_eq!(bounds(&document()), kept);
}
