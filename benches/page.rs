//! How long the page of a large run takes until it can be used, beside the HTML report of
//! Playwright Test for as many tests and steps.
//!
//! Both pages are opened in turn in Chromium. Prints the size of each, the time until the
//! first scenario is shown, and the time until the page is loaded and drawn.
//!
//! ```sh
//! benches/peers/install.sh && cargo bench --bench page
//! ```

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may end at the first problem"
)]

mod peers;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

const SCENARIOS: usize = 500;
const STEPS: usize = 40;

/// Every so many scenarios one fails, at its last step.
const FAILING: usize = 33;

const TIME: &str = "2026-11-27T12:00:00Z";

/// A page, and a text by which one sees that it shows something.
struct Page {
    name: &'static str,
    file: PathBuf,
    text: &'static str,
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!(
        "a run of {SCENARIOS} scenarios with {} steps",
        SCENARIOS * STEPS
    );
    let mut pages = vec![ours(folder.path())];
    pages.extend(playwright(folder.path()));
    measure(&pages);
    peers::tell_missing();
}

/// The page of a run whose events are made up.
fn ours(folder: &Path) -> Page {
    let lines: Vec<String> = events().iter().map(Value::to_string).collect();
    fs::write(folder.join("events.jsonl"), lines.join("\n") + "\n").unwrap();
    let told = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["report", "."])
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    Page {
        name: "Deskhand",
        file: folder.join("report.html"),
        text: "Order 7 is placed and paid",
    }
}

fn events() -> Vec<Value> {
    let mut all = vec![json!({
        "time": TIME, "event": "run-started", "version": "0.1.0", "host": "here",
        "target": "local", "scenarios": SCENARIOS,
    })];
    for scenario in 0..SCENARIOS {
        let place = |line: usize| json!({ "file": format!("orders/{scenario}.yaml"), "line": line, "column": 5 });
        let tag = ["smoke", "slow", "orders"][scenario % 3];
        all.push(json!({
            "time": TIME, "event": "scenario-started", "scenario": scenario,
            "name": format!("Order {scenario} is placed and paid"), "place": place(2),
            "tags": [tag], "steps": STEPS,
        }));
        let fails = scenario % FAILING == 7;
        let failure = json!({
            "is": "failed", "verb": "click", "message": "`button \"Save\"` is not on the screen",
            "expected": "a widget with the role `button`, the name `Save`", "seen": "38 widgets",
            "place": place(STEPS + 4), "moment": null, "help": null,
            "excerpt": { "first_line": STEPS + 4, "line": STEPS + 4, "column": 5, "length": 5,
                         "lines": ["  - click: { role: button, name: Save }"] },
        });
        for step in 1..=STEPS {
            let outcome = if fails && step == STEPS {
                failure.clone()
            } else {
                json!({ "is": "passed" })
            };
            all.push(json!({
                "time": TIME, "event": "step-started", "scenario": scenario, "step": step,
                "verb": "click", "title": "click button \"Save\"", "place": place(step + 4),
                "yaml": "- click: { role: button, name: Save }", "moment": null,
            }));
            all.push(json!({
                "time": TIME, "event": "step-finished", "scenario": scenario, "step": step,
                "outcome": outcome, "took": 0.2, "artifacts": [], "notes": [],
            }));
        }
        let outcome = if fails {
            failure
        } else {
            json!({ "is": "passed" })
        };
        all.push(json!({
            "time": TIME, "event": "scenario-finished", "scenario": scenario, "outcome": outcome,
            "took": 8.5, "artifacts": [],
        }));
    }
    all.push(
        json!({ "time": TIME, "event": "run-finished", "interrupted": false, "took": 4250.0 }),
    );
    all
}

/// The report that Playwright Test makes of as many tests; `None` where it is not there.
fn playwright(folder: &Path) -> Option<Page> {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    let program = peers.join("node_modules/.bin/playwright");
    if !program.exists() {
        peers::is_missing("Playwright Test", "it could not be installed from npm");
        return None;
    }
    // It finds its own package from where its files lie.
    let suite = peers.join("page");
    fs::create_dir_all(&suite).unwrap();
    for file in ["suite.spec.mjs", "playwright.config.mjs"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("benches/peers/page")
            .join(file);
        fs::copy(from, suite.join(file)).unwrap();
    }
    let report = folder.join("playwright");
    let played = Command::new(program)
        .arg("test")
        .current_dir(&suite)
        .env("SUITE", format!("{SCENARIOS}x{STEPS}"))
        .env("REPORT", &report)
        .output()
        .unwrap();
    let file = report.join("index.html");
    assert!(file.exists(), "{played:?}");
    Some(Page {
        name: "Playwright Test",
        file,
        text: "suite.spec.mjs",
    })
}

fn measure(pages: &[Page]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = Command::new(root.join("target/peers/python/bin/python"));
    open.arg(root.join("benches/peers/page/open.py"));
    for page in pages {
        open.arg(format!("file://{}", page.file.display()))
            .arg(page.text);
    }
    let Ok(opened) = open.output() else {
        peers::is_missing("Chromium", "its driver could not be installed from PyPI");
        return;
    };
    assert!(opened.status.success(), "{opened:?}");
    let told = String::from_utf8(opened.stdout).unwrap();
    let times: Vec<Vec<f64>> = told
        .lines()
        .map(|line| line.split(' ').map(|time| time.parse().unwrap()).collect())
        .collect();
    println!(
        "{:<18} {:>9} {:>9} {:>9}",
        "", "size", "shows it", "is drawn"
    );
    for (page, times) in pages.iter().zip(&times) {
        let size = fs::metadata(&page.file).unwrap().len() / 1024;
        let [shown, drawn] = times[..] else {
            panic!("{told}");
        };
        println!(
            "{:<18} {size:>5} KiB {shown:>6} ms {drawn:>6} ms",
            page.name
        );
    }
    if let [ours, theirs] = &times[..] {
        println!(
            "Deskhand / Playwright: {:.2} until it shows something, {:.2} until it is drawn",
            ours[0] / theirs[0],
            ours[1] / theirs[1]
        );
    }
}
