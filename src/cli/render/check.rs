//! `--check`: whether films that were kept still show what their scenario does.

use std::{fs, io, path::Path};

use super::{Planned, fault};
use crate::{
    cli::{Exit, complain, say, tell},
    film::{
        encode::{Fault, Stop},
        output::{Checked, Finding, Target, check},
    },
    scenario::shown,
    vision::Frame,
    whole,
};

/// How many pairs of pictures are kept.
const MOST: usize = 50;

/// The longest finding, in characters: it may quote what was typed.
const LONGEST: usize = 500;

/// Compares all kept films with the new one.
pub(super) fn all(planned: &Planned, targets: &[Target], stop: &Stop) -> Result<Exit, Exit> {
    let mut exit = Exit::Passed;
    for target in targets {
        let checked = Checked {
            show: planned.show(),
            target,
            stop: stop.clone(),
        };
        let source = planned
            .recording
            .frames()
            .map_err(|error| fault(&Fault::Source(error)))?;
        let findings = check(&checked, source).map_err(|error| fault(&error))?;
        let path = target.path.display();
        if findings.is_empty() {
            say::print(&format!("{path} shows what the scenario does\n"))?;
            continue;
        }
        exit = Exit::Failed;
        complain(&format!("{path} no longer shows what the scenario does:"));
        keep(planned, target, &findings)?;
        tell(&format!(
            "  to replace it: deskhand render {} --to {path}",
            planned.run.display()
        ));
    }
    Ok(exit)
}

/// Says what was found, and keeps the pictures beside the recording.
fn keep(planned: &Planned, target: &Target, findings: &[Finding]) -> Result<(), Exit> {
    let name = target
        .path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let folder = planned.recording.beside(&format!(".check-{name}"));
    let mut number = 0;
    for Finding { words, pictures } in findings {
        tell(&format!("  {}", shown(words, LONGEST)));
        let Some(pictures) = pictures.as_ref().filter(|_| number < MOST) else {
            continue;
        };
        number += 1;
        let files = [("kept", &pictures.kept), ("now", &pictures.now)];
        for (what, frame) in files {
            let file = folder.join(format!("{number:02}-{what}.png"));
            write(&folder, &file, frame).map_err(|error| {
                complain(&format!("cannot write {}: {error}", file.display()));
                Exit::Report
            })?;
            tell(&format!("    {}", file.display()));
        }
    }
    Ok(())
}

fn write(folder: &Path, file: &Path, frame: &Frame) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    whole::write(file, &frame.encode_png())
}
