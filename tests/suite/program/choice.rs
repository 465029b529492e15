//! Which scenarios `run` plays, as `--list` and `list` show them.

use super::*;

/// A scenario of this name with these keys.
fn scenario(name: &str, keys: &str) -> String {
    format!("version: 1\nname: {name}\n{keys}steps:\n  - press: Tab\n")
}

/// `a` is tagged `fast`, `b` is tagged `slow`, `c` has no tag.
fn three() -> TempDir {
    folder(&[
        ("scenarios/a.yaml", &scenario("a", "tags: [fast]\n")),
        ("scenarios/b.yaml", &scenario("b", "tags: [slow, fast]\n")),
        ("scenarios/c.yaml", &scenario("c", "")),
    ])
}

/// The names of what would be played, in order.
fn listed(folder: &Path, options: &[&str]) -> Vec<String> {
    let ended = deskhand(folder, &[&["run", "--list"], options].concat());
    assert_eq!(ended.status, 0, "{options:?}: {}", ended.said);
    let also = deskhand(folder, &[&["list"], options].concat());
    assert_eq!(
        (also.status, &also.stdout),
        (0, &ended.stdout),
        "{options:?}: {}",
        also.said
    );
    let name = |line: &str| line.split_whitespace().nth(1).unwrap().to_owned();
    ended.stdout.lines().map(name).collect()
}

/// What is wrong with the command line.
fn refused(folder: &Path, options: &[&str]) -> String {
    let ended = deskhand(folder, &[&["run", "--list"], options].concat());
    assert_eq!(ended.status, 2, "{options:?}: {}", ended.said);
    ended.said
}

#[test]
fn tags_choose_scenarios() {
    let folder = three();
    let listed = |options: &[&str]| listed(folder.path(), options);
    assert_eq!(listed(&["--tag", "fast"]), ["a", "b"]);
    assert_eq!(listed(&["--tag", "fast", "--skip-tag", "slow"]), ["a"]);
    assert_eq!(listed(&["--skip-tag", "slow,fast"]), ["c"]);
}

#[test]
fn a_tag_that_no_scenario_has_is_misspelt() {
    let folder = three();
    for option in ["--tag", "--skip-tag"] {
        let said = refused(folder.path(), &[option, "slwo"]);
        assert!(said.contains("did you mean `slow`?"), "{said}");
    }
}

#[test]
fn a_regular_expression_chooses_scenarios_by_file_and_name() {
    let folder = three();
    assert_eq!(
        listed(folder.path(), &["--grep", "^scenarios/[ab]"]),
        ["a", "b"]
    );
    assert_eq!(listed(folder.path(), &["--grep", ": c$"]), ["c"]);
    let said = refused(folder.path(), &["--grep", "nonsuch"]);
    assert!(said.contains("for example `scenarios/a.yaml: a`"), "{said}");
    assert!(refused(folder.path(), &["--grep", "("]).contains("unclosed group"));
}

#[test]
fn what_is_repeated_is_numbered_and_a_seed_decides_the_order() {
    let folder = three();
    let twice = deskhand(folder.path(), &["run", "--list", "--repeat", "2"]);
    assert!(twice.stdout.contains("  a #1  "), "{}", twice.stdout);
    assert_eq!(twice.stdout.lines().count(), 6);
    let shuffled = |seed| listed(folder.path(), &["--shuffle", seed]);
    assert_eq!(shuffled("3"), shuffled("3"));
    let orders: std::collections::BTreeSet<_> = ["1", "2", "3", "4", "5"].map(shuffled).into();
    assert!(orders.len() > 1);
}

#[test]
fn every_shard_lists_its_share() {
    let folder = three();
    assert_eq!(listed(folder.path(), &["--shard", "1/2"]), ["a", "c"]);
    assert_eq!(listed(folder.path(), &["--shard", "2/2"]), ["b"]);
    assert_eq!(listed(folder.path(), &["--shard", "4/4"]), [""; 0]);
    let said = refused(folder.path(), &["--shard", "3/2"]);
    assert!(said.contains("from 1 to N"), "{said}");
}

#[test]
fn an_engine_says_which_shard_this_is() {
    let folder = three();
    let mut command = command(folder.path(), &["run", "--list", "--shard", "auto"]);
    let output = command
        .env("DESKHAND_SHARD_INDEX", "1")
        .env("DESKHAND_SHARDS", "3");
    let ended = Ended::from(output.output().unwrap());
    assert!(ended.stdout.contains("b.yaml"), "{}", ended.said);
    assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.said);
}

/// The event of a scenario that took so long.
fn took(number: usize, name: &str, outcome: &str, seconds: u32) -> String {
    let time = r#""time":"2026-01-01T00:00:00Z""#;
    let place = format!(r#"{{"file":"scenarios/{name}.yaml","line":2,"column":1}}"#);
    format!(
        r#"{{{time},"event":"scenario-started","scenario":{number},"name":"{name}","place":{place},"tags":[],"steps":1}}
{{{time},"event":"scenario-finished","scenario":{number},"outcome":{{"is":"{outcome}"}},"took":{seconds},"artifacts":[]}}
"#
    )
}

#[test]
fn shards_are_balanced_by_an_earlier_run() {
    let folder = three();
    let events = [("a", 1), ("b", 9), ("c", 2)];
    let events: String = (0..)
        .zip(events)
        .map(|(n, (name, s))| took(n, name, "passed", s))
        .collect();
    fs::write(folder.path().join("earlier.jsonl"), events).unwrap();
    let share = |shard| {
        listed(
            folder.path(),
            &["--durations", "earlier.jsonl", "--shard", shard],
        )
    };
    assert_eq!(share("1/2"), ["b"]);
    assert_eq!(share("2/2"), ["a", "c"]);
    let said = refused(folder.path(), &["--durations", "nonsuch.jsonl"]);
    assert!(
        said.contains("cannot read durations from nonsuch.jsonl"),
        "{said}"
    );
    fs::write(folder.path().join("other.jsonl"), "{}\n{}\n").unwrap();
    let said = refused(folder.path(), &["--durations", "other.jsonl"]);
    assert!(said.contains("line 1 is not an event"), "{said}");
}

#[test]
fn what_did_not_pass_in_the_last_run_can_be_played_alone() {
    let folder = three();
    let said = refused(folder.path(), &["--last-failed"]);
    assert!(said.contains("finds no run in artifacts"), "{said}");
    fs::create_dir(folder.path().join("artifacts")).unwrap();
    let events = took(0, "a", "passed", 1) + &took(1, "b", "interrupted", 1);
    fs::write(folder.path().join("artifacts/events.jsonl"), events).unwrap();
    assert_eq!(listed(folder.path(), &["--last-failed"]), ["b"]);
    // What failed in one of several rounds failed.
    let round = took(1, "b", "interrupted", 1).replace(r#""name":"b""#, r#""name":"b #2""#);
    fs::write(folder.path().join("artifacts/events.jsonl"), round).unwrap();
    assert_eq!(listed(folder.path(), &["--last-failed"]), ["b"]);
}

/// Calls git in a folder.
fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    let output = Command::new("git")
        .current_dir(folder)
        .args(identity)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn what_changed_since_a_revision_can_be_played_alone() {
    let folder = three();
    let uses = scenario("d", "").replace("press: Tab", "use: parts/p.yaml");
    for (path, text) in [
        ("scenarios/d.yaml", uses.as_str()),
        (
            "scenarios/parts/p.yaml",
            "version: 1\nsteps:\n  - press: Tab\n",
        ),
        ("deskhand.yaml", "version: 1\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message", "all"]);
    let changed = || listed(folder.path(), &["--changed", "HEAD"]);
    assert_eq!(changed(), [""; 0]);
    let append = |path: &str| {
        let path = folder.path().join(path);
        let text = fs::read_to_string(&path).unwrap_or_default();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text + "# changed\n").unwrap();
    };
    append("scenarios/a.yaml");
    assert_eq!(changed(), ["a"]);
    // A part that a scenario uses, and a baseline that git does not know yet.
    append("scenarios/parts/p.yaml");
    append("scenarios/baselines/b/saved.png");
    assert_eq!(changed(), ["a", "b", "d"]);
    append("deskhand.yaml");
    assert_eq!(changed(), ["a", "b", "c", "d"]);
    let said = refused(folder.path(), &["--changed", "nonsuch"]);
    assert!(said.contains("nonsuch"), "{said}");
}

#[test]
fn changes_are_those_of_the_branch_and_not_of_the_one_that_it_left() {
    let folder = three();
    git(
        folder.path(),
        &["init", "--quiet", "--initial-branch", "main"],
    );
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message", "all"]);
    git(folder.path(), &["checkout", "--quiet", "-b", "mine"]);
    fs::write(
        folder.path().join("scenarios/a.yaml"),
        scenario("a", "owner: me\n"),
    )
    .unwrap();
    git(
        folder.path(),
        &["commit", "--quiet", "--all", "--message", "mine"],
    );
    git(folder.path(), &["checkout", "--quiet", "main"]);
    fs::write(
        folder.path().join("scenarios/b.yaml"),
        scenario("b", "owner: you\n"),
    )
    .unwrap();
    git(
        folder.path(),
        &["commit", "--quiet", "--all", "--message", "yours"],
    );
    git(folder.path(), &["checkout", "--quiet", "mine"]);
    assert_eq!(listed(folder.path(), &["--changed", "main"]), ["a"]);
}

#[test]
fn only_scenarios_that_are_played_need_their_secrets() {
    let secret = "secrets: [NONSUCH_SECRET]\ntags: [login]\n";
    let login = scenario("login", secret).replace("press: Tab", "type: ${secrets.NONSUCH_SECRET}");
    let folder = three();
    fs::write(folder.path().join("scenarios/login.yaml"), login).unwrap();
    let run = |options: &[&str]| {
        // A desktop at this address refuses every connection: it is asked, nothing else.
        let target = [
            "run",
            "--target",
            "http://127.0.0.1:1",
            "--grep",
            ": (a|login)$",
        ];
        deskhand(folder.path(), &[&target, options].concat())
    };
    let all = run(&[]);
    assert_eq!(all.status, 3, "{}", all.said);
    assert!(all.said.contains("NONSUCH_SECRET"), "{}", all.said);
    let others = run(&["--skip-tag", "login"]);
    assert_eq!(others.status, 4, "{}", others.said);
    assert!(!others.said.contains("NONSUCH_SECRET"), "{}", others.said);
}
