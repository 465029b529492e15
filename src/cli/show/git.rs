//! What git knows about files: whether a baseline can be restored if it is replaced.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::Serialize;
use tokio::{process::Command, time::timeout};

use crate::cli::ProcessEnvironment;

/// How long git may take to say what it knows; a file system that hangs keeps it longer.
const GIT: Duration = Duration::from_secs(3);

/// What git knows of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// As it is committed.
    Clean,
    /// Different from what is committed.
    Modified,
    /// Not committed.
    Untracked,
    /// Ignored.
    Ignored,
    /// The file does not exist.
    Missing,
    /// There is no repository, or no git.
    NoRepository,
    /// Git did not answer in time.
    Unknown,
}

/// What git knows of these files, in their order.
pub(super) async fn states(files: &[PathBuf], environment: &ProcessEnvironment) -> Vec<State> {
    let mut folders: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for file in files {
        let parent = file.parent().unwrap_or(Path::new(""));
        folders.entry(parent).or_default().push(file);
    }
    let mut known = BTreeMap::new();
    let mut silent = false;
    for (folder, files) in folders {
        let told = if silent {
            Told::Nothing
        } else {
            status(&environment.folder.join(folder), &files, environment).await
        };
        silent |= matches!(told, Told::Nothing);
        for file in files {
            let state = match &told {
                Told::NoRepository => State::NoRepository,
                Told::Nothing => State::Unknown,
                Told::Lines(lines) => of(file, lines),
            };
            let is_there = environment.folder.join(file).exists();
            let is_gone = !is_there && state != State::Modified;
            known.insert(file, if is_gone { State::Missing } else { state });
        }
    }
    let state = |file| known.get(file).copied().unwrap_or(State::Unknown);
    files.iter().map(state).collect()
}

/// The name of the user according to git.
pub(super) async fn user(environment: &ProcessEnvironment) -> Option<String> {
    let output = git(&environment.folder, &["config", "user.name"], environment).await??;
    let name = String::from_utf8(output).ok()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

enum Told {
    Lines(String),
    NoRepository,
    Nothing,
}

async fn status(folder: &Path, files: &[&PathBuf], environment: &ProcessEnvironment) -> Told {
    let names = files.iter().filter_map(|file| file.file_name()?.to_str());
    let mut arguments = vec![
        "--literal-pathspecs",
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--untracked-files=all",
        "--ignored=matching",
        "--",
    ];
    arguments.extend(names);
    match git(folder, &arguments, environment).await {
        Some(Some(output)) => Told::Lines(String::from_utf8_lossy(&output).into_owned()),
        Some(None) => Told::NoRepository,
        None => Told::Nothing,
    }
}

/// What git prints; `None` if it takes too long, and nothing inside if it fails.
async fn git(
    folder: &Path,
    arguments: &[&str],
    environment: &ProcessEnvironment,
) -> Option<Option<Vec<u8>>> {
    let Some(program) = environment
        .program_in_path("git")
        .filter(|_| folder.is_dir())
    else {
        return Some(None);
    };
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        // Looking must not keep somebody else from working.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .args(["-c", "core.fsmonitor=false"])
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let output = timeout(GIT, command.output()).await.ok()?.ok();
    Some(output.filter(|it| it.status.success()).map(|it| it.stdout))
}

/// The state of a file among the lines of git about its folder: `XY PATH`, each with a
/// zero after it. A folder that is left out as a whole stands for all that is in it.
fn of(file: &Path, lines: &str) -> State {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let is_it = |path: &str| path.rsplit('/').next() == Some(&*name);
    let mut entries = lines
        .split('\0')
        .filter_map(|line| line.split_at_checked(3));
    let found = entries.find(|(_, path)| path.ends_with('/') || is_it(path));
    match found.map(|(state, _)| state.trim_end()) {
        None => State::Clean,
        Some("??") => State::Untracked,
        Some("!!") => State::Ignored,
        Some(_) => State::Modified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_git_are_read_by_the_names_of_files() {
        let lines = " M a/b/saved.png\0?? a/b/new file.png\0!! a/b/not.png\0A  a/b/added.png\0";
        for (name, state) in [
            ("saved.png", State::Modified),
            ("new file.png", State::Untracked),
            ("not.png", State::Ignored),
            ("added.png", State::Modified),
            ("ved.png", State::Clean),
        ] {
            assert_eq!(of(Path::new(name), lines), state, "{name}");
        }
        assert_eq!(of(Path::new("x.png"), "!! a/b/\0"), State::Ignored);
        assert_eq!(of(Path::new("x.png"), ""), State::Clean);
    }
}
