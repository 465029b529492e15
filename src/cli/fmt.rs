//! `deskhand fmt`: files in their standard form.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{Exit, ProcessEnvironment, complain, say, scenarios, tell};
use crate::{
    scenario::{self, Problems, Source},
    whole::Whole,
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files or folders; `-` reads stdin and writes stdout
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; list the files that would change, and exit with status 1 if there
    /// are any
    #[arg(long)]
    check: bool,
}

pub(super) fn run(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    if arguments.paths.iter().any(is_stdin) {
        if arguments.paths.len() > 1 {
            complain("`-` cannot be combined with other paths");
            return Exit::Usage;
        }
        return stream(arguments, environment);
    }
    let sources = match scenarios::read(&arguments.paths) {
        Ok(sources) => sources,
        Err(errors) => {
            for error in errors {
                complain(&error.to_string());
            }
            return Exit::Usage;
        }
    };
    let (mut problems, mut changed, mut failed) = (Vec::new(), false, false);
    for source in &sources {
        match scenario::format(source) {
            Ok(text) => match keep(source, &text, arguments.check) {
                Ok(change) => changed |= change,
                Err(reason) => {
                    complain(&format!("cannot write {}: {reason}", source.name()));
                    failed = true;
                }
            },
            Err(found) => problems.push(found),
        }
    }
    draw(&problems, environment);
    if failed {
        Exit::Usage
    } else if !problems.is_empty() {
        Exit::Invalid
    } else if changed && arguments.check {
        Exit::Failed
    } else {
        Exit::Passed
    }
}

fn draw(problems: &[Problems], environment: &ProcessEnvironment) {
    if !problems.is_empty() {
        let drawn = scenario::render(problems, environment.width, environment.colour);
        say::show(&drawn);
    }
}

/// Stdin to stdout.
fn stream(arguments: &Arguments, environment: &ProcessEnvironment) -> Exit {
    let mut bytes = Vec::new();
    // One byte more is enough to see that there are too many.
    let most = Source::MAX_BYTES as u64 + 1;
    if let Err(reason) = io::stdin().take(most).read_to_end(&mut bytes) {
        complain(&format!("cannot read stdin: {reason}"));
        return Exit::Usage;
    }
    let text = match scenario::format(&Source::new("stdin", &bytes)) {
        Ok(text) => text,
        Err(problems) => {
            draw(&[problems], environment);
            return Exit::Invalid;
        }
    };
    if arguments.check {
        if text.as_bytes() == bytes {
            return Exit::Passed;
        }
        tell("stdin would change");
        return Exit::Failed;
    }
    let printed = say::exactly(text.as_bytes());
    printed.err().unwrap_or(Exit::Passed)
}

/// Writes a file whose standard form is `text`, unless it has that form or this is a check; reports
/// it, and returns whether the text differs from the old one.
fn keep(source: &Source, text: &str, check: bool) -> io::Result<bool> {
    let path = Path::new(source.name());
    // The source has left a byte order mark out, which is a change too.
    if fs::read(path)? == text.as_bytes() {
        return Ok(false);
    }
    if check {
        tell(&format!("{} would change", source.name()));
    } else {
        replace(path, text)?;
        tell(&format!("{} changed", source.name()));
    }
    Ok(true)
}

/// Writes a file completely or not at all. It keeps its permissions, and a link to it stays a link.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if fs::metadata(path)?.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let whole = Whole::prepare(path, text.as_bytes())?;
    // What somebody wrote is not to be lost, even if the power fails.
    whole.file().sync_all()?;
    whole.put()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &Path) -> Source {
        Source::new(path.to_string_lossy(), &fs::read(path).unwrap())
    }

    #[test]
    fn a_check_writes_nothing_and_a_byte_order_mark_is_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "\u{feff}a: 1\n").unwrap();
        assert!(keep(&source(&path), "a: 1\n", true).unwrap());
        assert!(fs::read(&path).unwrap().starts_with(b"\xef\xbb\xbf"));
        assert!(keep(&source(&path), "a: 1\n", false).unwrap());
        assert!(!keep(&source(&path), "a: 1\n", false).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        fs::write(&path, "a:   1\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        replace(&link, "a: 1\n").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "a: 1\n");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}
