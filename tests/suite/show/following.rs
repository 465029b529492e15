//! A run that goes on while it is shown.

use std::{
    fs::OpenOptions,
    io::{Read, Write},
    net::TcpStream,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use deskhand::{
    event::{
        Artifact, ArtifactKind, EventKind, Patch, ScenarioId, Snapshot, SourceLocation, StepId,
        When,
    },
    geometry::{Point, Size},
    vision::Frame,
};
use serde_json::{Value, json};

use super::project::{ACTUAL, Project, picture};

/// The next state that is told.
fn next(stream: &mut TcpStream, text: &mut String) -> Value {
    loop {
        if let Some((event, rest)) = text.split_once("\n\n") {
            let data = event.lines().find_map(|line| line.strip_prefix("data: "));
            let state = data.and_then(|data| serde_json::from_str(data).ok());
            *text = rest.to_owned();
            match state {
                Some(state) => return state,
                None => continue,
            }
        }
        let mut some = [0; 4096];
        let read = stream.read(&mut some).unwrap();
        assert!(read > 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&some[..read]));
    }
}

fn snapshot() -> String {
    let mut moment = Snapshot::of(StepId(1), When::After);
    moment.screen = Some((16, 8));
    let png = Frame::filled(Size::new(16, 8), [0, 0, 200]).encode_png();
    moment.drawn.push(Patch {
        x: 0,
        y: 0,
        png: BASE64_STANDARD.encode(png),
    });
    serde_json::to_string(&moment).unwrap() + "\n"
}

/// The run that a page says it shows.
fn run_of(page: &str) -> String {
    let (_, rest) = page
        .split_once("<meta name=\"deskhand-run\" content=\"")
        .unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn the_page_of_an_older_run_changes_nothing_in_a_newer_one() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let (mut stream, mut text) = (visitor.follow(), String::new());
    let old = run_of(&visitor.get("/").text());
    let newer = Project::new().text("artifacts/events.jsonl");
    project.put("artifacts/events.jsonl", newer.as_bytes());
    let new = loop {
        let run = next(&mut stream, &mut text)["run"].clone();
        if run != "" && run != *old {
            break run;
        }
    };
    assert_eq!(new, run_of(&visitor.get("/").text()));
    let body = json!({ "artifact": ACTUAL });
    let refused = visitor.post_of(&old, "accept", &body);
    assert_eq!(refused.status, 422);
    assert!(refused.reason().contains("there is a newer run"));
    assert_eq!(project.baseline(), picture(100));
    let accepted = visitor.post_of(new.as_str().unwrap(), "accept", &body);
    assert_eq!(accepted.status, 200, "{}", accepted.text());
    assert_eq!(project.baseline(), picture(200));
}

#[test]
fn what_happens_is_told_as_it_happens_with_the_picture_of_the_desktop() {
    let mut project = Project::with(&[]);
    let scenario = ScenarioId(0);
    project.tell(EventKind::DesktopStarted {
        scenario,
        display: ":1".to_owned(),
        size: "16x8".to_owned(),
        sandbox: None,
        viewer: Some("javascript:alert(1)".to_owned()),
        trace: Some(Artifact::new(ArtifactKind::Trace, "a/trace.jsonl")),
        took: std::time::Duration::ZERO,
    });
    project.put("artifacts/a/trace.jsonl", snapshot().as_bytes());
    project.put("artifacts/events.jsonl", project.lines().as_bytes());
    let told = project.lines().len();
    let path = project.path().join("artifacts/events.jsonl");
    let mut events = OpenOptions::new().append(true).open(path).unwrap();
    events.lock().unwrap();
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let (mut stream, mut text) = (visitor.follow(), String::new());
    let state = loop {
        let state = next(&mut stream, &mut text);
        if state["running"] == true {
            break state;
        }
    };
    let playing = &state["playing"][0];
    assert_eq!(
        (&playing["name"], &playing["picture"]),
        (&"A".into(), &true.into())
    );
    assert_eq!(playing["viewer"], Value::Null);
    let picture = visitor.get("/.deskhand/live/0");
    let picture = Frame::decode_png(&picture.body).unwrap();
    assert_eq!(picture.pixel(Point::new(15, 7)), Some([0, 0, 200]));
    assert!(visitor.get("/a/trace.js").text().contains("deskhandTraces"));
    assert_eq!(visitor.get("/.deskhand/live/9").status, 404);

    project.tell(EventKind::StepStarted {
        scenario,
        step: StepId(1),
        parent: None,
        verb: "click".to_owned(),
        title: "click Save".to_owned(),
        place: SourceLocation {
            file: "scenarios/a.yaml".to_owned(),
            line: 4,
            column: 5,
        },
        yaml: None,
        moment: None,
    });
    events
        .write_all(&project.lines().as_bytes()[told..])
        .unwrap();
    let state = next(&mut stream, &mut text);
    assert_eq!(state["playing"][0]["step"], "click Save");
    assert!(visitor.get("/").text().contains("Save"));
    // Whoever wrote it is gone.
    events.unlock().unwrap();
    assert_eq!(next(&mut stream, &mut text)["running"], false);
}
