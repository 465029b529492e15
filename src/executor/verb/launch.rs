//! `launch`.

use super::{Play, Turn};
use crate::{
    desktop::wire::ExecuteRequest,
    executor::{
        fault::{Breakage, Fault},
        shell::quote,
        stage::Stage,
    },
    plan::{Command, Launch},
};

/// The status of a shell for a program that does not exist.
const NOT_FOUND: i32 = 127;

/// The status of a shell for a file that it cannot execute.
const NOT_EXECUTABLE: i32 = 126;

/// Starts a program in the desktop's session and goes on.
impl Play for Launch {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if stage.settings.dry {
            return Ok(());
        }
        turn.limits(start(&self.command, stage)).await
    }
}

async fn start(command: &Command, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let written = stage.known.request(command)?;
    let line = written.command.as_str();
    let folder = stage.launched.next_folder();
    let request = ExecuteRequest {
        command: script(line, &folder),
        ..written.clone()
    };
    let result = stage.desktop.execute(&request).await?;
    match (result.exit_code, program(line)) {
        (0, _) => {
            let folder = result.stdout.trim_end_matches('\n');
            if folder.is_empty() {
                let note = "its output and exit status will not be reported: cannot create a \
                            folder for its output on the desktop's machine";
                stage.notes.push(note.to_owned());
            } else {
                stage.launched.add(&command.line.to_string(), folder);
            }
            Ok(())
        }
        (NOT_FOUND, Some(program)) => Err(missing(program)),
        (NOT_EXECUTABLE, Some(program)) => Err(Fault::Broken(Breakage {
            message: format!("`{program}` on the desktop's machine is not executable"),
            detail: None,
            help: Some("name a program, or make the file executable with `chmod +x`".to_owned()),
        })),
        (code, _) => Err(Fault::Broken(Breakage {
            message: format!("the shell could not start it (status {code})"),
            detail: Some(result.stderr).filter(|text| !text.is_empty()),
            help: None,
        })),
    }
}

fn missing(program: &str) -> Fault {
    let help = if program.contains('/') {
        "correct the path; a relative path starts in the step's `folder`".to_owned()
    } else {
        format!("install the package that contains `{program}`, or write its path")
    };
    Fault::Broken(Breakage {
        message: format!("there is no program `{program}` on the desktop's machine"),
        detail: None,
        help: Some(help),
    })
}

/// Runs the command, and keeps in the folder what `executor/launched.rs` reads:
/// its output, and its status once it ends. The command is in no argument of
/// this shell, so that `pgrep -f` and `pkill -f` find the program alone, and no
/// variable of this shell is one of the program. The output goes through a pipe,
/// so that no program stops when nobody keeps its output any more, and so that
/// of a long one only the end takes space. What only passes it on has none of the
/// program's variables, because a secret may be among them.
const SUPERVISOR: &str = r#"
set -- "$DESKHAND_LAUNCHED" "$DESKHAND_LAUNCHED_IN" "${DESKHAND_LAUNCH_LOG:-/dev/null}"
unset DESKHAND_LAUNCHED DESKHAND_LAUNCHED_IN
[ -n "$2" ] || exec sh -c "$1" >>"$3" 2>&1
echo $$ >"$2/pid"
plain() { env -i PATH="$PATH" DESKHAND_LAUNCH_LOG="$DESKHAND_LAUNCH_LOG" "$@"; }
run() {
  sh -c "$1" 2>&1
  echo $? >"$2/part" && mv "$2/part" "$2/status"
}
keep() {
  while plain dd bs=4096 count=512 >"$2/new"; do
    [ -s "$2/new" ] || { echo >"$2/whole"; break; }
    mv "$2/last" "$2/first"
    mv "$2/new" "$2/last"
  done
  [ -e "$2/whole" ] || echo >"$2/lost"
  plain cat >/dev/null
}
run "$@" | plain tee -a "$3" | keep "$@"
"#;

/// A script for any desktop that runs commands: it says at once if the program does not exist, and
/// otherwise leaves it running. It writes the folder that it made; nothing, if it could not make
/// one.
fn script(command: &str, folder: &str) -> String {
    let check = program(command).map_or_else(String::new, check);
    let (command, supervisor) = (quote(command), quote(SUPERVISOR.trim()));
    format!(
        r#"{check}set -- "${{TMPDIR:-/tmp}}/{folder}"
case $1 in /*) ;; *) set -- "$PWD/$1" ;; esac
if mkdir -m 700 "$1" 2>/dev/null; then printf '%s\n' "$1"; else set -- ''; fi
(DESKHAND_LAUNCHED={command} DESKHAND_LAUNCHED_IN=$1 setsid sh -c {supervisor} >/dev/null 2>&1 </dev/null &)"#
    )
}

/// Ends the script if the program does not exist or is not executable.
fn check(program: &str) -> String {
    if !program.contains('/') {
        let program = quote(program);
        return format!("command -v {program} >/dev/null 2>&1 || exit {NOT_FOUND}\n");
    }
    let path = match program.strip_prefix("~/") {
        Some(rest) => format!("~/{}", quote(rest)),
        None => quote(program),
    };
    format!(
        "[ -e {path} ] || exit {NOT_FOUND}\n[ -x {path} ] && [ ! -d {path} ] || exit \
         {NOT_EXECUTABLE}\n"
    )
}

/// The program of a simple command line, after variables that are set for it;
/// `None` where only a shell can tell.
fn program(command: &str) -> Option<&str> {
    let mut rest = command.trim_ascii_start();
    loop {
        let (word, after) = rest.split_at(end_of_word(rest)?);
        match variable(word) {
            // Its own path leads elsewhere than ours.
            Some("PATH") => return None,
            Some(_) => rest = after.trim_ascii_start(),
            None => return is_plain(word).then_some(word),
        }
    }
}

/// Where the first word ends, quotes included; `None` if a shell would make
/// something else of it.
fn end_of_word(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (open, '$' | '`' | '\\') if open != Some('\'') => return None,
            (None, '\'' | '"') => quote = Some(c),
            (None, c) if c.is_ascii_whitespace() => return Some(at),
            (None, ';' | '|' | '&' | '<' | '>' | '(' | ')' | '#') => return None,
            _ => {}
        }
    }
    quote.is_none().then_some(text.len())
}

/// The variable that a word sets, if it sets one.
fn variable(word: &str) -> Option<&str> {
    let (name, _) = word.split_once('=')?;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (starts && plain).then_some(name)
}

fn is_plain(word: &str) -> bool {
    let rest = word.strip_prefix("~/").unwrap_or(word);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./+".contains(c);
    !rest.is_empty() && rest.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_the_first_word_where_that_is_plain() {
        for (command, expected) in [
            ("mousepad --disable-server", Some("mousepad")),
            ("./target/debug/app 'a b'", Some("./target/debug/app")),
            ("~/bin/app", Some("~/bin/app")),
            ("LANG=de_DE.UTF-8 app --x", Some("app")),
            ("A= B='b c' D=\"e f\" app", Some("app")),
            ("PATH=/opt/bin app", None),
            ("A=$B app", None),
            ("A=1", None),
            ("$BROWSER", None),
            ("'my app'", None),
            ("(app)", None),
            ("app; other", None),
        ] {
            assert_eq!(program(command), expected, "{command}");
        }
    }
}
