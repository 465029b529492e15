//! Accepting and rejecting what a run saw.

use std::{fs, process::Command};

use serde_json::{Value, json};

use super::project::{ACTUAL, BASELINE, Project, Show, picture};
use crate::program::{command, deskhand};

fn state(project: &super::project::Show) -> Value {
    project.visitor().items()[0]["state"].clone()
}

#[test]
fn an_accepted_picture_is_the_baseline_as_accept_would_write_it() {
    let (project, other) = (Project::new(), Project::new());
    let show = project.show(&["artifacts"]);
    assert_eq!(state(&show), json!({ "is": "open" }));
    let answer = show
        .visitor()
        .post("accept", &json!({ "artifact": ACTUAL }));
    assert_eq!(
        answer.json(),
        json!({ "done": format!("accepted {BASELINE}") })
    );
    assert_eq!(project.baseline(), picture(200));
    assert_eq!(state(&show), json!({ "is": "accepted" }));
    assert_eq!(deskhand(other.path(), &["accept"]).status, 0);
    for file in [BASELINE, "scenarios/baselines/a/saved.yaml"] {
        let both = [&project, &other].map(|it| fs::read(it.path().join(file)).unwrap());
        assert!(both[0] == both[1], "{file}");
    }
}

#[test]
fn a_variant_stands_beside_the_baseline() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let ask = |variant: &str, replace: bool| {
        let body = json!({ "artifact": ACTUAL, "variant": variant, "replace": replace });
        show.visitor().post("accept", &body)
    };
    for wrong in ["../x", ".", "-"] {
        assert_eq!(ask(wrong, false).status, 422, "{wrong}");
    }
    assert_eq!(ask("trixie", false).status, 200);
    assert_eq!(project.baseline(), picture(100));
    let variant = "scenarios/baselines/a/saved@trixie.png";
    assert_eq!(
        fs::read(project.path().join(variant)).unwrap(),
        picture(200)
    );
    assert_eq!(state(&show), json!({ "is": "variant", "name": "trixie" }));
    project.put(variant, &picture(7));
    let answer = ask("trixie", false);
    assert_eq!(answer.status, 409);
    assert!(
        answer.reason().contains("already exists"),
        "{}",
        answer.reason()
    );
    assert_eq!(ask("trixie", true).status, 200);
}

#[test]
fn a_baseline_that_has_changed_since_the_run_needs_a_second_word() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let ask = |replace: bool| {
        let body = json!({ "artifact": ACTUAL, "replace": replace });
        show.visitor().post("accept", &body)
    };
    project.put(BASELINE, &picture(50));
    let answer = ask(false);
    assert_eq!(answer.status, 409);
    assert_eq!(answer.json()["conflict"], true);
    assert!(answer.reason().contains("has changed since the run"));
    assert_eq!(project.baseline(), picture(50));
    fs::remove_file(project.path().join(BASELINE)).unwrap();
    assert!(ask(false).reason().contains("has been deleted"));
    assert_eq!(ask(true).status, 200);
    assert_eq!(project.baseline(), picture(200));
}

#[test]
fn a_baseline_that_cannot_be_written_is_told_and_nothing_has_changed() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    // The file beside the picture cannot be replaced, so the picture is not either.
    let beside = project.path().join("scenarios/baselines/a/saved.yaml");
    fs::create_dir(&beside).unwrap();
    let answer = show
        .visitor()
        .post("accept", &json!({ "artifact": ACTUAL }));
    assert_eq!(answer.status, 422);
    let reason = answer.reason();
    assert!(
        reason.contains("cannot write scenarios/baselines/a/saved.yaml"),
        "{reason}"
    );
    assert_eq!(project.baseline(), picture(100));
    let files = fs::read_dir(beside.parent().unwrap()).unwrap();
    assert_eq!(files.count(), 2);
}

#[test]
fn a_rejection_is_kept_beside_the_run_and_respected() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let reject = |note: &str| visitor.post("reject", &json!({ "artifact": ACTUAL, "note": note }));
    assert_eq!(reject("  ").status, 422);
    assert_eq!(reject("the button is cut off").status, 200);
    let kept: Value = serde_json::from_str(&project.text("artifacts/review.json")).unwrap();
    let rejection = &kept["rejected"][0];
    assert_eq!(rejection["note"], "the button is cut off");
    assert_eq!(rejection["baseline"], BASELINE);
    assert_eq!(rejection["place"], "scenarios/a.yaml:5:5");
    drop(show);

    // It is there at the next visit, and `accept` leaves the picture out.
    let show = project.show(&["artifacts"]);
    assert_eq!(state(&show)["is"], "rejected");
    assert_eq!(state(&show)["note"], "the button is cut off");
    let ended = deskhand(project.path(), &["accept"]);
    assert!(ended.said.contains("left out"), "{}", ended.said);
    assert_eq!(project.baseline(), picture(100));
    let answer = show
        .visitor()
        .post("reopen", &json!({ "artifact": ACTUAL }));
    assert_eq!(answer.status, 200);
    assert_eq!(state(&show)["is"], "open");
    assert!(!project.path().join("artifacts/review.json").exists());
    assert_eq!(deskhand(project.path(), &["accept"]).status, 0);
    assert_eq!(project.baseline(), picture(200));
}

#[test]
fn a_named_picture_is_accepted_although_it_was_rejected() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let body = json!({ "artifact": ACTUAL, "note": "no" });
    assert_eq!(show.visitor().post("reject", &body).status, 200);
    let ended = deskhand(project.path(), &["accept", "--only", "saved"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert_eq!(project.baseline(), picture(200));
}

#[test]
fn what_somebody_else_has_decided_is_not_overruled_in_passing() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let (one, other) = (show.visitor(), show.visitor());
    let knew = other.items()[0]["state"].clone();
    let body = json!({ "artifact": ACTUAL, "note": "cut off", "knew": knew });
    assert_eq!(one.post("reject", &body).status, 200);
    let accept = |replace: bool| {
        let body = json!({ "artifact": ACTUAL, "knew": knew, "replace": replace });
        other.post("accept", &body)
    };
    let asks = accept(false);
    assert_eq!((asks.status, &asks.json()["conflict"]), (409, &true.into()));
    assert!(asks.reason().contains("cut off"), "{}", asks.reason());
    assert_eq!(project.baseline(), picture(100));
    assert!(project.text("artifacts/review.json").contains("cut off"));
    // Another note does not take its place either.
    let body = json!({ "artifact": ACTUAL, "note": "too red", "knew": knew });
    assert_eq!(other.post("reject", &body).status, 409);
    assert!(project.text("artifacts/review.json").contains("cut off"));
    assert_eq!(accept(true).status, 200);
    assert_eq!(project.baseline(), picture(200));
    let body = json!({ "artifact": ACTUAL, "note": "too red", "knew": knew });
    assert!(one.post("reject", &body).reason().contains("accepted"));
}

#[test]
fn a_run_of_another_folder_can_be_rejected_and_changes_nothing_here() {
    let project = Project::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let run = project.path().join("artifacts");
    let arguments = ["show", "--no-open", run.to_str().unwrap()];
    let show = Show::begun(command(elsewhere.path(), &arguments));
    let visitor = show.visitor();
    let words = "scenarios/a.yaml is not below this folder";
    let item = &visitor.items()[0];
    assert!(item["elsewhere"].as_str().unwrap().contains(words));
    for (what, body) in [
        ("accept", json!({ "artifact": ACTUAL })),
        ("accept", json!({ "artifact": ACTUAL, "variant": "x" })),
    ] {
        let answer = visitor.post(what, &body);
        assert_eq!(answer.status, 422);
        assert!(answer.reason().contains(words), "{}", answer.reason());
    }
    let body = json!({ "artifact": ACTUAL, "note": "too red" });
    assert_eq!(visitor.post("reject", &body).status, 200);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn characters_that_hide_or_turn_text_are_seen_in_notes() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let body = json!({ "artifact": ACTUAL, "note": "red\u{202e}\u{1b}[31m" });
    assert_eq!(show.visitor().post("reject", &body).status, 200);
    let seen = "red[U+202E]^[[31m";
    assert_eq!(state(&show)["note"], seen);
    assert!(project.text("artifacts/review.json").contains(seen));
    // A file that somebody else has written is shown in the same way.
    let kept = project.text("artifacts/review.json");
    let raw = kept.replace("[U+202E]", "\u{202e}");
    project.put("artifacts/review.json", raw.as_bytes());
    assert_eq!(state(&show)["note"], seen);
}

#[test]
fn a_tree_of_widgets_is_decided_about_like_a_picture() {
    let project = Project::new();
    let tree = "- window \"Save\":\n  - button \"Ok\"\n";
    let events = project.text("artifacts/events.jsonl");
    let events = events.replace(ACTUAL, "a/saved.step-1.tree.yaml");
    let events = events.replace("\"kind\":\"actual\"", "\"kind\":\"tree\"");
    let events = events.replace("\"kind\":\"expected\"", "\"kind\":\"log\"");
    let events = events.replace(BASELINE, "scenarios/baselines/a/saved.tree.yaml");
    let events = events.replace("screenshot-assert", "tree-assert");
    project.put("artifacts/events.jsonl", events.as_bytes());
    project.put("artifacts/a/saved.step-1.tree.yaml", tree.as_bytes());
    let show = project.show(&["artifacts"]);
    let item = show.visitor().items().remove(0);
    assert_eq!(
        (&item["tree"], &item["drawable"]),
        (&true.into(), &false.into())
    );
    let page = show.visitor().get("/").text();
    assert!(
        page.contains("data-candidate=\"a/saved.step-1.tree.yaml\""),
        "{page}"
    );
    let body = json!({ "artifact": "a/saved.step-1.tree.yaml" });
    let accepted = show.visitor().post("accept", &body);
    assert_eq!(accepted.status, 200, "{}", accepted.text());
    assert_eq!(project.text("scenarios/baselines/a/saved.tree.yaml"), tree);
    assert_eq!(state(&show)["is"], "accepted");
    // One that somebody has written since is not replaced in passing.
    project.put(
        "scenarios/baselines/a/saved.tree.yaml",
        b"- window \"Open\"\n",
    );
    assert_eq!(show.visitor().post("accept", &body).status, 409);
    project.put("artifacts/a/saved.step-1.tree.yaml", b"no: tree");
    let broken = show.visitor().post("accept", &body);
    assert!(
        broken.reason().contains("not a tree of widgets"),
        "{}",
        broken.text()
    );
}

#[test]
fn git_says_whether_a_baseline_can_be_got_back() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let git = |arguments: &[&str]| {
        let ended = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
            .args(arguments)
            .current_dir(project.path())
            .output()
            .unwrap();
        assert!(ended.status.success(), "{ended:?}");
    };
    let known = || show.visitor().items()[0]["git"].clone();
    assert_eq!(known(), "no-repository");
    git(&["init", "--quiet"]);
    assert_eq!(known(), "untracked");
    git(&["add", "scenarios"]);
    git(&["commit", "--quiet", "--message", "first"]);
    assert_eq!(known(), "clean");
    let accepted = show
        .visitor()
        .post("accept", &json!({ "artifact": ACTUAL }));
    assert_eq!(accepted.status, 200);
    assert_eq!(known(), "modified");
    fs::write(project.path().join(".gitignore"), "*.png\n").unwrap();
    git(&["rm", "--quiet", "--cached", BASELINE]);
    git(&["commit", "--quiet", "--message", "second"]);
    assert_eq!(known(), "ignored");
    fs::remove_file(project.path().join(BASELINE)).unwrap();
    assert_eq!(known(), "missing");
}

#[test]
fn what_the_run_does_not_have_is_refused() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    for artifact in ["a/none.png", "../x.png", "a/saved.step-1.expected.png"] {
        let answer = show
            .visitor()
            .post("accept", &json!({ "artifact": artifact }));
        assert_eq!(answer.status, 422, "{artifact}");
    }
    // Events that somebody made up lead out of the project.
    let events = project.text("artifacts/events.jsonl");
    let events = events.replace(BASELINE, "/tmp/baselines/a/saved.png");
    project.put("artifacts/events.jsonl", events.as_bytes());
    let show = project.show(&["artifacts"]);
    let answer = show
        .visitor()
        .post("accept", &json!({ "artifact": ACTUAL }));
    assert!(
        answer
            .reason()
            .contains("is not a baseline below this folder")
    );
    assert_eq!(state(&show)["is"], "refused");
}
