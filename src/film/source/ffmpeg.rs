//! What ffmpeg and ffprobe say about a video.

use std::{
    ffi::{OsStr, OsString},
    io::{self, BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::SourceError;

/// How long one of them may print nothing.
pub(super) const SILENT: Duration = Duration::from_secs(60);

/// How long one may take to end after its last output.
const ENDS: Duration = Duration::from_secs(10);

/// How many bytes of its error messages are kept.
const KEPT: u64 = 4096;

/// One of the programs, running. It does not outlive this value.
#[derive(Debug)]
pub(super) struct Tool {
    name: &'static str,
    file: std::path::PathBuf,
    child: Child,
    complaints: Option<JoinHandle<String>>,
}

/// A path that is always treated as a file, whatever it looks like.
pub(super) fn as_file(path: &Path) -> OsString {
    let mut file = OsString::from("file:");
    file.push(path);
    file
}

impl Tool {
    /// Starts a program on a file, its output in a pipe.
    pub(super) fn start(
        name: &'static str,
        file: &Path,
        arguments: &[&OsStr],
    ) -> Result<(Self, ChildStdout), SourceError> {
        let mut command = Command::new(name);
        command.args(arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|why| match why.kind() {
            io::ErrorKind::NotFound => SourceError::Missing(name),
            _ => SourceError::Start { program: name, why },
        })?;
        let output = child.stdout.take();
        let complaints = child.stderr.take().map(|stderr| {
            thread::spawn(move || {
                let mut kept = Vec::new();
                let mut stderr = BufReader::new(stderr);
                // Read to its end, so that the program never waits for a full pipe.
                let _ = stderr.by_ref().take(KEPT).read_to_end(&mut kept);
                let _ = io::copy(&mut stderr, &mut io::sink());
                String::from_utf8_lossy(&kept).into_owned()
            })
        });
        let tool = Self {
            name,
            file: file.to_owned(),
            child,
            complaints,
        };
        let output = output.ok_or_else(|| tool.failed("it has no output"))?;
        Ok((tool, output))
    }

    pub(super) fn failed(&self, why: &str) -> SourceError {
        SourceError::Failed {
            program: self.name,
            file: self.file.clone(),
            why: why.to_owned(),
        }
    }

    pub(super) fn silent(&self) -> SourceError {
        let seconds = SILENT.as_secs();
        SourceError::Silent {
            program: self.name,
            file: self.file.clone(),
            seconds,
        }
    }

    #[cfg(test)]
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    #[cfg(test)]
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// Waits for its end, after the end of its output.
    pub(super) fn end(&mut self) -> Result<(), SourceError> {
        let until = Instant::now() + ENDS;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
                Ok(None) => return Err(self.silent()),
                Err(error) => return Err(self.failed(&error.to_string())),
            }
        };
        let complaints = self.complaints.take().and_then(|thread| thread.join().ok());
        if status.success() {
            return Ok(());
        }
        let complaints = complaints.unwrap_or_default();
        let last = complaints
            .lines()
            .map(str::trim)
            .rfind(|line| !line.is_empty());
        let why = last.map_or_else(|| format!("it ended with {status}"), ToOwned::to_owned);
        Err(self.failed(&crate::plain::plain(&why)))
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The lines that a program prints, each awaited no longer than [`SILENT`].
pub(super) struct Lines<'a> {
    tool: &'a Tool,
    lines: Receiver<String>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(tool: &'a Tool, output: ChildStdout) -> Self {
        let (told, lines) = sync_channel(1000);
        thread::spawn(move || tell(output, &told));
        Self { tool, lines }
    }
}

fn tell(output: ChildStdout, told: &SyncSender<String>) {
    for line in BufReader::new(output).lines() {
        let Ok(line) = line else { return };
        if told.send(line).is_err() {
            return;
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<String, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.lines.recv_timeout(SILENT) {
            Ok(line) => Some(Ok(line)),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => Some(Err(self.tool.silent())),
        }
    }
}
