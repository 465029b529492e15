//! `apt-get`, with everything that may be in its way: another process at work, no network.

use std::{
    io::{self, BufRead, BufReader, PipeReader},
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use super::{InstallError, lock::Holder};

/// How often a lock that is held is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// How apt-get says that a lock is held, in the language that it is given.
const LOCKED: &str = "Could not get lock";

/// How it says that a server of packages cannot be reached.
const OFFLINE: [&str; 6] = [
    "Temporary failure resolving",
    "Could not resolve",
    "Could not connect",
    "Cannot initiate the connection",
    "Network is unreachable",
    "Connection timed out",
];

/// How it says that it has never heard of a package, which it also does after
/// an update that reached nobody.
const UNKNOWN: [&str; 2] = ["Unable to locate package", "has no installation candidate"];

/// A way to run apt-get.
pub(super) struct Apt<'a> {
    pub(super) program: PathBuf,
    pub(super) locks: Vec<PathBuf>,
    /// How long others may hold a lock.
    pub(super) patience: Duration,
    /// Takes what apt-get says, and messages about it, line by line.
    pub(super) tell: &'a mut dyn FnMut(&str),
}

/// The result of one run.
struct Done {
    status: ExitStatus,
    /// Its errors and warnings.
    words: Vec<String>,
}

impl Done {
    fn said(&self, any: &[&str]) -> Option<&String> {
        let said = |line: &&String| any.iter().any(|words| line.contains(words));
        self.words.iter().find(said)
    }
}

impl Apt<'_> {
    /// Learns what packages there are, and installs these, without recommended
    /// extras.
    pub(super) fn install(&mut self, packages: &[String]) -> Result<(), InstallError> {
        // On a fresh machine apt-get knows no package before its first update,
        // which is not a failure of its own if it reaches nobody.
        let updated = self.run("update", &["update", "-q"])?;
        // A name that apt-get does not know would be an expression for others.
        let exact = "APT::Cmd::Pattern-Only=true";
        let mut arguments = vec![
            "install",
            "-q",
            "-y",
            "--no-install-recommends",
            "-o",
            exact,
        ];
        arguments.extend(packages.iter().map(String::as_str));
        let installed = self.run("install", &arguments)?;
        if installed.status.success() {
            return Ok(());
        }
        let unknown = installed.said(&UNKNOWN).and(updated.said(&OFFLINE));
        if let Some(words) = installed.said(&OFFLINE).or(unknown) {
            return Err(InstallError::Offline {
                words: words.clone(),
                packages: packages.to_vec(),
            });
        }
        Err(failed("install", &installed))
    }

    /// Runs it once no other process is at work.
    fn run(&mut self, what: &'static str, arguments: &[&str]) -> Result<Done, InstallError> {
        let deadline = Instant::now() + self.patience;
        loop {
            self.wait(deadline)?;
            let done = self.once(arguments)?;
            // Somebody may take a lock between our look and apt-get's.
            if done.said(&[LOCKED]).is_some() && !done.status.success() {
                if Instant::now() > deadline {
                    return Err(failed(what, &done));
                }
                thread::sleep(LOOK_AGAIN);
                continue;
            }
            let reaches_nobody = done.said(&OFFLINE).is_some();
            if what == "update" && !done.status.success() && !reaches_nobody {
                return Err(failed(what, &done));
            }
            return Ok(done);
        }
    }

    /// Waits until nobody holds a lock, and says which process it waits for.
    fn wait(&mut self, deadline: Instant) -> Result<(), InstallError> {
        let mut told = None;
        while let Some(holder) = Holder::of(&self.locks) {
            if Instant::now() >= deadline {
                let waited = self.patience.as_secs();
                return Err(InstallError::Locked { holder, waited });
            }
            if told.as_ref() != Some(&holder) {
                let left = deadline.saturating_duration_since(Instant::now());
                let left = left.as_secs_f64().ceil();
                (self.tell)(&format!("waiting up to {left} s for {holder}"));
                told = Some(holder);
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// Runs it and hands on what it says. It has no terminal and no descriptor of
    /// ours, so it can neither ask anything nor fail because nobody reads it.
    fn once(&mut self, arguments: &[&str]) -> Result<Done, InstallError> {
        let (reader, writer) = io::pipe()?;
        let timeout = format!("DPkg::Lock::Timeout={}", self.patience.as_secs());
        let mut process = Command::new(&self.program)
            .args(["-o", &timeout])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .spawn()?;
        let lines = lines(reader);
        let mut words = Vec::new();
        loop {
            match lines.recv_timeout(LOOK_AGAIN) {
                Ok(line) => {
                    (self.tell)(&line);
                    if line.starts_with("E: ") || line.starts_with("W: ") {
                        words.push(line);
                    }
                }
                // A service that a package started may keep the pipe open.
                Err(RecvTimeoutError::Timeout) if process.try_wait()?.is_none() => {}
                Err(_) => break,
            }
        }
        let status = process.wait()?;
        Ok(Done { status, words })
    }
}

fn failed(what: &'static str, done: &Done) -> InstallError {
    let errors = done.words.iter().filter(|line| line.starts_with("E: "));
    let errors: Vec<&str> = errors.map(|line| line.trim_start_matches("E: ")).collect();
    InstallError::Failed {
        what,
        status: done.status,
        words: errors.join("; "),
    }
}

/// The lines of a pipe as they come; of one that was written anew, the last
/// state.
fn lines(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches('\r').rsplit('\r').next();
            if sender.send(line.unwrap_or_default().to_owned()).is_err() {
                break;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::Path,
        process::{Child, ChildStdin},
    };

    use super::*;

    /// A folder with an `apt-get` that does as a script says, and one lock.
    struct Machine(tempfile::TempDir);

    impl Machine {
        fn new(apt_get: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let text = folder.path().join("text");
            fs::write(&text, format!("#!/bin/sh\ncd \"${{0%/*}}\"\n{apt_get}\n")).unwrap();
            // A program that this process has written may still be open for
            // writing in a child of another test, and then it cannot be run.
            let copied = Command::new("install")
                .args(["-m", "755"])
                .args([text, folder.path().join("apt-get")])
                .status();
            assert!(copied.unwrap().success());
            fs::write(folder.path().join("lock"), "").unwrap();
            Self(folder)
        }

        fn lock(&self) -> PathBuf {
            self.0.path().join("lock")
        }

        fn install(&self, patience: u64, tell: &mut dyn FnMut(&str)) -> Result<(), InstallError> {
            let mut apt = Apt {
                program: self.0.path().join("apt-get"),
                locks: vec![self.lock()],
                patience: Duration::from_secs(patience),
                tell,
            };
            apt.install(&["xvfb".to_owned()])
        }
    }

    /// A process that holds a lock as dpkg does, until it is let go.
    struct Other {
        process: Child,
        end: Option<ChildStdin>,
    }

    impl Other {
        fn holding(lock: &Path) -> Self {
            let script = "import fcntl, sys\n\
                file = open(sys.argv[1], 'w')\n\
                fcntl.lockf(file, fcntl.LOCK_EX)\n\
                print('held', flush=True)\n\
                sys.stdin.read()";
            let mut process = Command::new("python3")
                .args(["-c", script])
                .arg(lock)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut said = String::new();
            let stdout = process.stdout.take().unwrap();
            BufReader::new(stdout).read_line(&mut said).unwrap();
            assert_eq!(said, "held\n");
            let end = process.stdin.take();
            Self { process, end }
        }

        fn let_go(&mut self) {
            drop(self.end.take());
            self.process.wait().unwrap();
        }
    }

    impl Drop for Other {
        fn drop(&mut self) {
            self.let_go();
        }
    }

    #[test]
    fn a_lock_that_another_process_holds_is_waited_for_and_told_with_its_holder() {
        let machine = Machine::new("touch ran; echo $3 done");
        let mut other = Other::holding(&machine.lock());
        let mut told = Vec::new();
        let mut tell = |line: &str| {
            if told.is_empty() {
                assert!(!machine.0.path().join("ran").exists());
                other.let_go();
            }
            told.push(line.to_owned());
        };
        machine.install(60, &mut tell).unwrap();
        let holder = format!(
            "for `python3` (process {}), which has locked ",
            other.process.id()
        );
        assert!(
            told[0].starts_with("waiting up to ") && told[0].contains(&holder),
            "{told:?}"
        );
        assert_eq!(told[1..], ["update done", "install done"]);
    }

    #[test]
    fn a_lock_that_stays_held_is_an_error_that_names_its_holder() {
        let machine = Machine::new("echo ran");
        let other = Other::holding(&machine.lock());
        let error = machine
            .install(0, &mut |line| panic!("{line}"))
            .unwrap_err();
        let expected = format!(
            "gave up after waiting 0 s for `python3` (process {}), which has locked {}; end that process, or try again once it has ended",
            other.process.id(),
            machine.lock().display()
        );
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_lock_that_somebody_took_between_look_and_start_is_waited_for_too() {
        let taken = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt)";
        let machine = Machine::new(&format!(
            "if mkdir first 2>/dev/null; then echo '{taken}'; exit 100; fi; echo $3"
        ));
        let mut told = Vec::new();
        let tell = &mut |line: &str| told.push(line.to_owned());
        machine.install(60, tell).unwrap();
        assert_eq!(told, [taken, "update", "install"]);
    }

    #[test]
    fn without_a_network_the_error_says_so_and_what_else_can_be_done() {
        let warning = "W: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  \
            Temporary failure resolving 'deb.debian.org'";
        // Whether an update that reaches nobody counts as failed differs.
        for (status, refusal) in [
            (0, "E: Unable to locate package xvfb"),
            (100, "E: Unable to locate package xvfb"),
            (
                0,
                "E: Failed to fetch http://deb.debian.org/x.deb  Temporary failure resolving 'deb.debian.org'",
            ),
        ] {
            let machine = Machine::new(&format!(
                "case $3 in update) echo \"{warning}\"; exit {status};; *) echo \"{refusal}\"; exit 100;; esac"
            ));
            let error = machine.install(0, &mut |_| ()).unwrap_err().to_string();
            let known = "`apt-get` cannot reach the package servers (";
            assert!(error.starts_with(known), "{error}");
            assert!(
                error.contains("Temporary failure resolving 'deb.debian.org')"),
                "{error}"
            );
            assert!(
                error.ends_with("copy these packages to the machine and install them: xvfb"),
                "{error}"
            );
        }
    }

    #[test]
    fn another_failure_is_told_in_the_words_of_apt_get() {
        let machine = Machine::new(
            "case $3 in install) echo 'E: Unable to locate package xvfb'; exit 100;; esac",
        );
        let error = machine.install(0, &mut |_| ()).unwrap_err().to_string();
        let expected = "`apt-get install` failed (exit status: 100): Unable to locate package xvfb";
        assert_eq!(error, expected);
    }
}
