//! One suite on two nodes of a Slurm cluster, one of which dies while it plays.

mod cluster;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use quick_xml::{Reader, events::Event};

use self::cluster::Cluster;
use crate::tools::{ended, need, ours};

/// Long enough that a node dies while a scenario is played.
const SCENARIOS: usize = 8;

/// Writes the suite: scenarios of a few seconds, one of which fails.
fn write_suite(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for number in 1..=SCENARIOS {
        let found = u8::from(number == 5);
        let text = format!(
            "version: 1
name: Scenario {number}
desktop: {{ size: 640x480, profile: bare }}
steps:
  - wait-ready
  - run: sleep 2
  - run: {{ command: exit {found}, exit-code: 0 }}
"
        );
        fs::write(folder.join(format!("{number}.yaml")), text).unwrap();
    }
}

/// What became of every scenario, by name, as a JUnit report says it.
fn outcomes(junit: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(junit).unwrap();
    let mut reader = Reader::from_str(&text);
    let (mut outcomes, mut current) = (BTreeMap::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return outcomes,
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "testcase" => {
                    let name = tag.try_get_attribute("name").unwrap().unwrap();
                    current = name.value.into_owned();
                    let earlier = outcomes.insert(current.clone(), "passed".to_owned());
                    assert_eq!(earlier, None, "{current} is reported twice");
                }
                outcome @ ("failure" | "error" | "skipped") => {
                    let outcome = outcome.to_owned();
                    outcomes.insert(current.clone(), outcome);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// The script that plays a suite in two shards.
fn play(cluster: &Cluster, folder: &Path) -> Child {
    let mut play = Command::new(ours("deploy/slurm/play"));
    let log = fs::File::create(folder.join("play.log")).unwrap();
    cluster
        .on(&mut play)
        .args(["2", "suite"])
        .env("DESKHAND", env!("CARGO_BIN_EXE_deskhand"))
        .env("TMPDIR", folder)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
    play.spawn().unwrap()
}

#[test]
fn a_share_whose_node_dies_is_played_again_and_the_merged_report_is_that_of_a_single_run() {
    need(&[
        ("slurmctld", "slurmctld"),
        ("slurmd", "slurmd"),
        ("sbatch", "slurm-client"),
        ("munged", "munge"),
    ]);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    write_suite(&folder.join("suite"));
    let mut single = Command::new(env!("CARGO_BIN_EXE_deskhand"));
    single.args(["run", "--artifacts", "single", "suite"]);
    let (single, said) = ended(single.current_dir(folder));
    assert_eq!(single, 1, "{said}");

    let cluster = Cluster::start(&folder.join("cluster"));
    let mut play = play(&cluster, folder);
    let (job, shard) = cluster.eventually("a task on the second node", || cluster.task_on("n2"));
    let events = folder.join(format!("artifacts/shard-{shard}/events.jsonl"));
    cluster.eventually("a scenario played on the second node", || {
        let events = fs::read_to_string(&events).unwrap_or_default();
        let finished = events.contains(r#""event":"scenario-finished""#);
        finished.then_some(())
    });
    cluster.kill("n2");
    cluster.eventually("the share is to be played again", || {
        cluster.is_put_off(&job).then_some(())
    });
    cluster.start_now(&job);
    let status = play.wait().unwrap();
    let log = fs::read_to_string(folder.join("play.log")).unwrap();
    assert_eq!(status.code(), Some(single), "{log}");
    assert_eq!(cluster.restarts(&job), 1);

    let merged = outcomes(&folder.join("artifacts/merged/junit.xml"));
    assert_eq!(merged, outcomes(&folder.join("single/junit.xml")), "{log}");
    assert_eq!(merged.len(), SCENARIOS);
    assert_eq!(merged["Scenario 5"], "failure");
}
