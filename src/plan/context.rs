//! What a plan is made from in addition to the text of its scenario: files, the environment, the
//! project's settings.

use std::{
    fs,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use crate::scenario::Project;

/// What plans are made from in addition to the texts of their scenarios.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Where used files, pictures and uploads are read.
    pub files: &'a dyn Files,
    /// A variable of the environment, for `${env.…}` and secrets.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// `vars` that were given for this run, which replace those of the scenarios.
    pub vars: &'a [(String, String)],
    /// The project's settings.
    pub project: Option<&'a Project>,
    /// Whether every declared secret has to be set, as it must be before anything is played.
    pub secrets_required: bool,
}

impl Default for Context<'_> {
    /// The files of this machine, and nothing else.
    fn default() -> Self {
        Self {
            files: &Disk,
            environment: &|_| None,
            vars: &[],
            project: None,
            secrets_required: false,
        }
    }
}

/// The files that a scenario may name.
pub trait Files {
    /// The first `most` bytes of a file, so that a file of any size is read in
    /// no time and fits into memory.
    ///
    /// # Errors
    ///
    /// As the system says it.
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>>;

    /// Whether there is a file at this path, and not a folder.
    fn is_file(&self, path: &Path) -> bool;

    /// The names of the files in a folder, in their order.
    ///
    /// # Errors
    ///
    /// As the system says it.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
}

/// The files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = fs::File::open(path)?;
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(or_here(folder))?;
        let files = entries.flatten().filter(|entry| entry.path().is_file());
        let mut names: Vec<String> = files
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        Ok(names)
    }
}

fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// The file that `path` means in a file of `folder`, without `.` and, as far
/// as that can be done without looking, without `..`.
pub(super) fn beside(folder: &Path, path: &str) -> PathBuf {
    let mut joined = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(joined.components().next_back(), Some(Component::Normal(_))) =>
            {
                joined.pop();
            }
            other => joined.push(other),
        }
    }
    joined
}

/// A path as messages and reports show it, with `/`.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_from_its_file() {
        let beside = |folder: &str, path: &str| shown(&beside(Path::new(folder), path));
        assert_eq!(
            beside("flows", "parts/close.yaml"),
            "flows/parts/close.yaml"
        );
        assert_eq!(beside("flows/a", "../parts/./x.yaml"), "flows/parts/x.yaml");
        assert_eq!(beside("", "../x.yaml"), "../x.yaml");
        assert_eq!(beside("flows", "/x.yaml"), "/x.yaml");
    }
}
