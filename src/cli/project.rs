//! The project's settings: `deskhand.yaml` in the folder that the program was
//! started in, or in the nearest one above it.

use std::path::{Path, PathBuf};

use super::{Exit, ProcessEnvironment, complain};
use crate::{
    plan::{Disk, Files},
    scenario::{Project, Source},
};

/// The name of the file.
const FILE: &str = "deskhand.yaml";

/// The text of the settings, if there are some; its name is the way to it from
/// the folder that the program was started in.
pub(super) fn find(environment: &ProcessEnvironment) -> Result<Option<Source>, Exit> {
    let Some((path, shown)) = locate(&environment.folder) else {
        return Ok(None);
    };
    match Disk.read(&path, Source::MAX_BYTES + 1) {
        Ok(bytes) => Ok(Some(Source::new(shown, &bytes))),
        Err(reason) => {
            complain(&format!("cannot read {shown}: {reason}"));
            Err(Exit::Usage)
        }
    }
}

/// The nearest settings. A repository is a project of its own, so nothing above
/// its root is looked at.
fn locate(folder: &Path) -> Option<(PathBuf, String)> {
    let mut shown = FILE.to_owned();
    for above in folder.ancestors() {
        let path = above.join(FILE);
        if path.is_file() {
            return Some((path, shown));
        }
        if above.join(".git").exists() {
            return None;
        }
        shown.insert_str(0, "../");
    }
    None
}

/// A path of the settings, from the folder that the program was started in.
pub(super) fn beside(settings: &Source, path: &str) -> PathBuf {
    let folder = Path::new(settings.name()).parent();
    folder.unwrap_or(Path::new("")).join(path)
}

/// The folder of the artifacts: what the command line says, else the settings.
pub(super) fn artifacts(given: Option<&Path>, project: Option<&Project>) -> PathBuf {
    let set = || {
        let project = project?;
        let path = project.run.artifacts.as_ref()?.value.known()?;
        Some(beside(&project.source, path))
    };
    let found = given.map(Path::to_owned).or_else(set);
    found.unwrap_or_else(|| PathBuf::from("artifacts"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_settings_count_up_to_the_root_of_the_repository() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("project/scenarios/deep");
        fs::create_dir_all(&deep).unwrap();
        fs::write(root.path().join(FILE), "").unwrap();
        let shown = |folder: &Path| locate(folder).map(|(_, shown)| shown);
        assert_eq!(shown(&deep).as_deref(), Some("../../../deskhand.yaml"));
        fs::write(root.path().join("project").join(FILE), "").unwrap();
        assert_eq!(shown(&deep).as_deref(), Some("../../deskhand.yaml"));
        fs::create_dir(root.path().join("project/scenarios/.git")).unwrap();
        assert_eq!(shown(&deep), None);
    }
}
