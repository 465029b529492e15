//! Where the folder of a session is, for its programs and for Deskhand.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// The session's home.
pub(in crate::server) const HOME: &str = "home";
/// Unix sockets; also the session's `XDG_RUNTIME_DIR`.
pub(in crate::server) const SOCKETS: &str = "run";
/// The session's own `TMPDIR`.
pub(in crate::server) const TEMPORARY: &str = "tmp";

/// How many symbolic links a path may lead over, as Linux counts them.
const MAX_LINKS: usize = 40;

/// The folder of a session, which holds [`HOME`], [`SOCKETS`] and [`TEMPORARY`].
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(in crate::server) struct SessionFolder {
    /// Where Deskhand finds it.
    pub(in crate::server) real: PathBuf,
    /// Where the session's programs find it.
    pub(in crate::server) seen: PathBuf,
    /// Why the path can differ in another run, if it can.
    pub(in crate::server) unsteady: Option<String>,
}

impl SessionFolder {
    /// The session's home, as its programs name it.
    pub(in crate::server) fn home(&self) -> PathBuf {
        self.seen.join(HOME)
    }

    /// Where Deskhand finds what a program of the session calls `path`. Links are
    /// followed as the session would follow them.
    pub(in crate::server) fn outside(&self, path: &Path) -> PathBuf {
        if self.real == self.seen {
            return path.to_owned();
        }
        self.moved(&self.resolved(path))
    }

    /// The same, but a link at the end of the path is not followed.
    pub(in crate::server) fn outside_itself(&self, path: &Path) -> PathBuf {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return self.outside(path);
        };
        self.moved(&self.outside(folder).join(name))
    }

    /// What the session's programs call a path of Deskhand's.
    pub(in crate::server) fn inside(&self, path: &Path) -> PathBuf {
        replaced(path, &self.real, &self.seen)
    }

    /// A text in which paths of Deskhand's may stand, as it is for the session.
    pub(in crate::server) fn told(&self, text: &str) -> String {
        let [real, seen] = [&self.real, &self.seen].map(|path| path.display().to_string());
        text.replace(&real, &seen)
    }

    fn moved(&self, path: &Path) -> PathBuf {
        replaced(path, &self.seen, &self.real)
    }

    /// The path without links, as the session sees it. What does not exist stays
    /// as it is written.
    fn resolved(&self, path: &Path) -> PathBuf {
        let mut links = 0;
        let mut done = PathBuf::from("/");
        let mut rest: Vec<PathBuf> = parts(path);
        while let Some(part) = rest.pop() {
            if part == Path::new("..") {
                done.pop();
                continue;
            }
            let next = done.join(part);
            let target = fs::read_link(self.moved(&next));
            match target {
                Ok(target) if links < MAX_LINKS => {
                    links += 1;
                    if target.is_absolute() {
                        done = PathBuf::from("/");
                    }
                    rest.extend(parts(&target));
                }
                _ => done = next,
            }
        }
        done
    }
}

/// The names of a path, the first of them last.
fn parts(path: &Path) -> Vec<PathBuf> {
    let parts = path.components().rev();
    let parts = parts.filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    parts.map(|part| PathBuf::from(part.as_os_str())).collect()
}

fn replaced(path: &Path, from: &Path, to: &Path) -> PathBuf {
    match path.strip_prefix(from) {
        Ok(rest) if rest.as_os_str().is_empty() => to.to_owned(),
        Ok(rest) => to.join(rest),
        Err(_) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_path_of_the_session_is_found_outside_as_the_session_sees_it() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("session");
        let place = SessionFolder {
            real: real.clone(),
            seen: PathBuf::from("/seen/by/programs"),
            unsteady: None,
        };
        let home = real.join("home");
        fs::create_dir_all(home.join("Documents")).unwrap();
        symlink("/seen/by/programs/home/Documents", home.join("absolute")).unwrap();
        symlink("Documents/../Documents", home.join("relative")).unwrap();
        symlink("round", home.join("round")).unwrap();

        let outside = |path: &str| place.outside(Path::new(path));
        assert_eq!(outside("/seen/by/programs"), real);
        assert_eq!(outside("/seen/by/programs/home/a"), home.join("a"));
        assert_eq!(outside("/seen/by/programs/./home//a"), home.join("a"));
        for link in ["absolute", "relative"] {
            let path = format!("/seen/by/programs/home/{link}");
            assert_eq!(outside(&path), home.join("Documents"));
            assert_eq!(outside(&format!("{path}/a")), home.join("Documents/a"));
            assert_eq!(place.outside_itself(Path::new(&path)), home.join(link));
        }
        assert_eq!(outside("/etc/./hostname"), Path::new("/etc/hostname"));
        assert_eq!(outside("/seen/by/others"), Path::new("/seen/by/others"));
        let root = Path::new("/");
        assert_eq!(place.outside_itself(root), root);
        let inside = place.inside(&home.join("a"));
        assert_eq!(inside, Path::new("/seen/by/programs/home/a"));
        let told = place.told(&format!("{}: no such file", home.join("a").display()));
        assert_eq!(told, "/seen/by/programs/home/a: no such file");
        // Nothing is there, and it ends.
        outside("/seen/by/programs/home/round/a");
    }
}
