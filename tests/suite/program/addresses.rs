//! What `run` says where it may have few addresses (`ulimit -v`).

use super::*;

/// Plays four scenarios with so many bytes of addresses.
fn play(limit: u32, options: &[&str]) -> Ended {
    let names = ["a.yaml", "b.yaml", "c.yaml", "d.yaml"];
    let folder = folder(&names.map(|name| (name, GOOD)));
    let program = env!("CARGO_BIN_EXE_deskhand");
    let mut command = Command::new("prlimit");
    command
        .arg(format!("--as={limit}"))
        .args([program, "run"])
        .args(names)
        .args(options)
        .current_dir(folder.path());
    Ended::from(command.output().unwrap())
}

#[test]
fn more_jobs_than_there_are_addresses_for_are_refused() {
    let ended = play(100_000_000, &["--jobs", "4"]);
    assert_eq!(ended.status, 4, "{}", ended.said);
    let words = "playing 4 scenarios side by side on screens of 1440x900 can take 186 MB of \
                 address space, and this process may have 100 MB: raise its limit, with `ulimit -v \
                 181352` or more, or play fewer at once, with `--jobs 1`";
    assert!(ended.said.contains(words), "{}", ended.said);
    assert!(!ended.said.contains("passed"), "{}", ended.said);
}

#[test]
fn fewer_addresses_than_a_single_scenario_takes_are_refused() {
    for options in [&[][..], &["--jobs", "1"]] {
        let ended = play(70_000_000, options);
        assert_eq!(ended.status, 4, "{}", ended.said);
        let words = "playing a scenario on a screen of 1440x900 can take 86 MB of address space, \
                     and this process may have 70 MB: raise its limit, with `ulimit -v \
                     83738` or more";
        assert!(ended.said.contains(words), "{}", ended.said);
    }
}

#[test]
fn what_plays_nothing_needs_few_addresses() {
    let ended = play(60_000_000, &["--dry-run"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
}
