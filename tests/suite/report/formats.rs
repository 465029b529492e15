//! The reports that `deskhand report --format` prints.

use std::{fs, path::Path};

use super::{
    read, report,
    telling::{Telling, of_suite},
};
use crate::program::{Ended, command};

/// A run with one scenario that passed and one that failed, in `artifacts`.
fn run(folder: &Path) {
    let mut run = Telling::new(None);
    run.passed(0);
    run.failed(1);
    run.end(&folder.join("artifacts"));
}

#[test]
fn a_run_is_printed_for_a_comment_on_a_pull_request() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path());
    let ended = report(folder.path(), &["artifacts", "--format", "markdown"]);
    assert_eq!(ended.status, 1, "{}", ended.said);
    let page = &ended.stdout;
    assert!(
        page.starts_with("### ❌ 1 of 2 scenarios passed\n"),
        "{page}"
    );
    let row = "| ❌ | scenario 1 | <code>s1.yaml&#58;4</code> | it is not there |\n";
    assert!(page.contains(row), "{page}");
    assert!(
        page.contains("```text\n  4 | - click: ok\n    | ^^^\nexpected: a button\n"),
        "{page}"
    );
    assert!(
        page.contains("open <code>artifacts/report.html</code>"),
        "{page}"
    );
    // The reports are written as without it.
    assert!(read(folder.path(), "artifacts/junit.xml").contains("tests=\"2\""));
    assert!(
        ended.said.contains("report: artifacts/report.html"),
        "{}",
        ended.said
    );
}

#[test]
fn links_lead_to_the_lines_that_the_ci_system_shows() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir_all(here.join("repository/app")).unwrap();
    let app = here.join("repository/app");
    fs::write(app.join("s1.yaml"), "").unwrap();
    run(&app);
    let mut command = command(&app, &["report", "artifacts", "--format", "markdown"]);
    command
        .env("GITHUB_WORKSPACE", here.join("repository"))
        .env("GITHUB_SERVER_URL", "https://git.example")
        .env("GITHUB_REPOSITORY", "me/it")
        .env("GITHUB_SHA", "abc")
        .env("GITHUB_RUN_ID", "7");
    let ended = Ended::from(command.output().unwrap());
    let page = &ended.stdout;
    let place = "<a href=\"https://git.example/me/it/blob/abc/app/s1.yaml#L4\">\
                 <code>app/s1.yaml&#58;4</code></a>";
    assert!(page.contains(place), "{page}");
    let run = "<a href=\"https://git.example/me/it/actions/runs/7\">this run</a>: open \
               <code>app/artifacts/report.html</code>";
    assert!(page.contains(run), "{page}");
}

#[test]
fn a_page_is_no_longer_than_its_reader_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = Telling::new(None);
    for number in 0..400 {
        run.failed(number);
    }
    run.end(&folder.path().join("artifacts"));
    for most in ["1000", "20000", "65536"] {
        let ended = report(
            folder.path(),
            &["artifacts", "--format", "markdown", "--most", most],
        );
        assert!(ended.stdout.len() <= most.parse().unwrap(), "{most}");
        assert!(
            ended.stdout.contains("do not fit here and are left out"),
            "{most}"
        );
    }
    let ended = report(folder.path(), &["artifacts", "--most", "5000"]);
    assert_eq!(ended.status, 2, "{}", ended.said);
}

#[test]
fn shards_are_printed_as_one_document_that_its_schema_describes() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for index in 1..=2 {
        of_suite(index, 3).end(&here.join(format!("shard-{index}")));
    }
    let ended = report(here, &["shard-1", "shard-2", "--format", "json"]);
    assert_eq!(ended.status, 4, "{}", ended.said);
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(document["outcome"], "error");
    assert_eq!(document["missing-shards"][0]["index"], 3);
    assert_eq!(document["scenarios"].as_array().unwrap().len(), 6);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/report.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let errors = validator
        .iter_errors(&document)
        .map(|error| error.to_string());
    assert_eq!(errors.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_document_that_cannot_be_printed_hides_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path());
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let arguments = ["report", "artifacts", "--format", "json"];
    let mut failed = command(folder.path(), &arguments);
    let ended = Ended::from(failed.stdout(full()).output().unwrap());
    assert_eq!(ended.status, 1, "{}", ended.said);
    let mut run = Telling::new(None);
    run.passed(0);
    run.end(&folder.path().join("artifacts"));
    let mut passed = command(folder.path(), &arguments);
    let ended = Ended::from(passed.stdout(full()).output().unwrap());
    assert_eq!(ended.status, 5, "{}", ended.said);
}
