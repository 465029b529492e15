//! How long it takes to find a widget by role and name in trees of 500 and 5,000
//! widgets, over the API of a local desktop; beside libatspi in Python, which walks
//! through the same trees in the same run. And how long the whole tree takes. Then how
//! long a click takes in a scenario: by role and name, by picture and by text.
//!
//! `cargo bench --bench widgets`; a toolkit or a peer that is not installed is left out,
//! and the end says so. Times are medians and move with the machine; hold the ratios.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says where")]
#![expect(clippy::print_stdout, reason = "this is what a bench is for")]

mod peers;

use std::{
    env,
    fmt::Write as _,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use deskhand::{
    desktop::{
        Desktop, DesktopClient, Profile, Role,
        wire::{ExecuteRequest, ExecuteResult, Scope, WidgetQuery},
    },
    server::{LocalDesktop, Options},
};

/// How often each search is measured.
const LOOKS: usize = 20;

/// How often the peer is: it takes a second and more.
const LOOKS_OF_PEER: usize = 3;

/// How long a program may take to show thousands of widgets.
const PATIENCE: Duration = Duration::from_secs(60);

const TOOLKITS: [&str; 3] = ["gtk3", "gtk4", "qt5"];

const SIZES: [usize; 2] = [500, 5000];

/// The name of the last widget.
const LAST: &str = "Last";

#[tokio::main]
async fn main() {
    for toolkit in TOOLKITS {
        for size in SIZES {
            measure(toolkit, size).await;
        }
    }
    clicks();
    peers::tell_missing();
}

async fn measure(toolkit: &str, size: usize) {
    let keeper = PathBuf::from(env!("CARGO_BIN_EXE_deskhand"));
    let options = Options {
        profile: Profile::Bare,
        ..Options::new(keeper, env::var("PATH").unwrap())
    };
    let desktop = LocalDesktop::start(&options).await.unwrap();
    let client = DesktopClient::new(&desktop.url(), Some(desktop.token())).unwrap();
    println!("{toolkit}, about {size} widgets");
    let command = format!("{} {toolkit} {size} >grid.log 2>&1 &", script("grid.py"));
    run(&client, &command).await;
    if is_there(&client).await {
        let found = median(&client, async || {
            let found = client.find_widgets(&query(LAST)).await.unwrap();
            assert_eq!(found.items.len(), 1);
        });
        let found = found.await;
        let absent = async |near| {
            let query = WidgetQuery {
                near,
                ..query("None")
            };
            let absent = median(&client, async || {
                let found = client.find_widgets(&query).await.unwrap();
                assert!(found.items.is_empty());
            });
            absent.await
        };
        let (waiting, failing) = (absent(false).await, absent(true).await);
        let whole = median(&client, async || {
            client.widgets(&Scope::All).await.unwrap();
        });
        let whole = whole.await;
        let peer = peer(&client).await;
        tell("one by role and name", found, peer);
        tell("one that is not there", waiting, peer);
        tell("the same, and what comes near", failing, peer);
        tell("the whole tree", whole, peer);
    } else {
        let said = run(&client, "cat grid.log").await.stdout;
        let reason = said.lines().last().unwrap_or("it shows nothing");
        peers::is_missing(&format!("{toolkit}, {size}"), reason);
    }
    desktop.shut_down().await;
}

/// Plays a scenario that clicks the same calculator in three ways.
fn clicks() {
    let folder = tempfile::tempdir().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let ways = [
        ("role and name", "{ role: button, name: \"7\" }".to_owned()),
        (
            "picture",
            format!("{{ image: {root}/scenarios/images/seven.png }}"),
        ),
        ("text", "{ text: sqrt }".to_owned()),
    ];
    let mut steps = String::new();
    for (way, target) in &ways {
        for _ in 0..LOOKS {
            writeln!(steps, "  - click: {target}\n    name: by {way}").unwrap();
        }
    }
    let scenario = folder.path().join("clicks.yaml");
    let text = format!(
        "version: 1\nname: Clicks\ndesktop: {{ size: 1280x800 }}\nsteps:\n  - wait-ready\n  - \
         launch: galculator\n  - wait: {{ window: galculator, stable: 500ms }}\n{steps}"
    );
    fs::write(&scenario, text).unwrap();
    let artifacts = folder.path().join("artifacts");
    let status = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--artifacts"])
        .args([&artifacts, &scenario])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    if !status.success() {
        peers::is_missing("clicks in a scenario", "galculator is not installed");
        return;
    }
    println!("a click in a scenario, with safe input");
    let events = fs::read_to_string(artifacts.join("events.jsonl")).unwrap();
    let events = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let events: Vec<serde_json::Value> = events.collect();
    for (way, _) in &ways {
        let title = format!("by {way}");
        let is_way = |event: &&serde_json::Value| {
            event["event"] == "step-started" && event["title"] == title.as_str()
        };
        let steps: Vec<_> = events
            .iter()
            .filter(is_way)
            .map(|event| &event["step"])
            .collect();
        let took = |event: &serde_json::Value| {
            let is_it = event["event"] == "step-finished" && steps.contains(&&event["step"]);
            is_it.then(|| event["took"].as_f64().unwrap())
        };
        let mut times: Vec<f64> = events.iter().filter_map(took).collect();
        times.sort_by(f64::total_cmp);
        let median = Duration::from_secs_f64(times[times.len() / 2]);
        tell(way, median, None);
    }
}

/// A program of the peers, to be run by Python.
fn script(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    format!("cd $HOME; /usr/bin/python3 {root}/benches/peers/{name}")
}

async fn run(client: &DesktopClient, command: &str) -> ExecuteResult {
    let request = ExecuteRequest {
        command: format!("cd $HOME; {command}"),
        timeout: Some(600),
        ..ExecuteRequest::default()
    };
    client.execute(&request).await.unwrap()
}

fn query(name: &str) -> WidgetQuery {
    WidgetQuery {
        role: Some(Role::Button),
        name: Some(name.to_owned()),
        ..WidgetQuery::default()
    }
}

/// Whether the program shows its widgets in time.
async fn is_there(client: &DesktopClient) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let found = client.find_widgets(&query(LAST)).await.unwrap();
        if !found.items.is_empty() {
            return true;
        }
        let ended = run(client, "pgrep -f '[g]rid.py'").await.exit_code != 0;
        if ended {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    false
}

async fn median(client: &DesktopClient, mut look: impl AsyncFnMut()) -> Duration {
    // What is asked for the first time may have to be made first.
    client.widgets(&Scope::All).await.unwrap();
    let mut times = Vec::new();
    for _ in 0..LOOKS {
        let begun = Instant::now();
        look().await;
        times.push(begun.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// How long the peer takes for a look.
async fn peer(client: &DesktopClient) -> Option<Duration> {
    let command = format!(
        "{} 'push button' {LAST} {LOOKS_OF_PEER}",
        script("atspi.py")
    );
    let done = run(client, &command).await;
    let times = done.stdout.lines().filter_map(|line| {
        let milliseconds: f64 = line.split(' ').next()?.parse().ok()?;
        Some(Duration::from_secs_f64(milliseconds / 1000.0))
    });
    let mut times: Vec<Duration> = times.collect();
    if done.exit_code != 0 || times.is_empty() {
        let said = done.stderr.lines().last().unwrap_or_default().to_owned();
        let reason = format!("it does not work here ({said}): install gir1.2-atspi-2.0");
        peers::is_missing("libatspi in Python", &reason);
        return None;
    }
    times.sort();
    Some(times[times.len() / 2])
}

fn tell(what: &str, time: Duration, peer: Option<Duration>) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    print!("  {what}: {:.1} ms", milliseconds(time));
    if let Some(peer) = peer {
        let times = peer.as_secs_f64() / time.as_secs_f64();
        print!(
            "; libatspi in Python {:.0} ms, {times:.1} times as long",
            milliseconds(peer)
        );
    }
    println!();
}
