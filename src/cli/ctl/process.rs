//! Methods that look after the desktop's own processes.

use std::time::Duration;

use clap::Subcommand;
use futures_util::StreamExt;

use serde::Serialize;

use super::{
    Answer, Call, Exit, Fault,
    show::{Shown, Way, pairs, plain, table},
};
use crate::{
    cli::value::process,
    desktop::{
        DesktopError,
        wire::{
            Health, ProcessErrors, ProcessInfo, ProcessLogs, ProcessRestart, ProcessStatusList,
            ProcessesState,
        },
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
            Self::Health => {
                let ok = call.ask(desktop.health()).await?;
                Answer::of(&Health { ok })
            }
            Self::ProcessStatus => Answer::of(&call.ask(desktop.process_status()).await?),
            Self::GetProcess { name } => Answer::of(&call.ask(desktop.get_process(name)).await?),
            Self::RestartProcess { name } => {
                Answer::of(&call.ask(desktop.restart_process(name)).await?)
            }
            Self::ProcessLogs { name } => Answer::of(&ProcessLogs {
                process: name.clone(),
                logs: call.ask(desktop.process_logs(name)).await?,
            }),
            Self::ProcessErrors { name } => Answer::of(&ProcessErrors {
                process: name.clone(),
                errors: call.ask(desktop.process_errors(name)).await?,
            }),
            Self::WaitUntilReady => {
                let timeout = call.timeout.unwrap_or(READY_TIMEOUT);
                desktop.wait_until_ready(timeout).await?;
                Answer::done()
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
        give(Answer {
            way: Way::Event,
            ..Answer::of(&Event(list))
        })?;
        seen += 1;
    }
    Ok(Exit::Passed)
}

impl Shown for Health {
    fn text(&self) -> String {
        if self.ok { "ok\n" } else { "not ok\n" }.to_owned()
    }

    fn exit(&self) -> Exit {
        if self.ok { Exit::Passed } else { Exit::Failed }
    }
}

impl Shown for ProcessStatusList {
    fn text(&self) -> String {
        let (status, running, total) = (word(self.status), self.running, self.total);
        let head = format!("{status} ({running} of {total})\n");
        head + &table(&PROCESS_HEAD, self.items.iter().map(process_row))
    }
}

impl Shown for ProcessInfo {
    fn text(&self) -> String {
        pairs(&process_pairs(self))
    }
}

impl Shown for ProcessRestart {
    fn text(&self) -> String {
        let message = format!("{}\n", plain(&self.message));
        message + &pairs(&process_pairs(&self.status))
    }
}

impl Shown for ProcessLogs {
    fn text(&self) -> String {
        self.logs.clone()
    }
}

impl Shown for ProcessErrors {
    fn text(&self) -> String {
        self.errors.clone()
    }
}

/// One of many: it takes one line.
#[derive(Serialize)]
struct Event(ProcessStatusList);

impl Shown for Event {
    /// `degraded (3 of 4): not novnc`.
    fn text(&self) -> String {
        let Self(list) = self;
        let stopped = list.items.iter().filter(|process| !process.running);
        let stopped: Vec<&str> = stopped.map(|process| process.name.as_str()).collect();
        let stopped = match stopped.join(", ") {
            none if none.is_empty() => none,
            names => format!(": not {}", plain(&names)),
        };
        let (status, running, total) = (word(list.status), list.running, list.total);
        format!("{status} ({running} of {total}){stopped}\n")
    }
}

const fn word(state: ProcessesState) -> &'static str {
    match state {
        ProcessesState::Running => "running",
        ProcessesState::Degraded => "degraded",
        ProcessesState::Stopped => "stopped",
        ProcessesState::Other => "unknown",
    }
}

const PROCESS_HEAD: [&str; 3] = ["NAME", "STATE", "PID"];

fn process_row(process: &ProcessInfo) -> [String; 3] {
    [process.name.clone(), state(process), pid(process)]
}

fn process_pairs(process: &ProcessInfo) -> [(&'static str, String); 5] {
    [
        ("name", process.name.clone()),
        ("state", state(process)),
        ("pid", pid(process)),
        ("stdout", process.stdout_log.clone()),
        ("stderr", process.stderr_log.clone()),
    ]
}

fn state(process: &ProcessInfo) -> String {
    if process.running {
        "running"
    } else {
        "stopped"
    }
    .to_owned()
}

fn pid(process: &ProcessInfo) -> String {
    process.pid.map(|pid| pid.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(name: &str, pid: Option<u32>) -> ProcessInfo {
        ProcessInfo {
            name: name.to_owned(),
            running: pid.is_some(),
            pid,
            stdout_log: format!("/log/{name}.out"),
            stderr_log: format!("/log/{name}.err"),
        }
    }

    fn processes() -> ProcessStatusList {
        ProcessStatusList::new(vec![process("xvfb", Some(12)), process("novnc", None)])
    }

    #[test]
    fn processes_are_a_table_below_their_sum() {
        assert_eq!(
            processes().text(),
            "degraded (1 of 2)\n\
             NAME   STATE    PID\n\
             xvfb   running  12\n\
             novnc  stopped\n"
        );
    }

    #[test]
    fn an_event_takes_one_line_in_either_form() {
        let event = Event(processes());
        assert_eq!(event.text(), "degraded (1 of 2): not novnc\n");
        assert_eq!(Answer::of(&event).json.lines().count(), 1);
        let all = ProcessStatusList::new(vec![process("xvfb", Some(12))]);
        assert_eq!(Event(all).text(), "running (1 of 1)\n");
    }

    #[test]
    fn one_thing_is_names_and_values() {
        assert_eq!(
            process("novnc", None).text(),
            "name    novnc\n\
             state   stopped\n\
             stdout  /log/novnc.out\n\
             stderr  /log/novnc.err\n"
        );
    }
}
