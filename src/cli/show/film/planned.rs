//! What a changed text would mean, before it is written.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::recordings::Filmed;
use crate::{
    cli::{
        ProcessEnvironment, project,
        show::{answer::Problem, desk::Desk},
    },
    plan::{self, Action, Context, Disk, Files, Plan, Plans, Step},
    scenario::{self, Project, Source},
};

/// How wide a problem is drawn, in characters.
const WIDTH: usize = 90;

/// The files of this machine, but for one of them.
struct Changed<'t> {
    file: PathBuf,
    text: &'t [u8],
}

impl Files for Changed<'_> {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        if path == self.file {
            return Ok(self.text.iter().copied().take(most).collect());
        }
        Disk.read(path, most)
    }

    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        Disk.list(folder)
    }
}

/// The plans of a scenario in which a file has another text.
pub(super) fn plans(
    desk: &Desk,
    filmed: &Filmed<'_>,
    file: &str,
    text: &str,
) -> Result<Vec<Plan>, Problem> {
    let settings = project::find(&desk.environment);
    let settings = settings.map_err(|_| Problem::new("deskhand.yaml cannot be read".to_owned()))?;
    let project = settings.and_then(|settings| Project::read(settings).ok());
    let changed = Changed {
        file: PathBuf::from(file),
        text: text.as_bytes(),
    };
    let scenario = &filmed.scenario.place.file;
    let bytes = changed.read(Path::new(scenario), Source::MAX_BYTES + 1);
    let bytes = bytes.map_err(|error| Problem::new(format!("cannot read {scenario}: {error}")))?;
    let source = Source::new(scenario.clone(), &bytes);
    let context = Context {
        files: &changed,
        environment: &ProcessEnvironment::variable,
        project: project.as_ref().map(|(project, _)| project),
        ..Context::default()
    };
    let Plans {
        plans, problems, ..
    } = plan::read_all(vec![source], &context);
    if problems.is_empty() {
        return Ok(plans);
    }
    let drawn = scenario::render(&problems, WIDTH, false);
    Err(Problem::new(
        "with this change the file would have problems, so it is left as it is".to_owned(),
    )
    .with_insert(drawn))
}

/// What the steps at a place say, in the order in which they are played; none where
/// nothing is planned.
pub(super) fn captions(plans: &[Plan], name: &str, file: &str, line: usize) -> Vec<String> {
    let mut named = plans.iter().filter(|plan| plan.name == name);
    let plan = named.next().or_else(|| plans.first());
    let mut said = Vec::new();
    let mut look = |step: &Step| {
        let origin = &step.origin;
        let is_here =
            origin.source.name() == file && origin.source.position(origin.span.start).0 == line;
        let caption = match &step.action {
            Action::Caption(caption) => Some(&**caption),
            _ => step.caption.as_deref(),
        };
        said.extend(
            caption
                .filter(|_| is_here)
                .map(|caption| caption.text.to_string()),
        );
    };
    if let Some(plan) = plan {
        plan.each_step(&mut look);
    }
    said
}
