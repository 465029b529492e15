//! `run`, and the commands of `wait` and `assert`.

use std::{fmt::Write as _, time::Duration};

use tokio::time::{Instant, timeout};

use super::{Play, Turn};
use crate::{
    desktop::wire::{ExecuteRequest, ExecuteResult},
    executor::{
        fault::{Breakage, Fault, Mismatch, seconds},
        shell::quote,
        stage::Stage,
    },
    plan::{Capture, Check, Command, Output, Run, Step},
};

/// The longest part of an output that a report repeats, in lines.
const LINES: usize = 12;

/// The status of a shell for a command that was killed.
const TIMED_OUT: i32 = 124;

/// How long the answer may take after the command.
const ANSWER: Duration = Duration::from_secs(5);

/// Runs a command to its end and compares the result with what is expected.
impl Play for Run {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        run(self, turn.limit(), turn.step, stage).await
    }
}

/// Runs a command with a time limit, and remembers what the step captures.
pub(super) async fn run(
    run: &Run,
    limit: Duration,
    step: &Step,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    if stage.settings.dry {
        return Ok(());
    }
    let begun = Instant::now();
    let result = execute(&run.command, limit, stage).await?;
    let line = &run.command.line;
    if result.exit_code == TIMED_OUT && begun.elapsed() >= limit {
        let limit = seconds(limit);
        let message = format!("`{line}` was killed after {limit}");
        let seen = "it was still running".to_owned();
        return Err(failed(
            message,
            format!("an end within {limit}"),
            seen,
            &result,
        ));
    }
    if let Some(expected) = run.exit_code
        && result.exit_code != expected
    {
        let seen = format!("status {}", result.exit_code);
        let message = format!("`{line}` ended with {}", result.exit_code);
        return Err(failed(message, format!("status {expected}"), seen, &result));
    }
    let outputs = [
        ("stdout", &run.stdout, &result.stdout),
        ("stderr", &run.stderr, &result.stderr),
    ];
    for (name, checks, text) in outputs {
        for check in checks {
            compare((name, text), check, stage)
                .map_err(|problem| problem.fault(&line.to_string(), &result))?;
        }
    }
    if let Some(capture) = &step.capture {
        let value = captured(capture, &result)?;
        stage.known.capture(&capture.name, value);
    }
    Ok(())
}

async fn execute(
    command: &Command,
    limit: Duration,
    stage: &Stage<'_>,
) -> Result<ExecuteResult, Fault> {
    let request = ExecuteRequest {
        // Whole seconds, rounded up, so that a short command still has its time.
        timeout: Some(limit.as_secs() + u64::from(limit.subsec_nanos() > 0)),
        ..stage.known.request(command)?
    };
    match timeout(limit + ANSWER, stage.desktop.execute(&request)).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(Fault::broken(
            "the desktop did not say how the command ended",
        )),
    }
}

/// An output that is not as expected.
struct Unlike {
    output: &'static str,
    expected: String,
}

impl Unlike {
    fn fault(self, line: &str, result: &ExecuteResult) -> Fault {
        let Self { output, expected } = self;
        let message = format!("`{line}` wrote unexpected text to {output}");
        failed(message, expected, String::new(), result)
    }
}

enum Problem {
    Unlike(Unlike),
    Fault(Fault),
}

impl Problem {
    fn fault(self, line: &str, result: &ExecuteResult) -> Fault {
        match self {
            Self::Unlike(unlike) => unlike.fault(line, result),
            Self::Fault(fault) => fault,
        }
    }
}

fn compare(
    (name, text): (&'static str, &str),
    check: &Check,
    stage: &Stage<'_>,
) -> Result<(), Problem> {
    let wanted = stage.known.pattern(&check.wanted).map_err(Problem::Fault)?;
    if check.how.holds(text, &wanted) {
        return Ok(());
    }
    Err(Problem::Unlike(Unlike {
        output: name,
        expected: format!("{name} that {} `{wanted}`", check.how.name()),
    }))
}

/// A failure that shows the end of what the command wrote.
fn failed(message: String, expected: String, seen: String, result: &ExecuteResult) -> Fault {
    let mut seen = seen;
    for (name, text) in [("stdout", &result.stdout), ("stderr", &result.stderr)] {
        let separator = if seen.is_empty() { "" } else { "\n" };
        let _ = match end(text) {
            Some(lines) => write!(seen, "{separator}{name}:\n{lines}"),
            None => write!(seen, "{separator}{name}: nothing"),
        };
    }
    Fault::Failed(Mismatch {
        message,
        expected,
        seen,
        help: help(result).map(str::to_owned),
        ..Mismatch::default()
    })
}

/// What to do about a command that the desktop itself prevented.
fn help(result: &ExecuteResult) -> Option<&'static str> {
    // In the words of sudo(8).
    result.stderr.contains("no new privileges").then_some(
        "programs in the session cannot become root: do what needs root before `deskhand run`, \
         or run Deskhand as root",
    )
}

fn end(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let from = lines.len().saturating_sub(LINES);
    (!lines.is_empty()).then(|| lines[from..].join("\n"))
}

/// What a step remembers of a command.
fn captured(capture: &Capture, result: &ExecuteResult) -> Result<String, Fault> {
    let line = |text: &str| text.trim_end_matches(['\n', '\r']).to_owned();
    let whole = match capture.from {
        Output::Stderr => line(&result.stderr),
        Output::ExitCode => result.exit_code.to_string(),
        _ => line(&result.stdout),
    };
    part(capture, whole)
}

/// What a step remembers of a text: all of it, or what its expression finds there.
pub(super) fn part(capture: &Capture, whole: String) -> Result<String, Fault> {
    let Some(crate::pattern::Pattern::Regex(regex)) = &capture.matching else {
        return Ok(whole);
    };
    let Some(found) = regex.captures(&whole) else {
        return Err(Fault::Failed(Mismatch {
            message: format!("there is nothing to capture as `{}`", capture.name),
            expected: format!("a match of `/{regex}/`"),
            seen: end(&whole).unwrap_or_else(|| "nothing".to_owned()),
            help: None,
            ..Mismatch::default()
        }));
    };
    let group = found.get(1).or_else(|| found.get(0));
    Ok(group.map_or_else(String::new, |group| group.as_str().to_owned()))
}

/// The command that ends with 0 if a program runs, and with 1 if it does not. A name that
/// is longer than the kernel keeps is looked for as a command. Only programs of this
/// display count, for other desktops may be on the same machine; one that hides its
/// environment, as programs with special rights do, may be of this display.
pub(in crate::executor) fn looking_for(program: &str) -> String {
    let quoted = quote(program);
    format!(
        r#"command -v pgrep >/dev/null || {{ echo "there is no pgrep" >&2; exit 127; }}
for pid in $(pgrep -x -- {quoted}; pgrep -f -- "(^|/)"{quoted}"( |$)"); do
  [ -n "$DISPLAY" ] || exit 0
  if cat "/proc/$pid/environ" >/dev/null 2>&1; then
    grep -qsxz -e "DISPLAY=$DISPLAY" -e "DISPLAY=$DISPLAY.0" "/proc/$pid/environ" && exit 0
  elif [ -e "/proc/$pid" ]; then
    exit 0
  fi
done
exit 1"#
    )
}

/// Whether a program of the desktop's session runs.
pub(super) async fn runs(program: &str, stage: &Stage<'_>) -> Result<bool, Fault> {
    let request = ExecuteRequest {
        command: looking_for(program),
        ..ExecuteRequest::default()
    };
    let result = stage.desktop.execute(&request).await?;
    match result.exit_code {
        0 => Ok(true),
        1 => Ok(false),
        _ => Err(Fault::Broken(Breakage {
            message: format!("cannot look for `{program}` on the desktop's machine"),
            detail: Some(result.stderr).filter(|text| !text.is_empty()),
            help: Some("install `pgrep` there, from the package procps".to_owned()),
        })),
    }
}
