//! `launch`.

use crate::{
    desktop::{Desktop, wire::ExecuteRequest},
    executor::{
        fault::{Breakage, Fault},
        stage::Stage,
    },
    plan::Command,
};

/// As a shell says it of a program that is not there.
const NOT_FOUND: i32 = 127;

/// Starts a program in the desktop's session and goes on.
pub(super) async fn play(command: &Command, stage: &mut Stage<'_>) -> Result<(), Fault> {
    if stage.settings.dry {
        return Ok(());
    }
    let written = stage.known.request(command)?;
    let command = written.command.as_str();
    let request = ExecuteRequest {
        command: script(command),
        ..written.clone()
    };
    let result = stage.desktop.execute(&request).await?;
    match (result.exit_code, program(command)) {
        (0, _) => Ok(()),
        (NOT_FOUND, Some(program)) => Err(Fault::Broken(Breakage {
            message: format!("there is no program `{program}` on the desktop's machine"),
            detail: None,
            help: Some(format!(
                "install the package that has `{program}`, or give its path"
            )),
        })),
        (code, _) => Err(Fault::Broken(Breakage {
            message: format!("the shell could not start it (status {code})"),
            detail: Some(result.stderr).filter(|text| !text.is_empty()),
            help: None,
        })),
    }
}

/// What launched programs wrote, where the desktop keeps it.
pub(in crate::executor) async fn log(desktop: &dyn Desktop) -> Option<String> {
    let command = r#"cat "$DESKHAND_LAUNCH_LOG""#.to_owned();
    let request = ExecuteRequest {
        command,
        ..ExecuteRequest::default()
    };
    let result = desktop.execute(&request).await.ok()?;
    Some(result.stdout).filter(|text| !text.trim().is_empty())
}

/// A script for any desktop that runs commands: it says 127 at once if the
/// program is not there, and otherwise lets it run on by itself.
fn script(command: &str) -> String {
    let check = program(command).map_or_else(String::new, |program| {
        format!(
            "command -v {} >/dev/null 2>&1 || exit {NOT_FOUND}\n",
            quote(program)
        )
    });
    let log = r#""${DESKHAND_LAUNCH_LOG:-/dev/null}""#;
    format!(
        "{check}(setsid sh -c {} >>{log} 2>&1 </dev/null &)",
        quote(command)
    )
}

/// The program of a simple command line; `None` where only a shell can tell.
fn program(command: &str) -> Option<&str> {
    let first = command.split_ascii_whitespace().next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./+".contains(c);
    first.chars().all(plain).then_some(first)
}

/// One word for a POSIX shell, whatever it holds.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_the_first_word_where_that_is_plain() {
        assert_eq!(program("mousepad --disable-server"), Some("mousepad"));
        assert_eq!(
            program("./target/debug/app 'a b'"),
            Some("./target/debug/app")
        );
        assert_eq!(program("LANG=de_DE app"), None);
        assert_eq!(program("$BROWSER"), None);
    }

    #[test]
    fn a_quote_in_a_command_stays_a_quote() {
        assert_eq!(quote("it's"), r"'it'\''s'");
    }
}
