//! `deskhand show`: over HTTP, on runs that are over and on one that goes on.

mod baselines;
mod drawing;
mod films;
mod following;
mod project;
mod recording;
mod visitor;

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    thread,
    time::{Duration, Instant},
};

use self::{
    project::{Project, Show, picture},
    visitor::Visitor,
};

/// A program is started in a moment.
const OPENING: Duration = Duration::from_secs(30);

#[test]
fn the_page_is_the_report_with_what_acts_on_it() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let page = show.visitor().get("/");
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(
        text.contains("the screen differs from the baseline"),
        "{text}"
    );
    assert!(text.contains("/.deskhand/review"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    // The static page of the same run knows nothing of it.
    let ended = crate::program::deskhand(project.path(), &["report", "artifacts"]);
    assert_eq!(ended.status, 1, "{}", ended.said);
    let report = fs::read_to_string(project.path().join("artifacts/report.html")).unwrap();
    assert!(!report.contains(".deskhand/"));
    let end = report.rfind("</body>").unwrap();
    assert!(text.starts_with(&report[..end]));
}

#[test]
fn files_are_served_whole_and_in_parts() {
    let project = Project::new();
    let video: Vec<u8> = (0..1_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    fs::write(project.path().join("artifacts/a/demo.mp4"), &video).unwrap();
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    let png = visitor.get("/a/saved.step-1.actual.png");
    assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
    assert_eq!(png.body, picture(200));
    let whole = visitor.get("/a/demo.mp4");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.body == video);
    let part = visitor.get_with("/a/demo.mp4", "Range: bytes=999990-\r\n");
    assert_eq!(part.status, 206);
    assert_eq!(part.header("content-range"), "bytes 999990-999999/1000000");
    assert_eq!(part.body, &video[999_990..]);
    let beyond = visitor.get_with("/a/demo.mp4", "Range: bytes=1000000-\r\n");
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (416, "bytes */1000000")
    );
    for nothing in ["/a/none.png", "/a", "/%ff", "/.deskhand/none"] {
        assert_eq!(visitor.get(nothing).status, 404, "{nothing}");
    }
}

#[test]
fn nothing_outside_of_the_run_is_served() {
    let project = Project::new();
    let artifacts = project.path().join("artifacts");
    fs::write(project.path().join("precious.txt"), "secret").unwrap();
    symlink(
        project.path().join("precious.txt"),
        artifacts.join("a/link.txt"),
    )
    .unwrap();
    symlink(project.path(), artifacts.join("up")).unwrap();
    let show = project.show(&["artifacts"]);
    let visitor = show.visitor();
    for path in [
        "/../precious.txt",
        "/a/../../precious.txt",
        "/%2e%2e/precious.txt",
        "/a/%2e%2e/%2e%2e/precious.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/a/link.txt",
        "/up/precious.txt",
    ] {
        let answer = visitor.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("secret"), "{path}");
    }
}

#[test]
fn a_script_of_the_run_is_never_one_of_the_page() {
    let project = Project::new();
    let artifacts = project.path().join("artifacts/a");
    for name in ["page.html", "trace.js", "picture.svg"] {
        fs::write(artifacts.join(name), "<script>alert(1)</script>").unwrap();
    }
    let show = project.show(&["artifacts"]);
    for name in ["page.html", "trace.js", "picture.svg"] {
        let answer = show.visitor().get(&format!("/a/{name}"));
        assert_eq!(
            answer.header("content-type"),
            "application/octet-stream",
            "{name}"
        );
        assert_eq!(answer.header("content-disposition"), "attachment");
        assert!(answer.header("content-security-policy").contains("sandbox"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[test]
fn only_whoever_has_the_token_is_let_in() {
    let project = Project::new();
    let show = project.show(&["artifacts"]);
    let stranger = Visitor::new(show.port(), "");
    for path in [
        "/",
        "/?token=wrong",
        "/a/saved.step-1.actual.png",
        "/.deskhand/review",
    ] {
        let answer = stranger.get(path);
        assert_eq!(answer.status, 401, "{path}");
        let text = answer.text();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("deskhand show"), "{text}");
    }
    let rebound = show.visitor().with_host("evil.example");
    assert_eq!(rebound.get("/").status, 403);
    let accept = r#"{"artifact":"a/saved.step-1.actual.png"}"#;
    // A form of another page can send neither the header nor JSON.
    let visitor = show.visitor();
    let form = visitor.post_with("accept", "Content-Type: text/plain\r\n", accept);
    assert_eq!(form.status, 403, "{}", form.text());
    let json = "Content-Type: application/json\r\n";
    assert_eq!(visitor.post_with("accept", json, accept).status, 403);
    let foreign = format!("{json}X-Deskhand-Review: 1\r\nOrigin: http://evil.example\r\n");
    assert_eq!(visitor.post_with("accept", &foreign, accept).status, 403);
    let own = format!("{json}X-Deskhand-Review: 1\r\n");
    assert_eq!(stranger.post_with("accept", &own, accept).status, 401);
    assert_eq!(project.baseline(), picture(100));
}

#[test]
fn an_archive_and_several_runs_are_shown_too() {
    let project = Project::new();
    project.zip("artifacts", "run.zip");
    let show = project.show(&["run.zip"]);
    let visitor = show.visitor();
    assert!(visitor.get("/").text().contains("the screen differs"));
    let part = visitor.get_with("/a/saved.step-1.actual.png", "Range: bytes=1-3\r\n");
    assert_eq!((part.status, &*part.body), (206, &b"PNG"[..]));
    assert_eq!(visitor.get("/../run.zip").status, 404);
    drop(show);

    let other = Project::new();
    other.zip("artifacts", "other.zip");
    fs::copy(
        other.path().join("other.zip"),
        project.path().join("other.zip"),
    )
    .unwrap();
    let show = project.show(&["artifacts", "other.zip"]);
    let visitor = show.visitor();
    let page = visitor.get("/").text();
    assert!(page.contains("Merged from 2 runs"), "{page}");
    let items = visitor.items();
    let [item] = &items[..] else {
        panic!("{items:?}")
    };
    let artifact = item["artifact"].as_str().unwrap();
    assert_eq!(visitor.get(&format!("/{artifact}")).body, picture(200));
}

#[test]
fn what_is_no_run_is_refused_before_anything_is_served() {
    let project = Project::new();
    for (named, words) in [
        ("nonsuch", "there is no run in nonsuch"),
        ("scenarios", "there is no run in scenarios"),
        (
            "scenarios/a.yaml",
            "cannot read a run from scenarios/a.yaml",
        ),
    ] {
        let ended = crate::program::deskhand(project.path(), &["show", "--no-open", named]);
        assert_eq!(ended.status, 2, "{}", ended.said);
        assert!(ended.said.contains(words), "{}", ended.said);
    }
}

#[test]
fn the_browser_is_opened_with_an_address_that_leads_there_once() {
    let project = Project::new();
    let (folder, told) = (project.path().join("bin"), project.path().join("opened"));
    let opener = folder.join("xdg-open");
    let script = format!(
        "#!/bin/sh\nprintf %s \"$1\" > {0}.part\nmv {0}.part {0}\n",
        told.display()
    );
    project.put("bin/xdg-open", script.as_bytes());
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = crate::program::command(project.path(), &["show"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    let show = Show::begun(command);
    let until = Instant::now() + OPENING;
    while !told.exists() {
        assert!(Instant::now() < until, "nothing was opened");
        thread::sleep(Duration::from_millis(20));
    }
    let address = fs::read_to_string(&told).unwrap();
    let start = format!("http://127.0.0.1:{}", show.port());
    let path = address.strip_prefix(&start).unwrap();
    let stranger = Visitor::new(show.port(), "");
    assert_eq!(stranger.get(path).status, 200);
    assert_eq!(stranger.get(path).status, 401);
    // Whoever started it still has the address that was printed.
    assert_eq!(show.visitor().get("/").status, 200);
}

#[test]
fn ctrl_c_ends_it_at_once_also_while_somebody_follows() {
    let project = Project::new();
    let mut show = project.show(&["artifacts"]);
    let follower = show.visitor().follow();
    assert_eq!(show.interrupted(), 0);
    drop(follower);
}
