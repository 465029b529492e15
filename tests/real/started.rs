//! `deskhand desktop start` as a process of its own.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
};

use deskhand::desktop::DesktopClient;
use serde_json::Value;

use crate::place::{Place, end_by_force};

/// A desktop that was started from the shell and is ready.
pub(crate) struct Started {
    process: Child,
    stdout: BufReader<ChildStdout>,
    /// What it said on stdout when it was ready.
    pub(crate) ready: Value,
}

impl Started {
    /// Runs `deskhand desktop start --json` with more arguments and variables.
    pub(crate) fn new(place: &Place, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let program = Command::new(env!("CARGO_BIN_EXE_deskhand"));
        Self::from(program, place, arguments, variables)
    }

    /// The same, in a process that may have only so many files open at once.
    pub(crate) fn with_descriptors(place: &Place, most: &str, arguments: &[&str]) -> Self {
        let mut program = Command::new("prlimit");
        program
            .arg(format!("--nofile={most}"))
            .arg(env!("CARGO_BIN_EXE_deskhand"));
        Self::from(program, place, arguments, &[])
    }

    /// A desktop that has 8 MiB of disk for all that it keeps, where one can be made.
    pub(crate) fn on_a_small_disk(place: &Place) -> Option<Self> {
        // Only in a namespace of its own can a test have a small disk of its own.
        let script = r#"mount -t tmpfs -o size=8m tmpfs "$TMPDIR" && exec "$@""#;
        let unshare = |program: &str| {
            let mut command = Command::new("unshare");
            command
                .args(["--mount", "--map-root-user", "sh", "-c", script, "sh"])
                .arg(program)
                .env("TMPDIR", place.temporary());
            command
        };
        if !unshare("true")
            .status()
            .is_ok_and(|status| status.success())
        {
            return None;
        }
        let program = unshare(env!("CARGO_BIN_EXE_deskhand"));
        Some(Self::from(program, place, &["--profile", "bare"], &[]))
    }

    fn from(
        mut program: Command,
        place: &Place,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut process = program
            .args(["desktop", "start", "--json"])
            .args(arguments)
            .env("TMPDIR", place.temporary())
            .env("HOME", place.path())
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self {
            process,
            stdout,
            ready,
        }
    }

    /// One of the texts that it said when it was ready.
    pub(crate) fn said(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    pub(crate) fn client(&self) -> DesktopClient {
        DesktopClient::new(self.said("url"), Some(self.said("token"))).unwrap()
    }

    /// Changes how many files it may have open, and answers how many it might
    /// before.
    pub(crate) fn limit_descriptors(&self, limit: &str) -> String {
        let pid = self.process.id().to_string();
        let prlimit = |arguments: &[&str]| {
            let done = Command::new("prlimit")
                .args(["--pid", &pid])
                .args(arguments)
                .output()
                .unwrap();
            assert!(done.status.success(), "{done:?}");
            String::from_utf8(done.stdout).unwrap()
        };
        let before = prlimit(&["--nofile", "--output=SOFT", "--noheadings"]);
        prlimit(&[&format!("--nofile={limit}")]);
        before.trim().to_owned()
    }

    /// Ends it as Ctrl-C does; it must end well and say nothing more on stdout.
    pub(crate) fn end(mut self) {
        let pid = self.process.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        assert!(self.process.wait().unwrap().success());
    }

    /// Kills it, and nothing but it.
    pub(crate) fn end_by_force(mut self) {
        end_by_force(self.process.id());
        self.process.wait().unwrap();
    }
}

impl Drop for Started {
    /// A test that failed must not leave its desktop, and whoever waits for the
    /// end of its output waiting.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
