//! What a target of a scenario finds on the screen now.

use std::{fmt::Write as _, sync::Arc};

use serde_json::{Value, json};

use super::{Answer, Call, Fault};
use crate::{
    cli::{Exit, ProcessEnvironment, project},
    executor::{self, Settings, Sighting, Sightings, Tesseract},
    geometry::Rect,
    language::Language,
    plain::plain,
    plan::{self, Action, Context, Target},
    scenario::{Problems, Project, Source},
};

#[derive(Debug, clap::Args)]
pub(super) struct Method {
    /// A target as in a scenario, such as `{ image: save.png }`, `{ text: Save }` or the
    /// name of one in deskhand.yaml; paths are relative to the current
    /// folder
    target: String,
}

impl Method {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let sightings = self.sightings(call).await?;
        let exit = match sightings.meant {
            Some(_) => Exit::Passed,
            None => Exit::Failed,
        };
        Ok(Answer::new(text(&sightings), &document(&sightings), exit))
    }

    async fn sightings(&self, call: &Call<'_>) -> Result<Sightings, Fault> {
        let (target, languages) = self.target(call.environment)?;
        let tesseract = call
            .tesseract
            .map(|program| Tesseract::new(program.to_owned()));
        let settings = Settings {
            recognizer: tesseract.map(|program| Arc::new(program) as _),
            ..Settings::default()
        };
        let search = executor::everything(&target, &languages, call.desktop, &settings);
        let Some(limit) = call.timeout else {
            return search.await.map_err(Fault::Search);
        };
        let search = tokio::time::timeout(limit, search).await;
        let late = || Err(format!("the search did not end within {limit:?}"));
        search.unwrap_or_else(|_| late()).map_err(Fault::Search)
    }

    /// The target, with the names of the project's settings, and the languages that
    /// text is in by those.
    fn target(
        &self,
        environment: Option<&ProcessEnvironment>,
    ) -> Result<(Target, Vec<Language>), Fault> {
        let settings = match environment.map(project::find) {
            None => None,
            Some(found) => found.map_err(Fault::Told)?,
        };
        let project = match settings.map(Project::read) {
            None => None,
            Some(Ok((project, _))) => Some(project),
            Some(Err(problems)) => return Err(not_a_target(&problems)),
        };
        let context = Context {
            environment: &ProcessEnvironment::variable,
            project: project.as_ref(),
            ..Context::default()
        };
        let lines = self.target.lines().map(|line| format!("        {line}\n"));
        let lines: String = lines.collect();
        let text = format!("version: 1\nname: A target\nsteps:\n  - move:\n      target:\n{lines}");
        let source = Source::new("target", text.as_bytes());
        let plans = plan::read([source], &context);
        let plans = plans.map_err(|files| match files.first() {
            Some(problems) => not_a_target(problems),
            None => Fault::Usage(format!("`{}` is not a target", self.target)),
        })?;
        let plan = plans.plans.into_iter().next();
        let step = plan.and_then(|mut plan| Some((plan.steps.pop()?, plan.languages)));
        match step.map(|(step, languages)| (step.action, languages)) {
            Some((Action::Move(to), languages)) => Ok((to.to, languages)),
            _ => Err(Fault::Usage(format!("`{}` is not a target", self.target))),
        }
    }
}

fn not_a_target(problems: &Problems) -> Fault {
    let lines = problems.iter().map(|problem| {
        let help = problem.help.iter().map(|help| format!("\n  help: {help}"));
        format!("{}{}", problem.message, help.collect::<String>())
    });
    Fault::Usage(lines.collect::<Vec<_>>().join("\n"))
}

/// For people: a line for each place.
fn text(sightings: &Sightings) -> String {
    let mut text = String::new();
    if sightings.found.is_empty() {
        let area = sightings.within.map(|area| format!(" in {area}"));
        let _ = writeln!(
            text,
            "not found{}: {}",
            area.unwrap_or_default(),
            sightings.missing
        );
    }
    for (number, found) in sightings.found.iter().enumerate() {
        let meant = match sightings.point {
            Some(point) if sightings.meant == Some(number) => format!(", pointing at {point}"),
            _ => String::new(),
        };
        let _ = writeln!(text, "  {}. {}{meant}", number + 1, line(found));
    }
    if !sightings.found.is_empty() && sightings.meant.is_none() {
        let _ = writeln!(text, "{}", sightings.missing);
    }
    if !sightings.near.is_empty() {
        text.push_str("nearest:\n");
    }
    for near in &sightings.near {
        let _ = writeln!(text, "  {}", line(near));
    }
    text
}

fn line(sighting: &Sighting) -> String {
    let place = sighting.rect.map(|rect| rect.to_string());
    let score = sighting
        .score
        .map(|score| format!("{} % similar", (score * 1000.0).round() / 10.0));
    let what = Some(sighting.what.clone()).filter(|what| !what.is_empty());
    let parts: Vec<String> = [what, place, score].into_iter().flatten().collect();
    plain(&parts.join(", "))
}

/// For scripts: all of it.
fn document(sightings: &Sightings) -> Value {
    let all = |sightings: &[Sighting]| sightings.iter().map(sighting).collect::<Vec<_>>();
    let mut document = json!({
        "found": all(&sightings.found),
        "near": all(&sightings.near),
    });
    if let Some(number) = sightings.meant {
        document["meant"] = json!(number);
    }
    if let Some(point) = sightings.point {
        document["point"] = json!({ "x": point.x, "y": point.y });
    }
    if let Some(rect) = sightings.within {
        document["within"] = place(rect);
    }
    document
}

fn sighting(sighting: &Sighting) -> Value {
    let mut value = sighting.rect.map_or_else(|| json!({}), place);
    if let Some(score) = sighting.score {
        value["score"] = json!(score);
    }
    if !sighting.what.is_empty() {
        value["what"] = json!(sighting.what);
    }
    value
}

fn place(rect: Rect) -> Value {
    json!({ "x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height })
}
