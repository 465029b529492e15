//! Masks, regions and needles that are drawn over a picture.

use std::fs;

use deskhand::{geometry::Size, vision::Frame};
use serde_json::{Value, json};

use super::project::{ACTUAL, Project, SCENARIO};

const AREA: &str = "{ x: 1, y: 2, width: 3, height: 4 }";

fn area(x: u32) -> Value {
    json!({ "x": x, "y": 2, "width": 3, "height": 4 })
}

#[test]
fn a_mask_is_written_into_the_step_and_a_second_one_joins_it() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let ask = |x: u32| {
        let body = json!({ "artifact": ACTUAL, "areas": [area(x)] });
        show.visitor().post("mask", &body)
    };
    let answer = ask(1);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let masked = SCENARIO.replace(
        "screenshot-assert: saved  # as",
        &format!("screenshot-assert: {{ baseline: saved, mask: [{AREA}] }}  # as"),
    );
    assert_eq!(project.text("scenarios/a.yaml"), masked);
    assert_eq!(ask(9).status, 200);
    let both = masked.replace(AREA, &format!("{AREA}, {}", AREA.replace("x: 1", "x: 9")));
    assert_eq!(project.text("scenarios/a.yaml"), both);
}

#[test]
fn the_region_of_a_step_moves_what_is_drawn_in_its_picture() {
    let text = SCENARIO.replace(
        "screenshot-assert: saved",
        "screenshot-assert: { baseline: saved, region: { x: 100, y: 200, width: 40, height: 30 } }",
    );
    let project = Project::with(&[("scenarios/a.yaml", &*text)]);
    let project = project.failing_at("scenarios/a.yaml", "saved");
    let show = project.show(&["artifacts"]);
    let body = json!({ "artifact": ACTUAL, "areas": [area(1)] });
    assert_eq!(show.visitor().post("mask", &body).status, 200);
    let masked = project.text("scenarios/a.yaml");
    let wanted = "mask: [{ x: 101, y: 202, width: 3, height: 4 }]";
    assert!(masked.contains(wanted), "{masked}");
    let body = json!({ "artifact": ACTUAL, "area": area(5) });
    assert_eq!(show.visitor().post("region", &body).status, 200);
    let text = project.text("scenarios/a.yaml");
    assert!(
        text.contains("region: { x: 105, y: 202, width: 3, height: 4 }"),
        "{text}"
    );
    // The picture is still the one of the run, whatever the step compares now.
    let body = json!({ "artifact": ACTUAL, "areas": [area(9)] });
    assert_eq!(show.visitor().post("mask", &body).status, 200);
    let text = project.text("scenarios/a.yaml");
    let wanted = "mask: [{ x: 101, y: 202, width: 3, height: 4 }, { x: 109, y: 202, width: 3, \
                  height: 4 }]";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn nothing_is_drawn_where_the_picture_shows_another_region_than_the_step_has() {
    let settings = |width: u32| {
        format!("version: 1\nregions:\n  list: {{ x: 9, y: 9, width: {width}, height: 30 }}\n")
    };
    let text = SCENARIO.replace(
        "screenshot-assert: saved",
        "screenshot-assert: { baseline: saved, region: list }",
    );
    let files = [
        ("scenarios/a.yaml", &*text),
        ("deskhand.yaml", &*settings(40)),
    ];
    let project = Project::with(&files).failing_at("scenarios/a.yaml", "saved");
    project.put("deskhand.yaml", settings(41).as_bytes());
    let show = project.show(&["artifacts"]);
    let body = json!({ "artifact": ACTUAL, "areas": [area(1)] });
    let answer = show.visitor().post("mask", &body);
    assert_eq!(answer.status, 422);
    assert!(
        answer.reason().contains("play it again first"),
        "{}",
        answer.reason()
    );
    assert_eq!(project.text("scenarios/a.yaml"), text);
}

#[test]
fn masks_of_the_project_stay_in_force() {
    let settings = "version: 1\nregions:\n  clock: { x: 7, y: 7, width: 7, height: 7 }\ndefaults:\n  \
                    screenshot: { mask: [clock] }\n";
    let project = Project::with(&[("scenarios/a.yaml", SCENARIO), ("deskhand.yaml", settings)]);
    let project = project.failing_at("scenarios/a.yaml", "saved");
    let show = project.show(&["artifacts"]);
    let body = json!({ "artifact": ACTUAL, "areas": [area(1)] });
    assert_eq!(show.visitor().post("mask", &body).status, 200);
    let text = project.text("scenarios/a.yaml");
    let wanted = format!("mask: [{{ x: 7, y: 7, width: 7, height: 7 }}, {AREA}]");
    assert!(text.contains(&wanted), "{text}");
}

#[test]
fn steps_of_parts_and_of_rows_are_written_in_their_one_place() {
    let scenario = "version: 1\nname: A\nmatrix:\n  - { lang: de }\n  - { lang: en }\nsteps:\n  \
                    - if: { text: x }\n    then:\n      - use: parts/b.yaml\n";
    let part = "version: 1\nsteps:\n  - screenshot-assert:\n      baseline: saved  # here\n";
    let files = [
        ("scenarios/a.yaml", scenario),
        ("scenarios/parts/b.yaml", part),
    ];
    let project = Project::with(&files).failing_at("scenarios/parts/b.yaml", "saved");
    let show = project.show(&["artifacts"]);
    let body = json!({ "artifact": ACTUAL, "areas": [area(1)] });
    let answer = show.visitor().post("mask", &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = project.text("scenarios/parts/b.yaml");
    assert_eq!(text, format!("{part}      mask: [{AREA}]\n"));
    assert_eq!(project.text("scenarios/a.yaml"), scenario);
}

#[test]
fn several_steps_of_a_file_are_found_after_each_change() {
    let text = "version: 1\nname: A\nsteps:\n  - screenshot-assert: saved\n  - press: Tab\n  \
                - screenshot-assert: { baseline: saved }\n";
    let project = Project::with(&[("scenarios/a.yaml", text)]);
    let project = project.failing_at("scenarios/a.yaml", "saved");
    let show = project.show(&["artifacts"]);
    for artifact in [ACTUAL, "a/saved.step-2.actual.png", ACTUAL] {
        let body = json!({ "artifact": artifact, "areas": [area(1)] });
        let answer = show.visitor().post("mask", &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let text = project.text("scenarios/a.yaml");
    assert_eq!(text.matches(AREA).count(), 3, "{text}");
    assert!(
        text.contains(&format!("{{ baseline: saved, mask: [{AREA}] }}\n")),
        "{text}"
    );
}

#[test]
fn what_cannot_be_written_safely_is_told_with_the_text_to_insert() {
    let anchored = SCENARIO.replace("- wait-ready", "- &all\n    press: Tab");
    let anchored = anchored.replace(
        "screenshot-assert: saved",
        "screenshot-assert: &all { baseline: saved }",
    );
    let cases = [
        (
            SCENARIO,
            SCENARIO.replace("wait-ready", "press: Tab"),
            "has changed since the run",
        ),
        (&*anchored, anchored.clone(), "an anchor or an alias"),
        (SCENARIO, SCENARIO.replace("version: 1", "version: 1 "), ""),
    ];
    for (then, now, words) in cases {
        let project = Project::with(&[("scenarios/a.yaml", then)]);
        let project = project.failing_at("scenarios/a.yaml", "saved");
        project.put("scenarios/a.yaml", now.as_bytes());
        let show = project.show(&["artifacts"]);
        let body = json!({ "artifact": ACTUAL, "areas": [area(1)] });
        let answer = show.visitor().post("mask", &body);
        // A change far from the step does no harm.
        if words.is_empty() {
            assert_eq!(answer.status, 200, "{}", answer.text());
            continue;
        }
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(answer.reason().contains(words), "{}", answer.reason());
        assert_eq!(answer.json()["insert"], format!("mask: [{AREA}]"));
        assert_eq!(project.text("scenarios/a.yaml"), now);
    }
}

#[test]
fn areas_outside_of_the_picture_are_refused() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    for areas in [
        json!([]),
        json!([{ "x": 39, "y": 0, "width": 2, "height": 1 }]),
        json!([{ "x": 0, "y": 0, "width": 0, "height": 1 }]),
        json!([{ "x": -1, "y": 0, "width": 2, "height": 1 }]),
    ] {
        let body = json!({ "artifact": ACTUAL, "areas": areas });
        let answer = show.visitor().post("mask", &body);
        assert_eq!(answer.status, 422, "{areas}");
        assert!(
            answer.reason().contains("which is 40x30"),
            "{}",
            answer.reason()
        );
    }
    assert_eq!(project.text("scenarios/a.yaml"), SCENARIO);
}

#[test]
fn a_needle_is_cut_out_and_saved_beside_the_scenario() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let ask = |name: &str, x: u32, replace: bool| {
        let area = json!({ "x": x, "y": 8, "width": 8, "height": 8 });
        let body = json!({ "artifact": ACTUAL, "area": area, "name": name, "replace": replace });
        show.visitor().post("needle", &body)
    };
    let answer = ask("save-button", 8, false);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let file = project.path().join("scenarios/images/save-button.png");
    let needle = Frame::decode_png(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(needle.size(), Size::new(8, 8));
    assert_eq!(ask("save-button.png", 9, false).status, 409);
    assert_eq!(ask("save-button", 9, true).status, 200);
    assert!(ask("blank", 25, false).reason().contains("one colour"));
    for name in ["", "../x", "a/b", ".x", "a b"] {
        assert_eq!(ask(name, 8, false).status, 422, "{name}");
    }
    assert_eq!(project.text("scenarios/a.yaml"), SCENARIO);
    let others = fs::read_dir(file.parent().unwrap()).unwrap();
    assert_eq!(others.count(), 1);
}
