//! Captions and zooms that are changed on the page of a film.

use std::fs;

use deskhand::{
    geometry::Rect,
    internal::timeline::{CaptionPosition, Timeline, Zoom},
};
use serde_json::{Value, json};

use super::{
    project::{Project, Show},
    visitor::{Answer, Visitor},
};
use crate::program::command;

/// A scenario that was recorded.
const FILMED: &str = "version: 1\nname: A  # the first\nvars: { who: Ann }\nregions:\n  form: { x: \
                      10, y: 20, width: 200, height: 100 }\nsteps:\n  - caption: Hello  # said\n  \
                      - click: [10, 10]  # why\n  - press: Tab\n  - caption: Bye\n";

const FILE: &str = "scenarios/a.yaml";
const TIMELINE: &str = "a/demo.timeline.json";

fn project(text: &str) -> Project {
    Project::with(&[(FILE, text)]).filmed(FILE)
}

/// Asks for a caption; without words for none.
fn say(visitor: &Visitor, step: usize, words: Value) -> Answer {
    let mut body = json!({ "timeline": TIMELINE, "step": step });
    body["words"] = words;
    visitor.post("film/caption", &body)
}

fn frame(visitor: &Visitor, step: usize, zoom: Value) -> Answer {
    let mut body = json!({ "timeline": TIMELINE, "step": step });
    body["zoom"] = zoom;
    visitor.post("film/zoom", &body)
}

fn undo(visitor: &Visitor) -> Answer {
    visitor.post("film/undo", &json!({ "timeline": TIMELINE }))
}

fn words(text: &str, position: &str) -> Value {
    json!({ "text": text, "position": position, "lasting": null })
}

fn state(visitor: &Visitor) -> Value {
    let state = visitor.get(&format!("/.deskhand/film/state?timeline={TIMELINE}"));
    assert_eq!(state.status, 200, "{}", state.text());
    state.json()
}

fn said(timeline: &Timeline) -> Vec<(&str, usize)> {
    let captions = timeline.captions.iter();
    captions
        .map(|caption| (&*caption.text, caption.step))
        .collect()
}

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_caption_is_changed_in_the_file_and_in_the_run_and_taken_back() {
    let project = project(FILMED);
    let (text, told) = (project.text(FILE), project.timeline());
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    assert_eq!(state(&visitor)["written"]["1"]["text"], "Hello");
    done(&say(&visitor, 1, words("It's: \"new\"", "top-right")));
    let wanted = "{ text: 'It''s: \"new\"', position: top-right }";
    let now = FILMED.replace("caption: Hello", &format!("caption: {wanted}"));
    assert_eq!(project.text(FILE), now);
    let timeline = project.timeline();
    assert_eq!(said(&timeline), [("It's: \"new\"", 1), ("Bye", 4)]);
    assert_eq!(timeline.captions[0].position, CaptionPosition::TopRight);
    let known = state(&visitor);
    assert_eq!(known["written"]["1"]["text"], "It's: \"new\"");
    assert_eq!(known["undo"], "the caption was written");
    done(&undo(&visitor));
    assert_eq!(project.text(FILE), text);
    assert_eq!(project.timeline(), told);
    assert!(undo(&visitor).reason().contains("nothing to undo"));
}

#[test]
fn lines_that_a_change_has_moved_are_found_again_at_the_next_visit_too() {
    let project = project(FILMED);
    let show = project.show(&["artifacts"]);
    done(&say(&show.visitor(), 2, words("A click", "bottom")));
    let first = FILMED.replace("# why\n", "# why\n    caption: A click\n");
    assert_eq!(project.text(FILE), first);
    done(&frame(&show.visitor(), 3, json!("action")));
    let second = first.replace("press: Tab\n", "press: Tab\n    zoom: action\n");
    assert_eq!(project.text(FILE), second);
    drop(show);
    let show = project.show(&["artifacts"]);
    done(&say(&show.visitor(), 2, Value::Null));
    done(&say(&show.visitor(), 4, words("So long", "bottom")));
    let third = FILMED.replace("Tab\n", "Tab\n    zoom: action\n");
    let third = third.replace("caption: Bye", "caption: So long");
    assert_eq!(project.text(FILE), third);
    let timeline = project.timeline();
    assert_eq!(timeline.steps[2].zoom, Some(Zoom::Action));
    assert_eq!(said(&timeline), [("Hello", 1), ("So long", 4)]);
    assert_eq!(timeline.steps[3].line, 11);
}

#[test]
fn a_caption_that_is_a_step_goes_with_it_and_has_a_length() {
    let project = project(FILMED);
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let body = json!({ "text": "Hello", "position": "bottom", "lasting": 0.5 });
    done(&say(&visitor, 1, body));
    let wanted = "caption: { text: Hello, for: 0.5s }";
    assert!(
        project.text(FILE).contains(wanted),
        "{}",
        project.text(FILE)
    );
    let span = project.timeline().captions[0].span;
    assert!((span.to - span.from - 0.5).abs() < 1e-9, "{span:?}");
    done(&say(&visitor, 4, Value::Null));
    assert!(!project.text(FILE).contains("Bye"));
    assert_eq!(project.timeline().steps.len(), 3);
    assert_eq!(said(&project.timeline()), [("Hello", 1)]);
}

#[test]
fn a_zoom_is_an_area_of_the_screen_or_the_region_that_is_that_area() {
    let project = project(FILMED);
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let area =
        |x: i32, width: u32| json!({ "area": { "x": x, "y": 20, "width": width, "height": 100 } });
    done(&frame(&visitor, 2, area(11, 200)));
    let wanted = "    zoom: { x: 11, y: 20, width: 200, height: 100 }\n";
    assert!(
        project.text(FILE).contains(wanted),
        "{}",
        project.text(FILE)
    );
    done(&frame(&visitor, 2, area(10, 200)));
    let named = FILMED.replace("# why\n", "# why\n    zoom: form\n");
    assert_eq!(project.text(FILE), named);
    let zoom = project.timeline().steps[1].zoom;
    assert_eq!(zoom, Some(Zoom::Area(Rect::new(10, 20, 200, 100))));
    for wrong in [area(-1, 20), area(600, 100), area(1, 0)] {
        let answer = frame(&visitor, 2, wrong);
        assert!(
            answer.reason().contains("not on the recorded screen"),
            "{}",
            answer.text()
        );
    }
    done(&frame(&visitor, 2, Value::Null));
    assert_eq!(project.text(FILE), FILMED);
    assert_eq!(project.timeline().steps[1].zoom, None);
}

#[test]
fn what_is_filled_in_is_written_as_it_is_and_told_as_it_will_be() {
    let project = project(FILMED);
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    done(&say(
        &visitor,
        2,
        words("For ${vars.who}, at once", "bottom"),
    ));
    let wanted = "    caption: For ${vars.who}, at once\n";
    assert!(
        project.text(FILE).contains(wanted),
        "{}",
        project.text(FILE)
    );
    assert!(said(&project.timeline()).contains(&("For Ann, at once", 2)));
    let before = project.text(FILE);
    let answer = say(&visitor, 2, words("For ${vars.nobody}", "bottom"));
    assert_eq!(answer.status, 422);
    let insert = answer.json()["insert"].to_string();
    assert!(insert.contains("nobody"), "{}", answer.text());
    assert_eq!(project.text(FILE), before);
    for wrong in ["\u{7}", &"x".repeat(1001)] {
        assert_eq!(say(&visitor, 2, words(wrong, "top")).status, 422);
    }
    assert_eq!(project.text(FILE), before);
}

#[test]
fn a_file_that_has_changed_since_the_run_is_left_as_it_is() {
    let project = project(FILMED);
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let told = project.text("artifacts/a/demo.timeline.json");
    for changed in [
        FILMED.replace("steps:\n", "steps:\n  - press: Home\n"),
        FILMED.replace("click: [10, 10]", "click: [10, 11]"),
        FILMED.replace("Hello", "Hi"),
        "version: [".to_owned(),
    ] {
        project.put(FILE, changed.as_bytes());
        let refused = [
            say(&visitor, 1, words("New", "top")),
            frame(&visitor, 2, json!("off")),
        ];
        assert!(refused.iter().any(|it| it.status == 422), "{changed}");
        if !changed.contains("Hi") && !changed.contains("11]") {
            assert!(refused.iter().all(|it| it.status == 422), "{changed}");
            assert_eq!(project.text(FILE), changed);
            assert_eq!(project.text("artifacts/a/demo.timeline.json"), told);
        }
        project.put("artifacts/a/demo.timeline.json", told.as_bytes());
    }
    project.put(
        FILE,
        FILMED
            .replace("steps:\n", "steps:\n  - press: Home\n")
            .as_bytes(),
    );
    let reason = frame(&visitor, 2, json!("off")).reason();
    assert!(reason.contains("has changed since the run"), "{reason}");
    // Nor is a change taken back over one of somebody else.
    project.put(FILE, FILMED.as_bytes());
    done(&frame(&visitor, 2, json!("off")));
    let other = project.text(FILE).replace("Bye", "See you");
    project.put(FILE, other.as_bytes());
    assert!(undo(&visitor).reason().contains("has changed since"));
    assert_eq!(project.text(FILE), other);
}

#[test]
fn a_step_that_was_played_several_times_is_changed_in_all_of_them() {
    let text = "version: 1\nname: A\nsteps:\n  - click: [10, 10]\n  - click: [20, 20]\n";
    let project = project(text);
    let mut timeline = project.timeline();
    timeline.steps[1].line = timeline.steps[0].line;
    let json = serde_json::to_vec(&timeline).unwrap();
    project.put("artifacts/a/demo.timeline.json", &json);
    let show = project.show(&["artifacts"]);
    done(&say(&show.visitor(), 1, words("Here", "top")));
    assert_eq!(said(&project.timeline()), [("Here", 1), ("Here", 2)]);
}

#[test]
fn an_archive_and_a_run_from_elsewhere_can_be_looked_at() {
    let project = project(FILMED);
    project.zip("artifacts", "run.zip");
    let show = project.show(&["run.zip"]);
    let visitor = show.visitor();
    let locked = state(&visitor)["locked"].clone();
    assert!(locked.as_str().unwrap().contains("archive"), "{locked}");
    assert_eq!(say(&visitor, 1, words("New", "top")).status, 422);
    assert_eq!(project.text(FILE), FILMED);
    drop(show);
    let elsewhere = tempfile::tempdir().unwrap();
    let run = project.path().join("artifacts");
    let arguments = ["show", "--no-open", run.to_str().unwrap()];
    let show = Show::begun(command(elsewhere.path(), &arguments));
    let visitor = show.visitor();
    let locked = state(&visitor)["locked"].clone();
    assert!(locked.as_str().unwrap().contains("not below"), "{locked}");
    assert_eq!(frame(&visitor, 2, json!("off")).status, 422);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn the_page_of_a_film_is_for_who_has_the_token_and_for_recordings_of_the_run() {
    let project = project(FILMED);
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let films = visitor.get("/.deskhand/films").json();
    assert_eq!(films[0]["timeline"], TIMELINE);
    assert_eq!(films[0]["video"], "a/demo.mp4");
    let page = visitor.get(&format!("/.deskhand/film?timeline={TIMELINE}"));
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let stranger = Visitor::new(show.port(), "wrong");
    for path in ["film", "films", "film/state?timeline=x"] {
        assert_eq!(stranger.get(&format!("/.deskhand/{path}")).status, 401);
    }
    let body = json!({ "timeline": TIMELINE, "step": 2, "zoom": "off" }).to_string();
    let kind = "Content-Type: application/json\r\n";
    assert_eq!(visitor.post_with("film/zoom", kind, &body).status, 403);
    for other in ["../a.json", "a/demo.mp4", "/etc/passwd", ""] {
        let address = format!("/.deskhand/film/state?timeline={other}");
        assert_eq!(visitor.get(&address).status, 422, "{other}");
    }
    for broken in [
        "",
        "{}",
        "[1",
        "{\"version\":9}",
        "{\"version\":1,\"size\":-1}",
    ] {
        project.put("artifacts/a/demo.timeline.json", broken.as_bytes());
        let answer = visitor.get(&format!("/.deskhand/film/state?timeline={TIMELINE}"));
        assert!(answer.reason().contains("cannot read"), "{}", answer.text());
        assert_eq!(frame(&visitor, 2, json!("off")).status, 422);
    }
    assert_eq!(project.text(FILE), FILMED);
}
