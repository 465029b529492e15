//! `docs/robustness.md` lists every wait with its bound, as the code has them.

use std::{collections::BTreeMap, fs, path::Path};

use walkdir::WalkDir;

/// Constants of a second or more that are no bounds of a wait: pauses before something is
/// tried again, ages, and what a user gets who says nothing.
const OTHERS: [&str; 20] = [
    "src/cli/ctl/process.rs READY_TIMEOUT",
    "src/cli/ctl/window.rs USUAL_WAIT",
    "src/cli/host/leap0.rs ASK_AGAIN",
    "src/cli/host/leap0.rs LIFETIME",
    "src/cli/host/leap0.rs WAITING",
    "src/desktop/pool.rs ASK_AGAIN",
    "src/desktop/ready.rs MAX_PAUSE",
    "src/desktop/retry.rs MAX_PAUSE",
    "src/executor/hand.rs SLOWEST",
    "src/executor/recording.rs SLACK",
    "src/executor/trace/mod.rs WRITTEN_EVERY",
    "src/limits.rs WAIT",
    "src/plan/suite/division.rs SOME_TIME",
    "src/server/api/connections.rs ASK_AGAIN",
    "src/server/api/connections.rs SILENT",
    "src/server/api/process.rs HEARTBEAT",
    "src/server/machine.rs ASK_AGAIN",
    "src/server/widgets/bus.rs LEFT_ALONE",
    "src/server/x11/paint.rs LEAVES_IT_TO_X11",
    "src/server/x11/paint.rs NEW",
];

/// What `const NAME: Duration = Duration::from_secs(5);` says, in milliseconds.
fn constant(line: &str) -> Option<(&str, u64)> {
    let (_, rest) = line.split_once("const ")?;
    let (name, rest) = rest.split_once(": Duration = Duration::from_")?;
    let (unit, rest) = rest.split_once('(')?;
    let number: u64 = rest.split_once(')')?.0.replace('_', "").parse().ok()?;
    match unit {
        "secs" => Some((name, number * 1000)),
        "millis" => Some((name, number)),
        _ => None,
    }
}

/// Every such constant of the program, as `FILE NAME`. What is indented is a test's.
fn constants() -> BTreeMap<String, u64> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    for entry in WalkDir::new(root.join("src")) {
        let path = entry.unwrap().into_path();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let is_source = path.extension().is_some_and(|ending| ending == "rs");
        if !is_source || name.contains("/tests") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with(' '));
        for (constant, time) in lines.filter_map(constant) {
            found.insert(format!("{name} {constant}"), time);
        }
    }
    found
}

/// The rows of the table: what is waited for, how long, and where that stands.
fn listed() -> BTreeMap<String, u64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/robustness.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, time, place] = cells[..] else {
            return None;
        };
        let seconds: f64 = time.strip_suffix(" s")?.parse().ok()?;
        let time = std::time::Duration::from_secs_f64(seconds).as_millis();
        Some((place.replace('`', ""), u64::try_from(time).unwrap()))
    });
    rows.collect()
}

#[test]
fn every_wait_is_listed_with_its_bound() {
    let (constants, listed) = (constants(), listed());
    assert!(listed.len() > 50, "the table is read");
    for (place, time) in &listed {
        assert_eq!(constants.get(place), Some(time), "{place}");
    }
    for (place, time) in &constants {
        let known = listed.contains_key(place) || OTHERS.contains(&place.as_str());
        assert!(
            known || *time < 1000,
            "{place} is not in docs/robustness.md"
        );
    }
}
