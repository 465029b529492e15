//! The outcome of the programs that a scenario launched.
//!
//! The script of `launch` gives each program a folder in the `TMPDIR` of the
//! desktop's machine, in which the shell that runs it keeps its process id, the
//! end of its output, and its status once it ends. So this works on every
//! desktop that runs commands.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::time::timeout;

use super::{redactor::Redactor, shell::quote};
use crate::{
    desktop::{Desktop, wire::ExecuteRequest},
    scenario::shown,
};

/// How long the desktop may take to answer, or to remove the folders.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many lines of an output are reported, and how many characters of them.
const LINES: usize = 12;
const CHARACTERS: usize = 4000;

/// The longest part of a command line that is reported, in characters.
const COMMAND: usize = 100;

/// Tells of each folder in turn: a line that begins with `=`, and then the end
/// of the output, with `|` before each of its lines. Whether the shell is alive
/// is asked before its status is looked for, because it leaves that last. More
/// bytes are read than are told, so that no secret is cut in two before it is
/// masked. What Java says of the variable that has it report its widgets is no
/// output of the program.
const READ: &str = r#"do
  pid=$(cat "$folder/pid" 2>/dev/null)
  alive=yes
  [ -z "$pid" ] || kill -0 "$pid" 2>/dev/null || alive=
  if [ -e "$folder/status" ]; then
    [ -e "$folder/whole" ] || [ -e "$folder/lost" ] || sleep 0.2
    echo "= $(cat "$folder/status") $(date -r "$folder/pid" +%s.%N) $(date -r "$folder/status" +%s.%N)"
  elif [ -z "$alive" ]; then echo "= gone"
  else echo "= runs"; continue
  fi
  if [ -e "$folder/lost" ]; then echo "!"; fi
  cat "$folder/first" "$folder/last" "$folder/new" 2>/dev/null |
    grep -av '^Picked up JAVA_TOOL_OPTIONS: -Djavax[.]accessibility' | tail -c 16384 | sed 's/^/|/'
  echo
done"#;

/// The programs that a scenario launched.
#[derive(Debug)]
pub(super) struct Launched {
    /// How the names of their folders begin, which nobody else uses.
    prefix: String,
    begun: usize,
    programs: Vec<Program>,
}

#[derive(Debug)]
struct Program {
    /// Its command line as it is written in the scenario.
    line: String,
    folder: String,
}

/// How a program ended, and what it wrote.
#[derive(Debug, Default, PartialEq)]
struct End {
    /// As a shell says it; `None` if nobody knows.
    status: Option<i32>,
    after: Option<Duration>,
    /// Whether its output could not be kept.
    lost: bool,
    output: String,
}

impl Launched {
    /// None yet.
    pub(super) fn none() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_nanos();
        Self {
            prefix: format!("deskhand-launched-{:x}-{now:x}", std::process::id()),
            begun: 0,
            programs: Vec::new(),
        }
    }

    /// Whether nothing was launched.
    pub(super) const fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    /// The name of the folder of the next program.
    pub(super) fn next_folder(&mut self) -> String {
        self.begun += 1;
        format!("{}-{}", self.prefix, self.begun)
    }

    /// Remembers a program that was launched, and the path of its folder.
    pub(super) fn add(&mut self, line: &str, folder: &str) {
        self.programs.push(Program {
            line: line.to_owned(),
            folder: folder.to_owned(),
        });
    }

    /// One text for each program that ended. A desktop that does not answer
    /// reports none.
    pub(super) async fn ended(&self, desktop: &dyn Desktop, mask: &Redactor) -> Vec<String> {
        if self.programs.is_empty() {
            return Vec::new();
        }
        let folders: Vec<String> = self.programs.iter().map(|p| quote(&p.folder)).collect();
        let command = format!("for folder in {}; {READ}", folders.join(" "));
        let Some(told) = run(desktop, command).await else {
            return Vec::new();
        };
        let all = self.programs.iter().zip(ends(&told));
        all.filter_map(|(program, end)| Some(end?.told(&program.line, mask)))
            .collect()
    }

    /// Removes the folders. Programs that still run go on; nobody keeps what
    /// they write from here on, but where the desktop has a log, it stays there.
    pub(super) async fn remove(&self, desktop: &dyn Desktop) {
        if self.begun == 0 {
            return;
        }
        // That of a launch that was cut off is known by its name alone.
        let mut folders = format!("\"${{TMPDIR:-/tmp}}\"/{}-*", self.prefix);
        for program in &self.programs {
            let _ = write!(folders, " {}", quote(&program.folder));
        }
        // A program may write while its folder is removed, but not again.
        let command = format!("rm -rf {folders} || rm -rf {folders}");
        run(desktop, command).await;
    }
}

async fn run(desktop: &dyn Desktop, command: String) -> Option<String> {
    let request = ExecuteRequest {
        command,
        ..ExecuteRequest::default()
    };
    let result = timeout(PATIENCE, desktop.execute(&request)).await.ok()?;
    Some(result.ok()?.stdout)
}

/// What was told of each program; `None` of one that runs.
fn ends(told: &str) -> Vec<Option<End>> {
    let mut all: Vec<Option<End>> = Vec::new();
    for line in told.split('\n') {
        if let Some(head) = line.strip_prefix("= ") {
            all.push((head != "runs").then(|| End::of(head)));
        } else if let Some(Some(end)) = all.last_mut() {
            end.lost |= line == "!";
            if let Some(text) = line.strip_prefix('|') {
                end.output.push_str(text);
                end.output.push('\n');
            }
        }
    }
    all
}

/// What launched programs wrote, where the desktop keeps it.
pub(super) async fn log(desktop: &dyn Desktop) -> Option<String> {
    let command = r#"cat "$DESKHAND_LAUNCH_LOG""#.to_owned();
    let request = ExecuteRequest {
        command,
        ..ExecuteRequest::default()
    };
    let result = desktop.execute(&request).await.ok()?;
    Some(result.stdout).filter(|text| !text.trim().is_empty())
}

impl End {
    /// `STATUS BEGUN ENDED`, the last two in seconds, or `gone`.
    fn of(head: &str) -> Self {
        let mut words = head.split_ascii_whitespace();
        let status = words.next().and_then(|word| word.parse().ok());
        // Not every `date` knows parts of a second; then it writes something else.
        let mut time = || {
            let digits = |c: char| c.is_ascii_digit() || c == '.';
            let word = words.next()?;
            word.trim_end_matches(|c| !digits(c)).parse::<f64>().ok()
        };
        let (begun, ended) = (time(), time());
        let after = begun.zip(ended).map(|(begun, ended)| ended - begun);
        Self {
            status,
            after: after.and_then(|after| Duration::try_from_secs_f64(after).ok()),
            ..Self::default()
        }
    }

    fn told(&self, line: &str, mask: &Redactor) -> String {
        let how = self
            .status
            .map_or_else(|| "ended in an unknown way".to_owned(), how);
        let after = match self.after.map(|after| after.as_secs_f64()) {
            None => String::new(),
            Some(after) if after < 0.1 => ", right after its launch".to_owned(),
            Some(after) => format!(", {after:.1} s after its launch"),
        };
        let line = line.trim();
        let first = line.lines().next().unwrap_or_default();
        let rest = if first.len() < line.len() { " …" } else { "" };
        let program = shown(&mask.text(first), COMMAND);
        let output = last_lines(&mask.text(&self.output));
        let output = match (output.is_empty(), self.lost) {
            (true, true) => "; its output could not be saved: is the disk full?".to_owned(),
            (true, false) => "; it wrote nothing".to_owned(),
            (false, _) => format!("; the end of its output:\n{output}"),
        };
        format!("the launched program `{program}{rest}` {how}{after}{output}")
    }
}

/// A status as a shell gives it: above 128 it stands for a signal.
fn how(status: i32) -> String {
    match status - 128 {
        signal @ 1..=64 => {
            let name = signal_name(signal).map_or_else(String::new, |name| format!(" ({name})"));
            format!("was killed by signal {signal}{name}")
        }
        _ => format!("ended with exit code {status}"),
    }
}

/// The names of signal(7) for those that end a program, on Linux.
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return None,
    })
}

fn last_lines(output: &str) -> String {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    let last = lines[lines.len().saturating_sub(LINES)..].join("\n");
    let too_many = last.chars().count().saturating_sub(CHARACTERS);
    last.chars().skip(too_many).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_is_told_of_in_turn() {
        let told = "= 7 10.25 10.75\n|cannot open\n|= 3\n\n= runs\n= gone\n!\n\n= 0 10 11.%N\n\n";
        let ends = ends(told);
        let seconds = |seconds| Some(Duration::from_secs_f64(seconds));
        let end = |status, after, output: &str| End {
            status,
            after,
            output: output.to_owned(),
            ..End::default()
        };
        assert_eq!(
            ends[0],
            Some(end(Some(7), seconds(0.5), "cannot open\n= 3\n"))
        );
        assert_eq!(ends[1], None);
        let lost = true;
        let gone = End {
            lost,
            ..end(None, None, "")
        };
        assert_eq!(ends[2], Some(gone));
        assert_eq!(ends[3], Some(end(Some(0), seconds(1.0), "")));
    }

    #[test]
    fn a_status_above_128_is_a_signal() {
        assert_eq!(how(7), "ended with exit code 7");
        assert_eq!(how(137), "was killed by signal 9 (SIGKILL)");
        assert_eq!(how(128 + 40), "was killed by signal 40");
        assert_eq!(how(255), "ended with exit code 255");
    }

    #[test]
    fn only_the_end_of_a_long_output_is_told_and_no_part_of_a_secret() {
        let secrets = [("P".to_owned(), "hunter2-hunter2".to_owned())];
        let mask = Redactor::new(&secrets.into_iter().collect());
        let end = End {
            status: Some(1),
            output: format!(
                "{}hunter2-hunter2{}",
                "first\n".repeat(20),
                "x".repeat(3995)
            ),
            ..End::default()
        };
        let told = end.told("app\n  --with lines", &mask);
        assert!(told.starts_with("the launched program `app …` ended with exit code 1; "));
        assert!(!told.contains("hunter") && !told.contains("ter2"), "{told}");
        assert!(!told.contains("first"), "{told}");
    }
}
