//! Commands in the desktop's session: an extension of the protocol, in the
//! shape of the control plane's `process/execute`.

use std::{path::PathBuf, time::Duration};

use axum::{Json, extract::State};
use tokio_util::sync::CancellationToken;

use super::{Shared, extract::Body, fields::Fields, files, output::Output, refusal::Refusal};
use crate::{
    desktop::wire::{ExecuteRequest, ExecuteResult, limits},
    server::{
        keeper::{Ended, KeeperError},
        look::without_notice,
        machine::{Machine, ShellTask},
    },
};

/// The status of a shell for a command that was killed.
const TIMED_OUT: i32 = 124;

pub(super) async fn execute(
    State(machine): Shared,
    Body(fields): Body,
) -> Result<Json<ExecuteResult>, Refusal> {
    let request = read(fields)?;
    Ok(Json(run(&machine, request).await?))
}

/// How long the keeper may take to say that it is there, where a command took too long: it
/// is the keeper that reports an end.
const KEPT: Duration = Duration::from_secs(3);

/// Runs a command to its end, or to the end of its time.
pub(super) async fn run(
    machine: &Machine,
    request: ExecuteRequest,
) -> Result<ExecuteResult, Refusal> {
    let pipe = || {
        Output::open(machine.folder())
            .map_err(|error| Refusal::internal(format!("cannot make a pipe: {error}")))
    };
    let (stdout, stderr) = (pipe()?, pipe()?);
    let cwd = request.cwd.map(|cwd| files::named(&cwd, machine));
    let is_folder = |cwd: &PathBuf| machine.place().outside(cwd).is_dir();
    if !cwd.as_ref().is_none_or(is_folder) {
        return Err(Refusal::field(
            "cwd",
            "is not a folder on the desktop's machine",
        ));
    }
    let task = ShellTask {
        command: &request.command,
        folder: cwd.as_deref(),
        variables: request.envs.unwrap_or_default(),
        stdout: stdout.path(),
        stderr: stderr.path(),
    };
    let mut child = machine.run(task).await?;
    let over = CancellationToken::new();
    let (stdout, stderr) = (stdout.read(over.clone()), stderr.read(over.clone()));
    let timeout = Duration::from_secs(request.timeout.unwrap_or(limits::USUAL_COMMAND));
    let exit_code = match tokio::time::timeout(timeout, child.wait()).await {
        // Nobody knows how it ended.
        Ok(Ended::Lost) => return Err(KeeperError::Gone.into()),
        Ok(ended) => ended.exit_code(),
        Err(_) => {
            child.end();
            let answer = tokio::time::timeout(KEPT, machine.processes.answer()).await;
            if !answer.unwrap_or(false) {
                return Err(KeeperError::Mute.into());
            }
            TIMED_OUT
        }
    };
    over.cancel();
    Ok(ExecuteResult {
        exit_code,
        stdout: stdout.await.unwrap_or_default(),
        stderr: without_notice(stderr.await.unwrap_or_default()),
    })
}

/// The command that a request asks for.
pub(super) fn read(mut fields: Fields) -> Result<ExecuteRequest, Refusal> {
    fields.require(&["command"]);
    let command = fields.text("command").unwrap_or_default();
    let cwd = fields.text("cwd");
    let envs = fields.variables("envs");
    let timeout = fields.integer("timeout", limits::COMMAND);
    if command.contains('\0') {
        fields.bad("command", "must not contain a NUL character");
    }
    if cwd.as_ref().is_some_and(|cwd| cwd.contains('\0')) {
        fields.bad("cwd", "must not contain a NUL character");
    }
    fields.finish()?;
    Ok(ExecuteRequest {
        command,
        cwd,
        envs,
        timeout,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> Result<ExecuteRequest, String> {
        let fields = Fields::of_body(body.as_bytes()).unwrap();
        read(fields).map_err(|refusal| refusal.words())
    }

    #[test]
    fn a_command_may_say_where_with_what_and_for_how_long() {
        let body = r#"{"command": "ls", "cwd": "~", "envs": {"A": "b"}, "timeout": 5}"#;
        let read = request(body).unwrap();
        assert_eq!(read.command, "ls");
        assert_eq!(read.cwd.as_deref(), Some("~"));
        assert_eq!(read.envs.unwrap()["A"], "b");
        assert_eq!(read.timeout, Some(5));
        let least = request(r#"{"command": "ls"}"#).unwrap();
        assert_eq!((least.cwd, least.envs, least.timeout), (None, None, None));
    }

    #[test]
    fn what_no_program_can_be_given_is_refused() {
        for (body, problem) in [
            ("{}", "command: is required"),
            (
                r#"{"command": "a\u0000"}"#,
                "command: must not contain a NUL character",
            ),
            (
                r#"{"command": "a", "cwd": "\u0000"}"#,
                "cwd: must not contain a NUL character",
            ),
            (
                r#"{"command": "a", "envs": {"A=B": ""}}"#,
                "envs: contains a name or value that is not allowed in an environment variable",
            ),
            (
                r#"{"command": "a", "timeout": 0}"#,
                "timeout: must be an integer from 1 to 86400",
            ),
        ] {
            assert_eq!(request(body).err(), Some(format!("400 {problem}")));
        }
    }
}
