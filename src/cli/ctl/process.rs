//! Methods that look after the desktop's own processes.

use std::time::Duration;

use clap::Subcommand;
use futures_util::StreamExt;

use super::{Answer, Call, Exit, Fault};
use crate::{
    cli::value::process,
    desktop::{
        DesktopError,
        wire::{ProcessErrors, ProcessLogs},
    },
};

/// How long `wait-until-ready` waits unless `--timeout` says otherwise.
const READY_TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Debug, Subcommand)]
pub(super) enum Method {
    /// Check whether the display answers; exit status 1 if not
    Health,
    /// Print the states of the desktop's processes
    ProcessStatus,
    /// Print the state of one process
    GetProcess {
        /// The process
        #[arg(value_parser = process())]
        name: String,
    },
    /// Restart a process
    RestartProcess {
        /// The process
        #[arg(value_parser = process())]
        name: String,
    },
    /// Print what a process wrote to stdout
    ProcessLogs {
        /// The process
        #[arg(value_parser = process())]
        name: String,
    },
    /// Print what a process wrote to stderr
    ProcessErrors {
        /// The process
        #[arg(value_parser = process())]
        name: String,
    },
    /// Wait until every process runs; 60s unless --timeout is given
    WaitUntilReady,
}

impl Method {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let desktop = call.desktop;
        Ok(match self {
            Self::Health => Answer::Health(call.ask(desktop.health()).await?),
            Self::ProcessStatus => Answer::Processes(call.ask(desktop.process_status()).await?),
            Self::GetProcess { name } => {
                Answer::Process(call.ask(desktop.get_process(name)).await?)
            }
            Self::RestartProcess { name } => {
                Answer::Restart(call.ask(desktop.restart_process(name)).await?)
            }
            Self::ProcessLogs { name } => Answer::Logs(ProcessLogs {
                process: name.clone(),
                logs: call.ask(desktop.process_logs(name)).await?,
            }),
            Self::ProcessErrors { name } => Answer::Errors(ProcessErrors {
                process: name.clone(),
                errors: call.ask(desktop.process_errors(name)).await?,
            }),
            Self::WaitUntilReady => {
                let timeout = call.timeout.unwrap_or(READY_TIMEOUT);
                desktop.wait_until_ready(timeout).await?;
                Answer::Done
            }
        })
    }
}

/// Hands on every event of the status stream, `count` of them or all there are.
/// The time limit is for each: a desktop that lives sends one every 2 s.
pub(super) async fn follow(
    call: &Call<'_>,
    count: Option<u64>,
    give: &mut dyn FnMut(Answer) -> Result<Exit, Fault>,
) -> Result<Exit, Fault> {
    let mut stream = call.ask(call.desktop.status_stream()).await?;
    let mut seen = 0;
    while count.is_none_or(|count| seen < count) {
        let next = async { stream.next().await.transpose() };
        let Some(list) = call.ask(next).await? else {
            let message = "the stream has ended".to_owned();
            return Err(DesktopError::Stream { message }.into());
        };
        give(Answer::Event(list))?;
        seen += 1;
    }
    Ok(Exit::Passed)
}
