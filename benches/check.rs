//! How long `deskhand check` takes, from the start of the process to its end,
//! beside the mere parsing of the same YAML in this process, in the same run.
//!
//! `cargo bench --bench check`; times are medians and move with the machine, hold
//! the ratios.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// So often everything is measured.
const RUNS: usize = 9;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let many = folder.path().join("many");
    fs::create_dir(&many).unwrap();
    for number in 0..1000 {
        let file = many.join(format!("scenario-{number}.yaml"));
        fs::write(file, scenario(20)).unwrap();
    }
    let long = folder.path().join("long.yaml");
    fs::write(&long, scenario(10_000)).unwrap();
    compare("1,000 files of 20 steps", &many, Duration::from_secs(1));
    compare("one file of 10,000 steps", &long, Duration::from_millis(50));
}

/// A scenario of so many steps, of the kinds that people write most.
fn scenario(steps: usize) -> String {
    const KINDS: [&str; 8] = [
        "click: save",
        "click: { target: [640, 400], button: right, modifiers: [shift] }",
        "type: Hello ${vars.name}",
        "hotkey: ctrl+s\n    expect-change: 2s",
        "wait: { window: /Editor/, stable: 300ms }",
        "screenshot-assert: { baseline: saved, mask: [clock] }\n    soft: true",
        "run: { command: \"cat ~/notes.txt\", stdout: { contains: Hello } }",
        "press: { key: Tab, times: 3 }\n    name: go on",
    ];
    let mut text = "\
version: 1
name: Something is done many times
desktop: { size: 1280x800 }
vars: { name: world }
regions:
  clock: { x: 1180, y: 0, width: 100, height: 28 }
targets:
  save: { text: Save, in: { window: /Editor/ } }
steps:
"
    .to_owned();
    for kind in KINDS.iter().cycle().take(steps) {
        writeln!(text, "  - {kind}").unwrap();
    }
    text
}

fn compare(what: &str, path: &Path, goal: Duration) {
    let texts: Vec<String> = files(path)
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let checked = median(|| {
        let status = Command::new(env!("CARGO_BIN_EXE_deskhand"))
            .arg("check")
            .arg(path)
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
    });
    let parsed = median(|| {
        for text in &texts {
            serde_yaml::from_str::<serde_yaml::Value>(text).unwrap();
        }
    });
    println!(
        "{what}: checked in {checked:.1?} (goal {goal:?}), {:.1} times the parsing alone ({parsed:.1?})",
        checked.as_secs_f64() / parsed.as_secs_f64()
    );
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}
