//! Commands in the desktop's session: an extension beside the protocol, in the
//! shape of the control plane's `process/execute`.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use axum::{Json, body::Bytes, extract::State};

use super::{Shared, fields::Fields, refusal::Refusal};
use crate::{
    desktop::wire::{ExecuteRequest, ExecuteResult},
    server::{
        Parts,
        keeper::{Ending, Program},
        processes::read_end,
    },
};

/// How long a command may take unless the request says otherwise, in seconds.
const DEFAULT_TIMEOUT: u64 = 30;

/// As a shell says it of a command that was ended by force.
const TIMED_OUT: i32 = 124;

/// The one field that is an object.
#[derive(Default, serde::Deserialize)]
struct Envs {
    #[serde(default)]
    envs: BTreeMap<String, String>,
}

pub(super) async fn execute(
    State(parts): Shared,
    body: Bytes,
) -> Result<Json<ExecuteResult>, Refusal> {
    let request = read(&body)?;
    let folder = tempfile::Builder::new()
        .prefix("execute-")
        .tempdir_in(&parts.folder)
        .map_err(|error| Refusal::internal(format!("cannot make a folder: {error}")))?;
    let (stdout, stderr) = (folder.path().join("stdout"), folder.path().join("stderr"));
    let program = program(&parts, &request, stdout.clone(), stderr.clone());
    let mut child = parts.processes.spawn(program).await?;
    let timeout = Duration::from_secs(request.timeout.unwrap_or(DEFAULT_TIMEOUT));
    let exit_code = if let Ok(ended) = tokio::time::timeout(timeout, child.wait()).await {
        ended.exit_code()
    } else {
        child.end();
        TIMED_OUT
    };
    let text = |path: &PathBuf| read_end(path).unwrap_or_default();
    Ok(Json(ExecuteResult {
        exit_code,
        stdout: text(&stdout),
        stderr: text(&stderr),
    }))
}

fn read(body: &Bytes) -> Result<ExecuteRequest, Refusal> {
    let mut fields = Fields::of_body(body)?;
    fields.require(&["command"]);
    let command = fields.text("command").unwrap_or_default();
    if command.contains('\0') {
        fields.bad("command", "must not have a NUL character");
    }
    let cwd = fields.text("cwd");
    let timeout = fields.integer("timeout", 1..=86_400);
    fields.finish()?;
    let envs = serde_json::from_slice::<Envs>(body)
        .map_err(|_| Refusal::field("envs", "must be an object of strings"))?;
    let timeout = timeout.and_then(|seconds| u64::try_from(seconds).ok());
    Ok(ExecuteRequest {
        command,
        cwd,
        envs: Some(envs.envs),
        timeout,
    })
}

fn program(parts: &Parts, request: &ExecuteRequest, stdout: PathBuf, stderr: PathBuf) -> Program {
    let mut env = parts.environment.clone();
    env.extend(request.envs.clone().unwrap_or_default());
    Program {
        name: "/bin/sh".to_owned(),
        args: vec!["-c".to_owned(), request.command.clone()],
        env,
        cwd: request
            .cwd
            .as_ref()
            .map_or_else(|| parts.start_in.clone(), PathBuf::from),
        stdout,
        stderr,
        ending: Ending::Kill,
    }
}
