//! The paths by which CI systems know files.
//!
//! Reports name scenarios by their path from the root of the repository, wherever
//! Deskhand was started: annotations appear there, and links lead there. The root is
//! the folder that the CI system names, if the file is in it; in a container it may
//! name a folder of the machine around it. Otherwise it is the nearest folder above
//! the file that has a `.git`.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use super::ProcessEnvironment;

/// Where the files of a repository are.
pub(super) struct Repository {
    /// The folder that the program was started in.
    folder: PathBuf,
    /// The folders that CI systems call the root, as they name them.
    roots: Vec<PathBuf>,
    /// Whether attachments are found by absolute paths.
    absolute_attachments: bool,
}

impl Repository {
    pub(super) fn new(environment: &ProcessEnvironment) -> Self {
        Self {
            folder: environment.folder.clone(),
            roots: environment.roots.clone(),
            absolute_attachments: environment.absolute_attachments,
        }
    }

    /// The path of a file from the root of its repository, with `/`; as it was named
    /// if it is in none.
    pub(super) fn file(&self, named: &str) -> String {
        let path = self.folder.join(named);
        let found = self.below_root(&path);
        found.unwrap_or_else(|| named.strip_prefix("./").unwrap_or(named).to_owned())
    }

    /// The path of the folder of the artifacts, as the CI system looks for
    /// attachments: Jenkins and Azure by absolute paths, all others from the root of
    /// the repository. A folder outside any repository is as it was named.
    pub(super) fn artifacts(&self, named: &Path) -> String {
        let path = self.folder.join(named);
        if self.absolute_attachments {
            return slashed(&fs::canonicalize(&path).unwrap_or(path));
        }
        self.file(&named.to_string_lossy())
    }

    fn below_root(&self, path: &Path) -> Option<String> {
        let real = fs::canonicalize(path).ok();
        // A link may lead out of the repository; then the way to the link counts.
        let places: Vec<PathBuf> = real.into_iter().chain([normal(path)]).collect();
        let real_root = |root: &PathBuf| fs::canonicalize(root).unwrap_or_else(|_| root.clone());
        let roots = self.roots.iter().map(real_root).chain(self.roots.clone());
        let named = roots.filter(|root| root.parent().is_some());
        for root in named {
            let inside = places
                .iter()
                .find_map(|place| place.strip_prefix(&root).ok());
            if let Some(inside) = inside {
                return Some(slashed(inside));
            }
        }
        places.iter().find_map(|place| {
            let root = place
                .ancestors()
                .find(|above| above.join(".git").exists())?;
            Some(slashed(place.strip_prefix(root).ok()?))
        })
    }
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A repository with a scenario, and a link to its folder beside it.
    fn disk() -> (tempfile::TempDir, PathBuf) {
        let disk = tempfile::tempdir().unwrap();
        let root = disk.path().join("real");
        fs::create_dir_all(root.join("app/scenarios")).unwrap();
        fs::create_dir_all(root.join("app/artifacts")).unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        fs::write(root.join("app/scenarios/a.yaml"), "").unwrap();
        symlink(&root, disk.path().join("link")).unwrap();
        symlink(root.join("app/scenarios"), root.join("shortcut")).unwrap();
        (disk, root)
    }

    fn started_in(folder: &Path, roots: &[&Path]) -> Repository {
        Repository {
            folder: folder.to_owned(),
            roots: roots.iter().map(|root| (*root).to_owned()).collect(),
            absolute_attachments: false,
        }
    }

    #[test]
    fn a_file_has_one_path_wherever_the_program_is_started() {
        let (disk, root) = disk();
        let link = disk.path().join("link");
        let absolute = root.join("app/scenarios/a.yaml");
        for (folder, named) in [
            (root.clone(), "app/scenarios/a.yaml"),
            (root.join("app"), "./scenarios/a.yaml"),
            (root.join("app/artifacts"), "../scenarios/a.yaml"),
            (link.join("app"), "scenarios/a.yaml"),
            (root.clone(), "shortcut/a.yaml"),
            (PathBuf::from("/"), absolute.to_str().unwrap()),
        ] {
            for roots in [&[][..], &[root.as_path()], &[link.as_path()]] {
                let repository = started_in(&folder, roots);
                assert_eq!(repository.file(named), "app/scenarios/a.yaml", "{named}");
            }
        }
    }

    #[test]
    fn the_root_that_the_ci_system_names_counts_if_the_file_is_in_it() {
        let (disk, root) = disk();
        let file = |roots: &[&Path]| started_in(&root, roots).file("app/scenarios/a.yaml");
        assert_eq!(file(&[disk.path()]), "real/app/scenarios/a.yaml");
        assert_eq!(
            file(&[Path::new("/home/runner/work")]),
            "app/scenarios/a.yaml"
        );
        assert_eq!(file(&[Path::new("/")]), "app/scenarios/a.yaml");
    }

    #[test]
    fn a_file_in_no_repository_is_as_it_was_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), "").unwrap();
        let repository = started_in(folder.path(), &[]);
        assert_eq!(repository.file("./a.yaml"), "a.yaml");
        assert_eq!(repository.file("gone.yaml"), "gone.yaml");
    }

    #[test]
    fn attachments_are_found_from_the_root_or_by_absolute_paths() {
        let (disk, root) = disk();
        let link = disk.path().join("link/app");
        let mut repository = started_in(&link, &[]);
        let artifacts = Path::new("artifacts");
        assert_eq!(repository.artifacts(artifacts), "app/artifacts");
        repository.absolute_attachments = true;
        let real = fs::canonicalize(root.join("app/artifacts")).unwrap();
        assert_eq!(repository.artifacts(artifacts), real.to_str().unwrap());
    }
}
