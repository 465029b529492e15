//! The objects for Kubernetes, and the script that plays them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use serde_yaml::{Deserializer, Value};

use crate::tools::{ended, ours, output};

const FILES: [&str; 3] = ["suite.yaml", "report.yaml", "collect.yaml"];
/// The oldest release that has all that the job uses, and the newest one.
const RELEASES: [&str; 2] = ["1.29.0", "1.37.0"];

/// kubernetes-validate, which whichever test comes first installs.
fn validator() -> &'static Path {
    static VALIDATOR: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kubernetes-validate");
        output(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        output(
            Command::new(folder.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--requirement"])
                .arg(ours("tests/deploy/requirements.txt")),
        );
        folder.join("bin/kubernetes-validate")
    });
    &VALIDATOR
}

/// Whether Kubernetes takes a file as it is, and what is wrong with it.
fn validates(file: &Path, release: &str) -> (bool, String) {
    let mut validate = Command::new(validator());
    let (status, said) = ended(
        validate
            .args(["--strict", "--kubernetes-version", release])
            .arg(file),
    );
    (status == 0, said)
}

fn file(name: &str) -> PathBuf {
    ours("deploy/kubernetes").join(name)
}

/// The objects in a file.
fn objects(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(file(name)).unwrap();
    Deserializer::from_str(&text)
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .collect()
}

/// The specification of the one pod in a file.
fn pod(name: &str) -> Value {
    let object = objects(name).pop().unwrap();
    match object["kind"].as_str() {
        Some("Pod") => object["spec"].clone(),
        _ => object["spec"]["template"]["spec"].clone(),
    }
}

#[test]
fn every_object_is_valid() {
    for name in FILES {
        for release in RELEASES {
            let (valid, said) = validates(&file(name), release);
            assert!(valid, "{name}, Kubernetes {release}: {said}");
        }
    }
}

/// A check that accepts everything would not notice a mistake in the files either.
#[test]
fn a_field_that_kubernetes_does_not_know_is_not_valid() {
    let place = tempfile::tempdir().unwrap();
    let wrong = place.path().join("suite.yaml");
    let text = fs::read_to_string(file("suite.yaml")).unwrap();
    fs::write(&wrong, text.replace("completions:", "completion:")).unwrap();
    let (valid, said) = validates(&wrong, RELEASES[0]);
    assert!(!valid && said.contains("'completion'"), "{said}");
}

#[test]
fn every_container_is_an_ordinary_user_without_rights_on_a_read_only_system() {
    for name in FILES {
        let pod = pod(name);
        assert_eq!(pod["automountServiceAccountToken"], Value::from(false));
        assert_eq!(pod["securityContext"]["runAsNonRoot"], Value::from(true));
        assert_eq!(pod["securityContext"]["runAsUser"], Value::from(1000));
        let filter = &pod["securityContext"]["seccompProfile"]["type"];
        assert_eq!(filter.as_str(), Some("RuntimeDefault"));
        let containers = pod["containers"].as_sequence().unwrap();
        assert_eq!(containers.len(), 1);
        let rights = &containers[0]["securityContext"];
        assert_eq!(rights["allowPrivilegeEscalation"], Value::from(false));
        assert_eq!(rights["readOnlyRootFilesystem"], Value::from(true));
        assert_eq!(rights["capabilities"]["drop"][0].as_str(), Some("ALL"));
        let limit = &containers[0]["resources"]["limits"]["memory"];
        assert!(limit.is_string(), "{name} has no limit of memory");
    }
}

#[test]
fn as_many_shares_are_played_as_the_job_completes() {
    let job = objects("suite.yaml").pop().unwrap();
    let pod = pod("suite.yaml");
    let variables = pod["containers"][0]["env"].as_sequence().unwrap();
    let shards = variables
        .iter()
        .find(|variable| variable["name"].as_str() == Some("DESKHAND_SHARDS"));
    let shards = shards.unwrap()["value"].as_str().unwrap();
    let completions = job["spec"]["completions"].as_u64().unwrap();
    assert_eq!(shards, completions.to_string());
}

/// The scenarios that `deskhand run` would play with these arguments in a pod with an index.
fn listed(arguments: &[String], index: u64, shards: u64) -> Vec<String> {
    let mut list = Command::new(env!("CARGO_BIN_EXE_deskhand"));
    list.args(arguments)
        .arg("--list")
        .env("JOB_COMPLETION_INDEX", index.to_string())
        .env("DESKHAND_SHARDS", shards.to_string())
        .current_dir(ours(""));
    let said = output(&mut list);
    said.lines().map(str::to_owned).collect()
}

#[test]
fn the_pods_play_every_scenario_once() {
    let job = objects("suite.yaml").pop().unwrap();
    let completions = job["spec"]["completions"].as_u64().unwrap();
    let pod = pod("suite.yaml");
    let arguments = pod["containers"][0]["args"].as_sequence().unwrap();
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| argument.as_str().unwrap().to_owned())
        .collect();
    let shares: Vec<Vec<String>> = (0..completions)
        .map(|index| listed(&arguments, index, completions))
        .collect();
    assert!(shares.iter().all(|share| !share.is_empty()), "{shares:?}");
    let mut played = shares.concat();
    let mut all = listed(&arguments, 0, 1);
    // Columns are as wide as the names of their own share.
    for list in [&mut played, &mut all] {
        for line in list.iter_mut() {
            *line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        list.sort();
    }
    assert_eq!(played, all);
}

/// The names of all objects, as `kubectl` writes them.
fn names() -> Vec<String> {
    let objects = FILES.iter().flat_map(|name| objects(name));
    let name = |object: Value| {
        let kind = match object["kind"].as_str().unwrap() {
            "PersistentVolumeClaim" => "pvc".to_owned(),
            kind => kind.to_lowercase(),
        };
        format!("{kind}/{}", object["metadata"]["name"].as_str().unwrap())
    };
    objects.map(name).collect()
}

/// What `play` said on a cluster whose report ends with a status, its own status, and
/// what it asked of the cluster.
fn play(status: &str, place: &Path) -> (i32, String, Vec<String>) {
    let mut play = Command::new(file("play"));
    play.arg(place.join("artifacts"))
        .env("KUBECTL", ours("tests/deploy/kubectl"))
        .env("CLUSTER", place)
        .env("STATUS", status)
        .env("INTERVAL", "0");
    let (ended, said) = ended(&mut play);
    let calls = fs::read_to_string(place.join("calls")).unwrap();
    let calls = calls.lines().map(str::to_owned).collect();
    (ended, said, calls)
}

#[test]
fn the_script_ends_with_the_status_of_the_merged_report_and_leaves_nothing_on_the_cluster() {
    let place = tempfile::tempdir().unwrap();
    let (status, said, calls) = play("1", place.path());
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("7 passed, 1 failed"), "{said}");
    assert!(place.path().join("artifacts/report.html").exists());
    let position = |call: &str| {
        let found = calls.iter().position(|it| it.starts_with(call));
        found.unwrap_or_else(|| panic!("{call}: {calls:#?}"))
    };
    let create = |name: &str| position(&format!("create --filename {}", file(name).display()));
    let order = [
        position("delete"),
        create("suite.yaml"),
        // the last of four looks: nobody answered, nothing was known, it was ending, it ended
        position("get job/desktop-tests ") + 3,
        create("report.yaml"),
        position("get job/desktop-tests-report "),
        create("collect.yaml"),
        position("cp "),
        calls.len() - 1,
    ];
    assert!(order.is_sorted_by(|a, b| a < b), "{order:?} {calls:#?}");
    for end in [&calls[0], &calls[calls.len() - 1]] {
        for name in names() {
            assert!(
                end.starts_with("delete") && end.contains(&name),
                "{name}: {end}"
            );
        }
    }
}

#[test]
fn the_script_ends_with_an_error_if_the_report_could_not_be_made() {
    let place = tempfile::tempdir().unwrap();
    let (status, said, _) = play("", place.path());
    assert_eq!(status, 4, "{said}");
}
