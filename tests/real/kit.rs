//! What the files in `deploy/` tell CI systems to run, really run: two shares of a suite
//! and what becomes of them together.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_yaml::Value;

use crate::place::Place;

const FAILS: &str = "version: 1\nname: It fails\ndesktop: { size: 800x600, profile: bare }\n\
                     steps:\n  - run: { command: echo no, stdout: { contains: yes } }\n";

const PASSES: &str = "version: 1\nname: It passes\ndesktop: { size: 800x600, profile: bare }\n\
                      steps:\n  - run: echo hello\n";

/// A project with two scenarios, of which one fails, and a machine of a CI system.
struct Job {
    place: Place,
}

impl Job {
    fn new() -> Self {
        let place = Place::new();
        for folder in ["project/scenarios", "bin", "home"] {
            fs::create_dir_all(place.path().join(folder)).unwrap();
        }
        let job = Self { place };
        fs::write(job.project("scenarios/fails.yaml"), FAILS).unwrap();
        fs::write(job.project("scenarios/passes.yaml"), PASSES).unwrap();
        symlink(env!("CARGO_BIN_EXE_deskhand"), job.bin("deskhand")).unwrap();
        job
    }

    fn project(&self, path: &str) -> PathBuf {
        self.place.path().join("project").join(path)
    }

    fn bin(&self, name: &str) -> PathBuf {
        self.place.path().join("bin").join(name)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// With a program that this machine lacks, in the place of it.
    fn with_program(self, name: &str, script: &str) -> Self {
        fs::write(self.bin(name), script).unwrap();
        fs::set_permissions(self.bin(name), fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    /// Runs a script as a step of a job, with these variables; its exit status and what it
    /// said.
    fn run(&self, script: &str, variables: &[(&str, &str)]) -> (i32, String) {
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", self.place.path().join("bin").display());
        let mut command = Command::new("bash");
        command
            .args([
                "--noprofile",
                "--norc",
                "-e",
                "-o",
                "pipefail",
                "-c",
                script,
            ])
            .current_dir(self.project(""))
            .env("CI", "true")
            .env("HOME", self.file("home"))
            .env("TMPDIR", self.place.temporary())
            .env("RUNNER_TEMP", self.place.path())
            .env("PATH", path)
            .envs(variables.iter().copied());
        let done = command.output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        (done.status.code().unwrap(), said)
    }

    fn read(&self, name: &str) -> String {
        let path = self.file(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// That both shares were played and merged, and nothing is left of their desktops.
    fn assert_merged(&self, folder: &str) {
        let xml = self.read(&format!("project/{folder}/junit.xml"));
        assert!(
            xml.contains("tests=\"2\" failures=\"1\" errors=\"0\""),
            "{xml}"
        );
        self.place.assert_nothing_is_left(Duration::ZERO);
    }
}

fn kit(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(path)
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// A text in which each `${{ expression }}` is what it stands for.
fn evaluated(text: &str, values: &[(&str, &str)]) -> String {
    let mut parts = text.split("${{");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once("}}").unwrap();
        let value = values.iter().find(|(name, _)| *name == expression.trim());
        let (_, value) = value.unwrap_or_else(|| panic!("nobody knows {expression}"));
        out = out + value + rest;
    }
    out
}

/// The variables of a job or a step.
fn variables(of: &Value, values: &[(&str, &str)]) -> Vec<(String, String)> {
    let env = of["env"].as_mapping().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    env.map(|(name, value)| (text(name), evaluated(&text(value), values)))
        .collect()
}

/// The scripts of GitHub's steps, each with its variables.
fn steps(of: &Value, values: &[(&str, &str)]) -> Vec<(String, Vec<(String, String)>)> {
    let steps = of["steps"].as_sequence().unwrap().iter();
    let script = |step: &Value| {
        let script = step["run"].as_str()?.to_owned();
        Some((
            script,
            [variables(of, values), variables(step, values)].concat(),
        ))
    };
    steps.filter_map(script).collect()
}

/// A cargo that has built Deskhand before.
const CARGO: &str = "#!/bin/sh\nset -eu\necho \"$@\" >>\"$HOME/cargo\"\n[ \"$1\" = install ]\n\
                     while [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\n\
                     cp \"$(command -v deskhand)\" \"$2/bin/deskhand\"\n";

/// Plays all steps of the action, as GitHub does after `if` is true: the statuses of the
/// scripts, and what they said.
fn action(job: &Job, (index, merge): (&str, &str)) -> (Vec<i32>, String) {
    let action = yaml(&fs::read_to_string(kit("github/action.yml")).unwrap());
    let values = [
        ("inputs.paths", "scenarios"),
        ("inputs.options", "--jobs 1"),
        ("inputs.merge", merge),
        ("strategy.job-index", index),
        ("strategy.job-total", "2"),
    ];
    let folder = kit("github");
    let files = ["output", "path", "summary"].map(|name| job.file(name));
    let [output, path, summary] = files.each_ref().map(|file| file.to_str().unwrap());
    let of_runner = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ACTION_PATH", folder.to_str().unwrap()),
        ("GITHUB_OUTPUT", output),
        ("GITHUB_PATH", path),
        ("GITHUB_STEP_SUMMARY", summary),
    ];
    let (mut statuses, mut all) = (Vec::new(), String::new());
    for (script, own) in steps(&action["runs"], &values) {
        let own = own.iter().map(|(name, value)| (&**name, &**value));
        let variables: Vec<_> = of_runner.into_iter().chain(own).collect();
        let (status, said) = job.run(&script, &variables);
        statuses.push(status);
        all += &said;
    }
    (statuses, all)
}

#[test]
fn the_action_plays_two_shares_and_merges_them() {
    let job = Job::new().with_program("cargo", CARGO);
    let mut statuses = Vec::new();
    for index in ["0", "1"] {
        let (ended, said) = action(&job, (index, "false"));
        assert_eq!(ended[..2], [0, 0], "{said}");
        statuses.push(ended[2]);
        assert!(said.contains("::stop-commands::"), "{said}");
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [0, 1]);
    // The program is built once; what is cached has its keys.
    assert_eq!(job.read("home/cargo").lines().count(), 1);
    let keys = job.read("output");
    let keys: Vec<&str> = keys.lines().collect();
    assert!(
        keys[1].starts_with(&keys[0].replace("program=", "all=")),
        "{keys:?}"
    );
    assert_eq!(keys[..2], keys[2..4]);
    let summary = job.read("summary");
    assert!(
        summary.contains("### ❌ ") && summary.contains("### ✅ "),
        "{summary}"
    );
    // Of one share of several nobody comments.
    assert!(
        !keys.iter().any(|line| line.starts_with("page=")),
        "{keys:?}"
    );

    let (ended, said) = action(&job, ("0", "true"));
    assert_eq!(ended, [0, 0, 1], "{said}");
    let outputs = job.read("output");
    let page = outputs
        .lines()
        .find_map(|line| line.strip_prefix("page="))
        .unwrap();
    let page = fs::read_to_string(page).unwrap();
    assert!(
        page.starts_with("### ❌ 1 of 2 scenarios passed\n"),
        "{page}"
    );
    assert!(job.read("summary").ends_with(&page));
    job.assert_merged("artifacts/merged");
}

#[test]
fn the_workflow_of_github_plays_two_shares_and_merges_them() {
    let workflow = yaml(&fs::read_to_string(kit("github/workflow.yml")).unwrap());
    let job = Job::new();
    let summary = job.file("summary");
    let jobs = &workflow["jobs"];
    let mut statuses = Vec::new();
    for (name, index) in [
        ("desktop-tests", "0"),
        ("desktop-tests", "1"),
        ("desktop-report", "0"),
    ] {
        let values = [("strategy.job-index", index), ("strategy.job-total", "2")];
        for (script, own) in steps(&jobs[name], &values) {
            let own = own.iter().map(|(name, value)| (&**name, &**value));
            let of_runner = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
            let variables: Vec<_> = of_runner.into_iter().chain(own).collect();
            let (status, said) = job.run(&script, &variables);
            statuses.push(status);
            assert!(status < 2, "{said}");
        }
    }
    assert_eq!(statuses.iter().sum::<i32>(), 2, "{statuses:?}");
    assert!(
        job.read("summary")
            .contains("### ❌ 1 of 2 scenarios passed\n")
    );
    job.assert_merged("artifacts/merged");
}

#[test]
fn the_component_of_gitlab_plays_two_shares_and_merges_them() {
    let job = Job::new();
    let (status, said) = job.run("git init --quiet && deskhand init --ci gitlab", &[]);
    assert_eq!(status, 0, "{said}");
    let jobs = yaml(&job.read("project/.gitlab-ci.yml"));
    let mut statuses = Vec::new();
    for (name, index) in [
        ("desktop-tests", "1"),
        ("desktop-tests", "2"),
        ("desktop-report", "1"),
    ] {
        for line in jobs[name]["script"].as_sequence().unwrap() {
            let total = jobs["desktop-tests"]["parallel"]
                .as_u64()
                .unwrap()
                .to_string();
            let variables = [
                ("GITLAB_CI", "true"),
                ("CI_NODE_INDEX", index),
                ("CI_NODE_TOTAL", &total),
            ];
            let (status, said) = job.run(line.as_str().unwrap(), &variables);
            statuses.push(status);
            assert!(status < 2, "{said}");
            assert!(
                name == "desktop-report" || said.contains("section_start:"),
                "{said}"
            );
        }
    }
    assert_eq!(statuses.iter().sum::<i32>(), 2, "{statuses:?}");
    job.assert_merged("artifacts/merged");
}

#[test]
fn the_pipeline_of_buildkite_plays_two_shares_and_merges_them() {
    let agent = "#!/bin/sh\necho \"$@\" >>\"$HOME/agent\"\n";
    let job = Job::new().with_program("buildkite-agent", agent);
    let pipeline = yaml(&fs::read_to_string(kit("buildkite/pipeline.yml")).unwrap());
    let mut statuses = Vec::new();
    for (step, index) in [(0, "0"), (0, "1"), (1, "0")] {
        let command = &pipeline["steps"][step]["command"];
        let several = command.as_sequence().into_iter().flatten();
        for line in several.chain(command.is_string().then_some(command)) {
            // Buildkite replaces variables when the pipeline is uploaded, but not these.
            let line = line.as_str().unwrap().replace("$$", "$");
            let variables = [
                ("BUILDKITE", "true"),
                ("BUILDKITE_PARALLEL_JOB", index),
                ("BUILDKITE_PARALLEL_JOB_COUNT", "2"),
            ];
            let (status, said) = job.run(&line, &variables);
            statuses.push(status);
            assert!(status < 2, "{said}");
        }
    }
    assert_eq!(statuses.iter().sum::<i32>(), 2, "{statuses:?}");
    let asked = job.read("home/agent");
    for words in [
        "--context deskhand-1\n",
        "--context deskhand-2\n",
        "artifact download",
    ] {
        assert!(asked.contains(words), "{words}: {asked}");
    }
    job.assert_merged("artifacts/merged");
}

/// A docker whose containers are this machine, with the variables that it is told.
const DOCKER: &str = r#"#!/bin/bash
program=deskhand
while [ "$1" != registry.example/desktop-tests ]; do
  [ "$1" != --entrypoint ] || program=$2
  shift
done
shift
exec "$program" "$@"
"#;

#[test]
fn the_pipeline_of_azure_plays_two_shares_and_merges_them() {
    let job = Job::new().with_program("docker", DOCKER);
    let pipeline = yaml(&fs::read_to_string(kit("azure/azure-pipelines.yml")).unwrap());
    let script = |number: usize| {
        let steps = pipeline["jobs"][number]["steps"].as_sequence().unwrap();
        let script = steps.iter().find_map(|step| step["script"].as_str());
        script.unwrap().to_owned()
    };
    let mut statuses = Vec::new();
    for (number, index) in [(0, "1"), (0, "2"), (1, "1")] {
        let variables = [
            ("TF_BUILD", "True"),
            ("SYSTEM_JOBPOSITIONINPHASE", index),
            ("SYSTEM_TOTALJOBSINPHASE", "2"),
        ];
        let (status, said) = job.run(&script(number), &variables);
        statuses.push(status);
        assert!(status < 2, "{said}");
        if number == 0 {
            assert!(said.contains("##vso[task.uploadsummary]/"), "{said}");
            // The agent keeps what a job publishes, and another one gets it.
            let kept = format!("mkdir -p shards && mv artifacts shards/shard-{index}");
            assert_eq!(job.run(&kept, &[]).0, 0);
        }
    }
    assert_eq!(statuses.iter().sum::<i32>(), 2, "{statuses:?}");
    job.assert_merged("artifacts");
}
