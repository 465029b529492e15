//! What is written and where, before anything is drawn.

use std::path::{Path, PathBuf};

use crate::film::output::{Kind, Target, beside};

/// The files to write; an error says what is wrong with the first that cannot be written.
pub(super) fn targets(paths: &[PathBuf]) -> Result<Vec<Target>, String> {
    let mut targets: Vec<Target> = Vec::new();
    for path in paths {
        let target = target(path)?;
        if targets.iter().any(|other| other.path == target.path) {
            return Err(format!("{} is named twice", path.display()));
        }
        targets.push(target);
    }
    Ok(targets)
}

fn target(path: &Path) -> Result<Target, String> {
    let kind = Kind::of(path)?;
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(format!(
            "cannot write {}: there is no folder {}; make it first",
            path.display(),
            folder.display()
        ));
    }
    let is_other = |path: &Path| path.exists() && !path.is_file();
    if kind != Kind::Folder && is_other(path) {
        return Err(format!("cannot write {}: it is not a file", path.display()));
    }
    if kind == Kind::Folder && path.is_file() {
        return Err(format!(
            "{} is a file without an ending; the ending decides what is written: use `.mp4` or \
             `.gif`, for example",
            path.display()
        ));
    }
    Ok(Target {
        path: path.to_owned(),
        kind,
    })
}

/// The story that has to be there for a film to be checked.
pub(super) fn story(target: &Target) -> Result<(), String> {
    let there = |path: &Path, what: &str| {
        if path.exists() {
            return Ok(());
        }
        let path = path.display();
        Err(format!(
            "{what}: there is no {path}; make it with `deskhand render` without `--check`"
        ))
    };
    there(&target.path, "nothing can be checked")?;
    if target.kind.is_film() {
        let story = beside(&target.path, ".story.json");
        there(
            &story,
            "the story of the film, which says what it shows, is missing",
        )?;
    }
    Ok(())
}

/// A number of bytes: `5MB`, `800kB`, `1.5MiB`, in capitals or not.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let factor = match &*unit.trim().to_ascii_lowercase() {
        "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err("write a number and `kB`, `MB` or `MiB`, such as `5MB`".to_owned()),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "write a number and its unit, such as `5MB`".to_owned())?;
    let bytes = number * factor;
    if !(1000.0..=1e12).contains(&bytes) {
        return Err("at least 1kB and at most 1000GB are allowed".to_owned());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is between 1000 and 10^12"
    )]
    let whole = bytes as u64;
    Ok(whole)
}

/// A number of bytes for people.
pub(super) fn shown(bytes: u64) -> String {
    match bytes {
        0..=999 => format!("{bytes} bytes"),
        1000..=999_999 => format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_has_a_number_and_a_unit() {
        assert_eq!(bytes("5MB"), Ok(5_000_000));
        assert_eq!(bytes("1.5MiB"), Ok(1_572_864));
        assert_eq!(bytes("800kB"), Ok(800_000));
        assert_eq!(bytes("5 mb"), Ok(5_000_000));
        for wrong in [
            "5",
            "MB",
            "5 apples",
            "-5MB",
            "1B",
            "1e99GB",
            "..MB",
            "9999999GB",
        ] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
        assert_eq!(shown(4_260_000), "4.2 MB");
        assert_eq!(shown(980), "980 bytes");
    }

    #[test]
    fn what_cannot_be_written_is_said_before_anything_is_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let said = |name: &str| targets(&[folder.path().join(name)]).unwrap_err();
        assert!(said("demo.avi").starts_with("no film can be written as `.avi`"));
        assert!(said("no/such/demo.mp4").contains("there is no folder"));
        std::fs::create_dir(folder.path().join("is.mp4")).unwrap();
        std::fs::write(folder.path().join("plain"), "").unwrap();
        assert!(said("plain").contains("without an ending"));
        let twice = [folder.path().join("a.gif"), folder.path().join("a.gif")];
        assert!(
            targets(&twice)
                .unwrap_err()
                .ends_with("a.gif is named twice")
        );
    }
}
