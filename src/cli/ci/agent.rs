//! Buildkite's agent, which shows a page above the jobs of a build.

use std::{
    io::{self, Write},
    path::Path,
    process::Stdio,
    time::Duration,
};

use tokio::{process::Command, time::timeout};

use crate::cli::runtime;

/// The agent's program, which is in `PATH` of its jobs.
pub(super) const PROGRAM: &str = "buildkite-agent";

/// How long the agent may take: it asks a server.
const PATIENCE: Duration = Duration::from_secs(30);

/// Has the agent show Markdown, in a style and a context; what had this context before is
/// replaced.
pub(super) fn annotate(
    program: &Path,
    (style, context): (&str, &str),
    text: &str,
) -> io::Result<()> {
    annotate_within(PATIENCE, program, (style, context), text)
}

fn annotate_within(
    patience: Duration,
    program: &Path,
    (style, context): (&str, &str),
    text: &str,
) -> io::Result<()> {
    // The agent reads a file as it reads a pipe, and a file is never full.
    let mut page = tempfile::tempfile()?;
    page.write_all(text.as_bytes())?;
    io::Seek::rewind(&mut page)?;
    let mut command = Command::new(program);
    command
        .args(["annotate", "--style", style, "--context", context])
        .stdin(page)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let ended = runtime::block_on(async { timeout(patience, command.status()).await });
    let wrong = |what: String| Err(io::Error::other(format!("`{PROGRAM}` {what}")));
    match ended {
        Ok(Ok(Ok(status))) if status.success() => Ok(()),
        Ok(Ok(Ok(status))) => wrong(format!("ended with {status}")),
        Ok(Ok(Err(error))) => wrong(format!("did not start: {error}")),
        Ok(Err(_)) => wrong(format!("has not ended after {} s", patience.as_secs_f64())),
        Err(_) => wrong("could not be waited for".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, time::Instant};

    use super::*;

    /// An agent that does what a script says, and what came of asking it.
    fn asked(script: &str) -> (tempfile::TempDir, Result<(), String>) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join(PROGRAM);
        fs::write(
            &program,
            format!("#!/bin/sh\ncd {}\n{script}\n", folder.path().display()),
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let patience = Duration::from_millis(700);
        let done = annotate_within(patience, &program, ("error", "deskhand-2"), "# A page\n");
        (folder, done.map_err(|error| error.to_string()))
    }

    #[test]
    fn the_agent_gets_the_page_on_stdin() {
        let (folder, done) = asked("echo \"$@\" >arguments; cat >page");
        assert_eq!(done, Ok(()));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            read("arguments"),
            "annotate --style error --context deskhand-2\n"
        );
        assert_eq!(read("page"), "# A page\n");
    }

    #[test]
    fn an_agent_that_fails_or_hangs_is_named() {
        let (_, done) = asked("exit 7");
        assert_eq!(
            done,
            Err("`buildkite-agent` ended with exit status: 7".to_owned())
        );
        let start = Instant::now();
        let (_, done) = asked("exec sleep 60");
        assert_eq!(
            done,
            Err("`buildkite-agent` has not ended after 0.7 s".to_owned())
        );
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}
