//! ffmpeg as a process that is fed or read through a pipe, and that always ends.
//!
//! Its end of the pipe ends with this program, however that ends, and so does its work.

use std::{
    ffi::OsString,
    io::{self, Read as _, Write as _},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::Fault;

/// How long a process may neither read nor write a byte.
const STUCK: Duration = Duration::from_secs(60);

/// How often to check whether a process is stuck, or somebody asks to stop.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How often to check whether a process that has nothing left to do has ended.
const ENDING: Duration = Duration::from_millis(2);

/// How much of what a process says is kept, in bytes.
const WORDS: usize = 4096;

/// What ends all work on films as soon as somebody asks for it.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to stop.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A running program.
pub(crate) struct Process {
    program: &'static str,
    child: Arc<Mutex<Child>>,
    pulse: Arc<Pulse>,
    stop: Stop,
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    words: Option<JoinHandle<String>>,
    watch: Option<JoinHandle<()>>,
}

/// When a process last did something, and whether it still has to be watched.
struct Pulse {
    origin: Instant,
    last: AtomicU64,
    is_stuck: AtomicBool,
    is_over: AtomicBool,
}

impl Pulse {
    fn beat(&self) {
        self.last.store(self.now(), Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn silent(&self) -> Duration {
        let last = self.last.load(Ordering::Relaxed);
        Duration::from_millis(self.now().saturating_sub(last))
    }
}

impl Process {
    /// Starts a program whose stdin is fed by [`Process::feed`].
    pub(crate) fn fed(
        program: &'static str,
        args: &[OsString],
        stop: &Stop,
    ) -> Result<Self, Fault> {
        Self::start(program, args, [Stdio::piped(), Stdio::null()], stop)
    }

    /// Starts a program whose stdout is read by [`Process::fill`].
    pub(crate) fn read(
        program: &'static str,
        args: &[OsString],
        stop: &Stop,
    ) -> Result<Self, Fault> {
        Self::start(program, args, [Stdio::null(), Stdio::piped()], stop)
    }

    fn start(
        program: &'static str,
        args: &[OsString],
        [stdin, stdout]: [Stdio; 2],
        stop: &Stop,
    ) -> Result<Self, Fault> {
        let mut command = Command::new(program);
        command.args(args).stdin(stdin).stdout(stdout);
        command.stderr(Stdio::piped());
        apart(&mut command);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Fault::Missing(program),
            _ => Fault::Start { program, error },
        })?;
        let pulse = Arc::new(Pulse {
            origin: Instant::now(),
            last: AtomicU64::new(0),
            is_stuck: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        });
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let words = child.stderr.take();
        let words = words.map(|stderr| thread::spawn(move || first_words(stderr)));
        let child = Arc::new(Mutex::new(child));
        let watched = (Arc::clone(&child), Arc::clone(&pulse), stop.clone());
        let watch = thread::spawn(move || watch(&watched.0, &watched.1, &watched.2));
        Ok(Self {
            program,
            child,
            pulse,
            stop: stop.clone(),
            stdin,
            stdout,
            words,
            watch: Some(watch),
        })
    }

    /// Gives it these bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Some(stdin) = &mut self.stdin else {
            return Ok(());
        };
        self.pulse.beat();
        if stdin.write_all(bytes).is_err() {
            // The process itself says why it has stopped reading.
            return Err(self.fault());
        }
        self.pulse.beat();
        Ok(())
    }

    /// Fills a buffer with what it writes; false at the end of its output, which may only come
    /// before the first byte of the buffer.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Result<bool, Fault> {
        let Some(stdout) = &mut self.stdout else {
            return Ok(false);
        };
        let mut done = 0;
        while done < buffer.len() {
            self.pulse.beat();
            match stdout.read(&mut buffer[done..]) {
                Ok(0) if done == 0 => return Ok(false),
                Ok(0) | Err(_) => return Err(self.fault()),
                Ok(some) => done += some,
            }
        }
        Ok(true)
    }

    /// Waits until it has ended successfully.
    pub(crate) fn end(mut self) -> Result<(), Fault> {
        let status = self.wait();
        match status {
            Ok(status) if status.success() && !self.stop.is_asked() => Ok(()),
            status => Err(self.why(status)),
        }
    }

    /// Why it ended, which it has or is about to.
    fn fault(&mut self) -> Fault {
        let status = self.wait();
        self.why(status)
    }

    /// Closes its pipes, and waits until it has ended; its watch makes sure that it does.
    fn wait(&mut self) -> io::Result<ExitStatus> {
        self.pulse.beat();
        self.stdin = None;
        self.stdout = None;
        let status = loop {
            let ended = lock(&self.child).try_wait();
            match ended {
                Ok(None) => thread::sleep(ENDING),
                Ok(Some(status)) => break Ok(status),
                Err(error) => break Err(error),
            }
        };
        self.pulse.is_over.store(true, Ordering::Relaxed);
        status
    }

    fn why(&mut self, status: io::Result<ExitStatus>) -> Fault {
        let program = self.program;
        if self.stop.is_asked() {
            return Fault::Stopped;
        }
        if self.pulse.is_stuck.load(Ordering::Relaxed) {
            let seconds = STUCK.as_secs();
            return Fault::Stuck { program, seconds };
        }
        let words = self.words.take().and_then(|words| words.join().ok());
        let words = words.filter(|words| !words.is_empty());
        Fault::Failed {
            program,
            how: status.map_or_else(|error| error.to_string(), how),
            words: words.unwrap_or_else(|| "it said nothing".to_owned()),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.pulse.is_over.store(true, Ordering::Relaxed);
        self.stdin = None;
        self.stdout = None;
        let mut child = lock(&self.child);
        if !matches!(child.try_wait(), Ok(Some(_))) {
            let _ = child.kill();
            let _ = child.wait();
        }
        drop(child);
        let _ = self.watch.take().map(JoinHandle::join);
    }
}

/// Ends a process that is stuck, or whose work nobody wants any more.
fn watch(child: &Mutex<Child>, pulse: &Pulse, stop: &Stop) {
    while !pulse.is_over.load(Ordering::Relaxed) {
        let is_stuck = pulse.silent() > STUCK;
        pulse.is_stuck.store(is_stuck, Ordering::Relaxed);
        if is_stuck || stop.is_asked() {
            let _ = lock(child).kill();
            return;
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// Ctrl-C must reach this program only, which then ends the processes that it started.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first line that a process prints: those after it are consequences.
fn first_words(mut stderr: ChildStderr) -> String {
    let (mut kept, mut some) = (Vec::new(), [0; 1024]);
    while let Ok(length @ 1..) = stderr.read(&mut some) {
        let room = WORDS - kept.len();
        kept.extend_from_slice(&some[..length.min(room)]);
    }
    let text = String::from_utf8_lossy(&kept);
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    first.to_owned()
}

#[cfg(unix)]
fn how(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}

#[cfg(not(unix))]
fn how(status: ExitStatus) -> String {
    format!("ended: {status}")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn args(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    fn shell(script: &str, stop: &Stop) -> Process {
        Process::fed("sh", &args(&["-c", script]), stop).expect("a shell")
    }

    #[test]
    fn a_program_that_is_not_there_is_named_with_what_to_install() {
        let started = Process::fed("no-such-ffmpeg", &[], &Stop::default());
        let said = started.err().unwrap().to_string();
        assert!(said.contains("`no-such-ffmpeg` is not installed"), "{said}");
    }

    #[test]
    fn a_program_that_fails_says_why_in_its_first_line() {
        let process = shell(
            "cat >/dev/null; echo one >&2; echo two >&2; exit 3",
            &Stop::default(),
        );
        let said = process.end().unwrap_err().to_string();
        assert_eq!(said, "`sh` ended with status 3: one");
    }

    #[test]
    fn one_that_is_killed_while_it_is_fed_is_an_error() {
        let mut process = shell("kill -9 $$", &Stop::default());
        let said = loop {
            if let Err(fault) = process.feed(&vec![0; 1 << 16]) {
                break fault.to_string();
            }
        };
        assert_eq!(said, "`sh` was killed by signal 9: it said nothing");
    }

    #[test]
    fn one_that_reads_nothing_ends_when_somebody_asks_to_stop() {
        let stop = Stop::default();
        let mut process = shell("exec sleep 60", &stop);
        let asking = stop.clone();
        let asked = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            asking.ask();
        });
        let fed = loop {
            if let Err(fault) = process.feed(&vec![0; 1 << 16]) {
                break fault;
            }
        };
        assert!(matches!(fed, Fault::Stopped), "{fed}");
        asked.join().unwrap();
    }

    #[test]
    fn what_it_writes_is_read_up_to_its_end() {
        let script = args(&["-c", "printf abcdef"]);
        let mut process = Process::read("sh", &script, &Stop::default()).unwrap();
        let mut buffer = [0; 3];
        assert!(process.fill(&mut buffer).unwrap());
        assert!(process.fill(&mut buffer).unwrap());
        assert_eq!(&buffer, b"def");
        assert!(!process.fill(&mut buffer).unwrap());
        process.end().unwrap();
    }
}
