//! What changed since a revision, by git.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cli::ProcessEnvironment,
    plan::{Plan, Suite},
};

/// The files that changed since a revision.
#[derive(Debug)]
pub(super) struct Changed {
    /// The folder that the program was started in.
    folder: PathBuf,
    /// Their real paths, as far as their folders are still there.
    files: BTreeSet<PathBuf>,
}

impl Changed {
    /// What differs between the files that are here and the last commit that they and
    /// `revision` have in common, files that git does not know yet included.
    pub(super) fn since(revision: &str, environment: &ProcessEnvironment) -> Result<Self, String> {
        let folder = &environment.folder;
        // A revision that looks like an option is not one.
        if revision.starts_with('-') {
            return Err(format!("`--changed {revision}` is not a revision"));
        }
        let root = git(folder, &["rev-parse", "--show-toplevel"])?;
        let root = PathBuf::from(root.trim_end_matches('\n'));
        let changed = git(
            &root,
            &[
                "diff",
                "--merge-base",
                "--name-only",
                "--no-renames",
                "-z",
                revision,
                "--",
            ],
        )?;
        let unknown = git(&root, &["ls-files", "--others", "--exclude-standard", "-z"])?;
        let names = changed.split('\0').chain(unknown.split('\0'));
        let files = names.filter(|name| !name.is_empty());
        Ok(Self {
            folder: folder.clone(),
            files: files.map(|name| real(&root.join(name))).collect(),
        })
    }

    fn has(&self, path: &Path) -> bool {
        self.files.contains(&real(&self.folder.join(path)))
    }

    fn has_some_in(&self, folder: &Path) -> bool {
        let folder = real(&self.folder.join(folder));
        self.files.iter().any(|file| file.starts_with(&folder))
    }

    /// Whether a file changed that decides what a plan does.
    fn concerns(&self, plan: &Plan) -> bool {
        plan.files().into_iter().any(|file| self.has(file)) || self.has_some_in(&plan.baselines)
    }
}

/// Leaves out the scenarios none of whose files changed. When the project's `settings`
/// changed, all of them are played.
pub(super) fn leave_out_the_rest(
    suite: &mut Suite,
    changed: &Changed,
    settings: Option<&str>,
    revision: &str,
) {
    if settings.is_some_and(|settings| changed.has(Path::new(settings))) {
        return;
    }
    suite.leave_out(|entry| {
        (!changed.concerns(&entry.plan))
            .then(|| format!("none of its files changed since `{revision}`"))
    });
}

/// The path without links, as far as its folders are there: what was deleted has none.
fn real(path: &Path) -> PathBuf {
    let here = fs::canonicalize(path).ok();
    here.or_else(|| Some(real(path.parent()?).join(path.file_name()?)))
        .unwrap_or_else(|| path.to_owned())
}

/// What git says in a folder.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output();
    let output = output
        .map_err(|error| format!("`--changed` needs git, which cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("fatal: ");
    let help = if said.contains("not a git repository") {
        "run it in a clone of the repository"
    } else {
        "in a shallow clone, fetch the revision and its history first"
    };
    Err(format!(
        "`--changed` cannot be answered: git says `{said}`; {help}"
    ))
}
