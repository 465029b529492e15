//! From a picture of a run to a baseline, for `accept` and for `show`.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use thiserror::Error;

use crate::{
    cli::{Exit, run_folder::RunFolder},
    event::{Artifact, ArtifactKind, Candidate},
    executor,
    plan::TreeOf,
    report::RunLog,
    vision::Frame,
    whole::Whole,
};

/// The endings of the files of baselines: pictures, and trees of widgets.
const ENDINGS: [&str; 2] = [".png", TREE];
const TREE: &str = ".tree.yaml";

/// A picture or tree of a run that can become a baseline.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Offer {
    /// The path of the artifact in its run.
    pub(in crate::cli) path: String,
    /// What it can become.
    pub(in crate::cli) candidate: Candidate,
}

/// A picture, or a tree of widgets, on its way to become a baseline.
#[derive(Debug)]
pub(in crate::cli) struct Accepted {
    /// Its file.
    pub(in crate::cli) file: PathBuf,
    /// What will be in it.
    pub(in crate::cli) bytes: Vec<u8>,
    /// What is kept next to a picture.
    about: Option<String>,
}

/// Why something did not become a baseline.
#[derive(Debug, Error)]
pub(in crate::cli) enum Refused {
    #[error(
        "{0} is not a baseline below this folder: run `deskhand accept` in the folder where the \
         run was started"
    )]
    Elsewhere(String),
    #[error("cannot read {path} in {run}: {reason}")]
    Unread {
        path: String,
        run: String,
        reason: io::Error,
    },
    #[error("{path} in {run} is {problem}")]
    Broken {
        path: String,
        run: String,
        problem: String,
    },
    #[error("cannot read the environment in which {path} was made: {reason}")]
    Environment {
        path: String,
        reason: serde_yaml::Error,
    },
    #[error("cannot write {}: {reason}", file.display())]
    Unwritten { file: PathBuf, reason: io::Error },
}

impl Refused {
    /// The exit status for this refusal.
    pub(in crate::cli) const fn exit(&self) -> Exit {
        match self {
            Self::Elsewhere(_) | Self::Unread { .. } | Self::Broken { .. } => Exit::Usage,
            Self::Environment { .. } | Self::Unwritten { .. } => Exit::Report,
        }
    }
}

/// The pictures and trees of a run that can become baselines; of two for the same
/// baseline the later one.
pub(super) fn offers(log: &RunLog) -> Vec<Offer> {
    let steps = log.scenarios.iter().flat_map(|scenario| &scenario.steps);
    let artifacts = steps.flat_map(|step| &step.artifacts);
    let mut offers: Vec<Offer> = Vec::new();
    for offer in artifacts.filter_map(Offer::of) {
        offers.retain(|other| other.candidate.baseline != offer.candidate.baseline);
        offers.push(offer);
    }
    offers
}

impl Offer {
    /// What an artifact can become, if it can become a baseline.
    pub(in crate::cli) fn of(artifact: &Artifact) -> Option<Self> {
        let is_one = matches!(artifact.kind, ArtifactKind::Actual | ArtifactKind::Tree);
        let candidate = artifact.candidate.as_deref().filter(|_| is_one)?;
        Some(Self {
            path: artifact.path.clone(),
            candidate: candidate.clone(),
        })
    }

    /// The file of the baseline, which must be a PNG or a tree in a folder of baselines,
    /// below the folder that the program was started in: the events may be anybody's.
    pub(in crate::cli) fn file(&self, here: &Path) -> Result<PathBuf, Refused> {
        place(&self.candidate.baseline, here)
    }

    /// Reads it from its run, to be the baseline, or a variant of it.
    pub(in crate::cli) fn read(
        &self,
        (run, folder): (&Path, &mut RunFolder),
        file: &Path,
        variant: Option<&str>,
    ) -> Result<Accepted, Refused> {
        let (path, run) = (self.path.clone(), run.display().to_string());
        let bytes = match folder.file(&path) {
            Ok(bytes) => bytes,
            Err(reason) => return Err(Refused::Unread { path, run, reason }),
        };
        self.accepted(bytes, file, variant).map_err(|refused| {
            if let Refused::Broken { path, problem, .. } = refused {
                return Refused::Broken { path, run, problem };
            }
            refused
        })
    }

    fn accepted(
        &self,
        bytes: Vec<u8>,
        file: &Path,
        variant: Option<&str>,
    ) -> Result<Accepted, Refused> {
        check(file, &bytes).map_err(|problem| Refused::Broken {
            path: self.path.clone(),
            run: String::new(),
            problem,
        })?;
        let file = as_variant(file, variant);
        let about = self.about(&file).map_err(|reason| Refused::Environment {
            path: self.path.clone(),
            reason,
        })?;
        Ok(Accepted { file, bytes, about })
    }

    /// What is kept next to a picture: in which environment it was made.
    fn about(&self, file: &Path) -> Result<Option<String>, serde_yaml::Error> {
        if is_tree(file) {
            return Ok(None);
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let environment = executor::Environment::from(self.candidate.environment.clone());
        environment.to_yaml(&name).map(Some)
    }
}

/// What is wrong with a picture or tree that should become a baseline.
fn check(file: &Path, bytes: &[u8]) -> Result<(), String> {
    if is_tree(file) {
        let tree = TreeOf::read(&file.display().to_string(), bytes);
        return tree
            .map(drop)
            .map_err(|problem| format!("it is not a tree of widgets: {problem}"));
    }
    let picture = Frame::decode_png(bytes);
    picture
        .map(drop)
        .map_err(|error| format!("a picture that {error}"))
}

/// Whether a baseline is a tree of widgets.
pub(in crate::cli) fn is_tree(file: &Path) -> bool {
    file.to_string_lossy().ends_with(TREE)
}

fn place(baseline: &str, here: &Path) -> Result<PathBuf, Refused> {
    let path = Path::new(baseline);
    let path = path.strip_prefix(here).unwrap_or(path);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let folder = path.parent().and_then(Path::parent);
    let named = folder.and_then(Path::file_name) == Some("baselines".as_ref());
    let is_baseline = ENDINGS.iter().any(|ending| baseline.ends_with(ending));
    if inside && named && is_baseline {
        return Ok(path.to_owned());
    }
    Err(Refused::Elsewhere(baseline.to_owned()))
}

/// The file of a baseline without its ending, and the ending.
pub(super) fn parted(file: &Path) -> (PathBuf, &'static str) {
    let whole = file.to_string_lossy();
    for ending in ENDINGS {
        if let Some(name) = whole.strip_suffix(ending) {
            return (PathBuf::from(name), ending);
        }
    }
    (file.to_owned(), "")
}

/// Whether a baseline is meant by `saved`, `saved.png` or `hello/saved`.
pub(super) fn is_named(file: &Path, name: &str) -> bool {
    let (own, _) = parted(file);
    own.ends_with(name) || file.ends_with(name)
}

/// `saved@name.png` for `saved.png`.
fn as_variant(file: &Path, variant: Option<&str>) -> PathBuf {
    let Some(variant) = variant else {
        return file.to_owned();
    };
    let (own, ending) = parted(file);
    let stem = own.file_name().unwrap_or_default().to_string_lossy();
    let name = stem.split('@').next().unwrap_or_default();
    file.with_file_name(format!("{name}@{variant}{ending}"))
}

/// The existing files of a baseline: itself, and its variants.
pub(in crate::cli) fn variants(file: &Path) -> Vec<PathBuf> {
    let (own, ending) = parted(file);
    let stem = own.file_name().unwrap_or_default().to_string_lossy();
    let name = stem.split('@').next().unwrap_or_default();
    let (plain, prefix) = (format!("{name}{ending}"), format!("{name}@"));
    let entries = fs::read_dir(file.parent().unwrap_or(Path::new("")));
    let names = entries.into_iter().flatten().filter_map(|entry| {
        let other = entry.ok()?.file_name().into_string().ok()?;
        let is_one = other == plain || other.starts_with(&prefix) && other.ends_with(ending);
        is_one.then(|| file.with_file_name(other))
    });
    let mut found: Vec<PathBuf> = names.collect();
    found.sort();
    found
}

/// A name for a variant.
pub(in crate::cli) fn variant(text: &str) -> Result<String, String> {
    let allowed = |char: char| char.is_alphanumeric() || "-_.".contains(char);
    let has_shape = text.chars().any(char::is_alphanumeric);
    if has_shape && text.len() <= 100 && text.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("use letters, digits, `-`, `_` and `.`, and at least one letter or digit".to_owned())
}

/// Writes all, or nothing: only when every file has been written under another name, all get their
/// own.
pub(in crate::cli) fn write(accepted: &[Accepted]) -> Result<(), Refused> {
    let mut written = Vec::new();
    for Accepted { file, bytes, about } in accepted {
        let unwritten = |file: &Path| {
            let file = file.to_owned();
            move |reason| Refused::Unwritten { file, reason }
        };
        fs::create_dir_all(file.parent().unwrap_or(Path::new(""))).map_err(unwritten(file))?;
        let mut files = vec![(file.clone(), bytes.as_slice())];
        if let Some(about) = about {
            files.push((file.with_extension("yaml"), about.as_bytes()));
        }
        for (file, bytes) in files {
            let whole = Whole::prepare(&file, bytes).map_err(unwritten(&file))?;
            written.push((whole, file));
        }
    }
    for (whole, file) in written {
        whole
            .put()
            .map_err(|reason| Refused::Unwritten { file, reason })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_stays_below_the_folder_of_the_project() {
        let here = Path::new("/project");
        let good = "scenarios/baselines/hello/saved.png";
        assert_eq!(place(good, here).unwrap(), Path::new(good));
        let absolute = place(&format!("/project/{good}"), here);
        assert_eq!(absolute.unwrap(), Path::new(good));
        for bad in [
            "/elsewhere/baselines/hello/saved.png",
            "../baselines/hello/saved.png",
            "scenarios/hello/saved.png",
            "baselines/hello/saved.sh",
            "baselines/../../x/baselines/a/b.png",
        ] {
            let refused = place(bad, here).unwrap_err();
            assert_eq!(refused.exit(), Exit::Usage, "{bad}");
        }
    }

    #[test]
    fn a_baseline_is_meant_by_its_name_or_with_its_scenario() {
        let file = Path::new("scenarios/baselines/hello/saved.png");
        for name in ["saved", "saved.png", "hello/saved"] {
            assert!(is_named(file, name), "{name}");
        }
        for name in ["ave", "other/saved", "hello"] {
            assert!(!is_named(file, name), "{name}");
        }
    }

    #[test]
    fn a_variant_stands_beside_its_baseline() {
        for file in ["baselines/hello/saved.png", "baselines/hello/saved@old.png"] {
            let file = as_variant(Path::new(file), Some("trixie"));
            assert_eq!(file, Path::new("baselines/hello/saved@trixie.png"));
        }
        for wrong in ["a b", "a@b", "", ".", "..", "-_"] {
            assert!(variant(wrong).is_err(), "{wrong}");
        }
        assert_eq!(variant("12.4").as_deref(), Ok("12.4"));
    }

    #[test]
    fn all_variants_of_a_baseline_are_found_and_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "a.png", "a@x.png", "a@y.png", "ab.png", "a.yaml", "a@x.yaml",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = variants(&folder.path().join("a@x.png"));
        let names: Vec<_> = found.iter().filter_map(|file| file.file_name()).collect();
        assert_eq!(names, ["a.png", "a@x.png", "a@y.png"]);
    }

    #[test]
    fn where_one_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("baselines/one.png");
        fs::write(folder.path().join("two"), "a file").unwrap();
        let below_a_file = folder.path().join("two/baselines/two.png");
        let a_folder = folder.path().join("three.png");
        fs::create_dir(&a_folder).unwrap();
        for bad in [below_a_file, a_folder] {
            let accepted = [one.clone(), bad].map(|file| Accepted {
                file,
                bytes: vec![1],
                about: Some(String::new()),
            });
            assert!(write(&accepted).is_err());
            assert_eq!(fs::read_dir(one.parent().unwrap()).unwrap().count(), 0);
        }
    }
}
