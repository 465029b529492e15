//! What desktops side by side cost, and what they save.
//!
//! Plays scenarios that mostly wait, ten seconds each, on a `bare` desktop: eight of
//! them one after another and eight at once, then as many as there are desktops, for 1
//! to 16. Prints the time, how much faster that is than one after another, and what the
//! whole machine spent meanwhile in processor time and memory; so nothing else should
//! run beside it. Then plays a short scenario on XFCE a hundred times and prints which
//! part of its time the scenarios waited for their desktops.
//!
//! ```sh
//! cargo bench --bench jobs
//! ```

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may end at the first problem"
)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// How many scenarios are compared with themselves one after another.
const SCENARIOS: usize = 8;

/// How often the short scenario is played.
const SHORT: usize = 100;

/// What a run cost.
struct Cost {
    took: Duration,
    /// Processor time of the whole machine.
    processor: Duration,
    /// The most memory that was taken beside what was taken before, in MiB.
    memory: u64,
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..16 {
        let text = format!(
            "version: 1\nname: Waits {number}\ndesktop: {{ size: 1280x800, profile: bare }}\n\
             steps:\n  - wait-ready\n  - run: sleep 5\n  - run: sleep 5\n"
        );
        fs::write(folder.path().join(format!("{number:02}.yaml")), text).unwrap();
    }
    println!("scenarios that wait 10 s each, on `bare`");
    let single = play(folder.path(), SCENARIOS, 1);
    row("8 with --jobs 1", &single, SCENARIOS, None);
    let at_once = play(folder.path(), SCENARIOS, SCENARIOS);
    row("8 with --jobs 8", &at_once, SCENARIOS, Some(&single));
    for desktops in [1, 2, 4, 8, 16] {
        let cost = play(folder.path(), desktops, desktops);
        row(&format!("{desktops} at once"), &cost, desktops, None);
    }
    short_scenarios(folder.path());
}

/// Plays `hello.yaml` again and again, as many at once as the machine is good for.
fn short_scenarios(folder: &Path) {
    let artifacts = folder.join("short");
    let hello = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/hello.yaml");
    let begun = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--repeat", &SHORT.to_string(), "--artifacts"])
        .args([&artifacts, &hello])
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
    let took = begun.elapsed().as_secs_f64();
    let events = fs::read_to_string(artifacts.join("events.jsonl")).unwrap();
    let events = events
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let (mut waited, mut all) = (0.0, 0.0);
    for event in events {
        let seconds = event["took"].as_f64();
        match event["event"].as_str() {
            Some("desktop-started") => waited += seconds.unwrap(),
            Some("scenario-finished") => all += seconds.unwrap(),
            _ => {}
        }
    }
    println!(
        "{SHORT} times hello on XFCE: {took:.1} s, of which the scenarios waited {:.1} % for \
         their desktops",
        100.0 * waited / all
    );
}

fn row(what: &str, cost: &Cost, scenarios: usize, than: Option<&Cost>) {
    let seconds = cost.took.as_secs_f64();
    let minute = 60.0 * f64::from(u32::try_from(scenarios).unwrap()) / seconds;
    let ratio = than.map_or_else(String::new, |than| {
        format!(", {:.2} times faster", than.took.as_secs_f64() / seconds)
    });
    println!(
        "{what:>16}: {seconds:6.2} s, {minute:5.1} a minute, {:6.2} s of processor, {:5} MiB{ratio}",
        cost.processor.as_secs_f64(),
        cost.memory,
    );
}

fn play(folder: &Path, scenarios: usize, jobs: usize) -> Cost {
    let files = (0..scenarios).map(|number| folder.join(format!("{number:02}.yaml")));
    let before = (processor(), available());
    let done = Arc::new(AtomicBool::new(false));
    let watch = thread::spawn({
        let done = Arc::clone(&done);
        move || {
            let mut least = u64::MAX;
            while !done.load(Ordering::Relaxed) {
                least = least.min(available());
                thread::sleep(Duration::from_millis(50));
            }
            least
        }
    });
    let begun = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--jobs", &jobs.to_string(), "--artifacts"])
        .arg(folder.join("artifacts"))
        .args(files)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let took = begun.elapsed();
    done.store(true, Ordering::Relaxed);
    assert!(status.success(), "{status}");
    let least = watch.join().unwrap();
    Cost {
        took,
        processor: processor().checked_sub(before.0).unwrap(),
        memory: before.1.saturating_sub(least) >> 10,
    }
}

/// The time that all processors were not idle, from /proc/stat: proc(5); its unit is a
/// hundredth of a second on every Linux of today.
fn processor() -> Duration {
    let text = fs::read_to_string("/proc/stat").unwrap();
    let fields = text.lines().next().unwrap().split_whitespace().skip(1);
    let times: Vec<u64> = fields.map(|field| field.parse().unwrap()).collect();
    let [user, nice, system, ..] = times[..] else {
        panic!("{text}")
    };
    Duration::from_millis(10 * (user + nice + system))
}

/// The free memory in KiB.
fn available() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"));
    line.unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap()
}
