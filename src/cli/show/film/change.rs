//! Captions and zooms, into the file of their step and into the timelines of the run.

use serde::Deserialize;

use super::{
    history::Change,
    moved::Moved,
    planned,
    recordings::{Filmed, filmed, found, prepared, read},
    written::source,
};
use crate::{
    cli::show::{
        answer::{Problem, Settled},
        changed::Changed,
        desk::Desk,
        step::{below, elsewhere},
    },
    geometry::Rect,
    plan::Plan,
    scenario::{
        edit::{CannotEdit, FilmStep, Framing, Words},
        shown,
    },
    timeline::{self, CaptionPosition, Said, Step, Timeline},
    whole::Whole,
};

/// The longest caption, in characters: nobody reads more in a film.
const LONGEST: usize = 1000;

/// The longest time that a caption is shown, in seconds.
const LONGEST_TIME: f64 = 3600.0;

/// The longest text in a title, in characters.
const TITLE: usize = 50;

/// A caption for a step.
#[derive(Debug, Deserialize)]
pub(super) struct Caption {
    timeline: String,
    step: usize,
    /// None removes the caption.
    words: Option<Asked>,
}

/// The words that are asked for.
#[derive(Clone, Debug, Deserialize)]
struct Asked {
    text: String,
    position: CaptionPosition,
    /// In seconds.
    lasting: Option<f64>,
}

/// A zoom for a step.
#[derive(Debug, Deserialize)]
pub(super) struct Zoom {
    timeline: String,
    step: usize,
    /// None removes the zoom.
    #[serde(rename = "zoom")]
    shown: Option<timeline::Zoom>,
}

/// Writes, changes or removes the caption of a step.
pub(super) fn caption(desk: &Desk, changed: &mut Changed, asked: &Caption) -> Settled {
    let words = asked.words.as_ref();
    words.map_or(Ok(()), Asked::check)?;
    let what = Wanted {
        page: &asked.timeline,
        step: asked.step,
        what: if words.is_some() {
            "the caption was written"
        } else {
            "the caption was removed"
        },
        edit: &|step| match words {
            Some(words) => step.with_caption(&words.written(step)),
            None => step.without_caption(),
        },
        tell: &|timeline, step, text| match words {
            Some(words) => words.tell(timeline, step, text),
            None => timeline.say_nothing(step),
        },
    };
    what.write(desk, changed)
}

/// Writes, changes or removes the zoom of a step.
pub(super) fn zoom(desk: &Desk, changed: &mut Changed, asked: &Zoom) -> Settled {
    let framing = match asked.shown {
        None => None,
        Some(timeline::Zoom::Off) => Some(Framing::Word("off".to_owned())),
        Some(timeline::Zoom::Action) => Some(Framing::Word("action".to_owned())),
        Some(timeline::Zoom::Area(area)) => {
            let size = read(desk, &asked.timeline)?.size;
            let screen = Rect::new(0, 0, size.width, size.height);
            if area.width == 0 || area.height == 0 || screen.intersection(area) != Some(area) {
                let words = "the area is not on the recorded screen";
                return Err(Problem::new(words.to_owned()));
            }
            Some(Framing::Area(area))
        }
    };
    let what = Wanted {
        page: &asked.timeline,
        step: asked.step,
        what: if framing.is_some() {
            "the zoom was written"
        } else {
            "the zoom was removed"
        },
        edit: &|step| match &framing {
            Some(framing) => step.with_zoom(framing),
            None => step.without_zoom(),
        },
        tell: &|timeline, step, _| timeline.zoom(step, asked.shown),
    };
    what.write(desk, changed)
}

impl Asked {
    fn check(&self) -> Result<(), Problem> {
        let wrong = |words: String| Err(Problem::new(words));
        if self.text.chars().count() > LONGEST {
            return wrong(format!("a caption has at most {LONGEST} characters"));
        }
        let strange = |char: char| char.is_control() && char != '\n' && char != '\t';
        if self.text.contains(strange) {
            return wrong("the caption has characters that cannot be shown".to_owned());
        }
        match self.lasting {
            Some(lasting) if !(0.1..=LONGEST_TIME).contains(&lasting) => wrong(format!(
                "a caption can be shown for 0.1 to {LONGEST_TIME} seconds"
            )),
            _ => Ok(()),
        }
    }

    /// As it is written into a step: what it says anyway is left out.
    fn written(&self, step: &FilmStep<'_>) -> Words {
        let before = step.caption().unwrap_or_default();
        let is_usual = self.position == CaptionPosition::default();
        let position = (!is_usual || before.position.is_some()).then(|| self.position.to_string());
        let lasting = self.lasting.map(|seconds| {
            let tenths = (seconds * 10.0).round() / 10.0;
            format!("{tenths}s")
        });
        Words {
            text: self.text.clone(),
            position,
            lasting: lasting.filter(|_| step.is_caption()),
        }
    }

    fn tell(&self, timeline: &mut Timeline, number: usize, text: Option<&str>) {
        let text = text.unwrap_or(&self.text);
        timeline.say(
            number,
            &Said {
                text: text.to_owned(),
                position: self.position,
                lasting: self.lasting,
            },
        );
        let mut steps = timeline.steps.iter_mut();
        if let Some(step) = steps.find(|step| step.step == number && step.verb == "caption")
            && step.title.starts_with("caption \"")
        {
            step.title = format!("caption \"{}\"", shown(text, TITLE));
        }
    }
}

/// A change that is wanted.
struct Wanted<'w> {
    /// The timeline on whose page it is made.
    page: &'w str,
    step: usize,
    /// What was done, in a few words.
    what: &'static str,
    /// The text of the file after it.
    edit: &'w dyn Fn(&FilmStep<'_>) -> Result<String, CannotEdit>,
    /// Tells a timeline that a step of it is changed; the text is what its caption says.
    tell: &'w dyn Fn(&mut Timeline, usize, Option<&str>),
}

impl Wanted<'_> {
    fn write(&self, desk: &Desk, changed: &mut Changed) -> Settled {
        let log = desk.runs.log();
        let filmed = found(&log, self.page)?;
        if let Some(why) = elsewhere(desk, filmed.scenario) {
            return Err(Problem::new(why));
        }
        let timeline = read(desk, filmed.path)?;
        let mut steps = timeline.steps.iter();
        let step = steps.find(|step| step.step == self.step);
        let step = step.ok_or_else(|| Problem::new("the recording has no such step".to_owned()))?;
        let path = below(&step.file, &desk.environment.folder)?;
        let full = desk.environment.folder.join(&path);
        let source = source(&full, &step.file)?;
        let place =
            FilmStep::find(&source, step.line, &step.verb).map_err(|why| unedited(why, step))?;
        if !is_as_played(&filmed, step, &timeline, &place) {
            return Err(unedited(CannotEdit::Gone, step));
        }
        let text = (self.edit)(&place).map_err(|why| unedited(why, step))?;
        let plans = planned::plans(desk, &filmed, &step.file, &text)?;
        let moved = Moved::between(source.text(), &text);
        let told = self.told(desk, step, moved, &plans);
        let change = Change {
            what: self.what.to_owned(),
            page: self.page.to_owned(),
            name: step.file.clone(),
            path,
            before: source.text().to_owned(),
            after: text,
            timelines: told.iter().map(Told::before).collect(),
        };
        let files = told.iter().map(|told| told.whole(desk));
        let files: Vec<Whole> = files.collect::<Result<_, _>>()?;
        change.put(desk, (&change.before, &change.after), files)?;
        changed.note(
            &change.path,
            &change.before,
            (&change.before, &change.after),
        );
        let done = format!(
            "{}: {}, line {}",
            self.what,
            step.file,
            moved.now(step.line)
        );
        desk.history().keep(change);
        Ok(done)
    }

    /// All timelines of the run after the change.
    fn told(&self, desk: &Desk, at: &Step, moved: Moved, plans: &[Plan]) -> Vec<Told> {
        let mut all = Vec::new();
        for other in filmed(&desk.runs.log()) {
            let Ok(before) = read(desk, other.path) else {
                continue;
            };
            let mut after = before.clone();
            let is_it =
                |step: &&Step| step.file == at.file && step.line == at.line && step.verb == at.verb;
            let numbers: Vec<usize> = before
                .steps
                .iter()
                .filter(is_it)
                .map(|it| it.step)
                .collect();
            let line = moved.now(at.line);
            let texts = planned::captions(plans, &other.scenario.name, &at.file, line);
            let same = texts.len() == numbers.len();
            for (turn, number) in numbers.into_iter().enumerate() {
                let text = if same { texts.get(turn) } else { texts.first() };
                (self.tell)(&mut after, number, text.map(String::as_str));
            }
            moved.shift(&mut after, &at.file);
            if after != before {
                all.push(Told {
                    path: other.path.to_owned(),
                    before,
                    after,
                });
            }
        }
        all
    }
}

/// A timeline, before and after a change.
struct Told {
    path: String,
    before: Timeline,
    after: Timeline,
}

impl Told {
    fn before(&self) -> (String, Timeline) {
        (self.path.clone(), self.before.clone())
    }

    fn whole(&self, desk: &Desk) -> Result<Whole, Problem> {
        prepared(desk, &self.path, &self.after)
    }
}

/// Whether a step is the one that was played: its verb with its argument is still there, or
/// of a caption the words that the timeline has.
fn is_as_played(
    filmed: &Filmed<'_>,
    step: &Step,
    timeline: &Timeline,
    place: &FilmStep<'_>,
) -> bool {
    if place.is_caption() {
        let words = place.caption().unwrap_or_default().text;
        let mut captions = timeline.captions.iter();
        let said = captions.find(|caption| caption.step == step.step);
        let said = said.map_or("", |caption| &*caption.text);
        return words.contains("${") || words.replace("$${", "${").trim() == said.trim();
    }
    let mut steps = filmed.scenario.steps.iter();
    let played = steps.find(|played| played.id.0 == step.step);
    let line = played.and_then(|played| played.yaml.as_deref());
    line.is_none_or(|line| line.contains(place.written()))
}

fn unedited(why: CannotEdit, step: &Step) -> Problem {
    let place = format!("{}, line {}", step.file, step.line);
    Problem::new(match why {
        CannotEdit::Gone | CannotEdit::NoStep => format!(
            "{} has changed since the run, and the step is no longer at line {}: play it again",
            step.file, step.line
        ),
        why => format!("{place}: {why}"),
    })
}
