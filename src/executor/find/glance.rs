//! One look at the desktop, and the search for a target in it.

use futures_util::future::BoxFuture;

use super::{Found, Missing, Near, Search, moved, sight::Sought};
use crate::{
    desktop::{Desktop, wire::Window},
    executor::{
        fault::{Breakage, Fault},
        stage::Stage,
    },
    geometry::{Point, Rect},
    pattern::Pattern,
    plan::{Look, Picture, Target, WindowLook, Within, Wording},
    scenario::shown,
    vision::{self, Frame, Word},
};

/// How many near misses are told of.
const NEAR: usize = 3;

/// How much of what is written is told, in characters.
const EXCERPT: usize = 160;

/// What a target is looked for in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    pub(super) picture: bool,
    pub(super) windows: bool,
}

impl Uses {
    pub(super) fn of(target: &Target) -> Self {
        let mut uses = match &target.look {
            Look::Spot(_) => Self::default(),
            Look::Pictures { .. } | Look::Text(_) => Self {
                picture: true,
                windows: false,
            },
            Look::Window(_) => Self {
                picture: false,
                windows: true,
            },
            Look::Any(targets) => targets.iter().map(Self::of).fold(Self::default(), Self::or),
        };
        if let Some(Within::Target(target)) = &target.within {
            uses = uses.or(Self::of(target));
        }
        uses
    }

    const fn or(self, other: Self) -> Self {
        Self {
            picture: self.picture || other.picture,
            windows: self.windows || other.windows,
        }
    }
}

/// One look at the desktop.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glance {
    screen: Rect,
    frame: Option<Frame>,
    windows: Vec<Window>,
}

impl Glance {
    /// One look now.
    pub(super) async fn take(uses: Uses, stage: &Stage<'_>) -> Result<Self, Fault> {
        let frame = if uses.picture {
            Some(stage.eyes.take(None).await?)
        } else {
            None
        };
        Self::with(frame, uses, stage.desktop).await
    }

    /// The look at a picture, and at the windows if they matter.
    pub(super) async fn with(
        frame: Option<Frame>,
        uses: Uses,
        desktop: &dyn Desktop,
    ) -> Result<Self, Fault> {
        let windows = if uses.windows {
            desktop.windows().await?
        } else {
            Vec::new()
        };
        let screen = match &frame {
            Some(frame) => frame.size(),
            None => desktop.display_info().await?.size(),
        };
        Ok(Self {
            screen: screen.to_rect(),
            frame,
            windows,
        })
    }

    /// Looks for a target.
    pub(super) fn find<'f>(
        &'f self,
        target: &'f Target,
        stage: &'f mut Stage<'_>,
    ) -> BoxFuture<'f, Result<Search, Fault>> {
        // Targets stand in each other.
        Box::pin(async move {
            let area = match &target.within {
                None => None,
                Some(Within::Area(area)) => Some(*area),
                Some(Within::Target(outer)) => match self.find(outer, stage).await? {
                    Search::Found(found) => Some(found.rect),
                    Search::Missing(missing) => {
                        let outer = missing.outer.or_else(|| Some(outer.to_string()));
                        return Ok(Search::Missing(Missing { outer, ..missing }));
                    }
                },
            };
            let area = match area {
                None => self.screen,
                Some(area) => match area.intersection(self.screen) {
                    Some(area) => area,
                    None => return Ok(Search::Missing(Missing::default())),
                },
            };
            let within = target.within.is_some().then_some(area);
            let seen = self.candidates(target, area, stage).await?;
            Ok(match choose(&seen.found, target.nth) {
                Some(rect) => {
                    let point = seen.point.unwrap_or_else(|| middle(rect, self.screen));
                    Search::Found(Found {
                        rect,
                        point: moved(point, target.offset),
                    })
                }
                None => Search::Missing(Missing {
                    near: too_few(&seen.found, target.nth).unwrap_or(seen.near),
                    area: within,
                    read: seen.read,
                    outer: None,
                }),
            })
        })
    }

    /// The places of a target in an area, and what comes near.
    async fn candidates(
        &self,
        target: &Target,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        match &target.look {
            Look::Spot(spot) => {
                let point = spot.resolve(area.size());
                let corner = area.corner();
                let rect = Rect::new(corner.x + point.x, corner.y + point.y, 1, 1);
                Ok(Seen::found([(rect, 1.0)]))
            }
            Look::Pictures {
                pictures,
                threshold,
            } => self.pictures(pictures, *threshold, area, stage).await,
            Look::Text(wording) => self.text(wording, area, stage).await,
            Look::Window(look) => self.windows(look, area, stage),
            Look::Any(targets) => {
                let mut seen = Seen::default();
                for target in targets {
                    match self.find_in(target, area, stage).await? {
                        Search::Found(found) => {
                            return Ok(Seen {
                                point: Some(found.point),
                                ..Seen::found([(found.rect, 1.0)])
                            });
                        }
                        Search::Missing(missing) => {
                            seen.near.extend(missing.near);
                            seen.read = missing.read;
                        }
                    }
                }
                seen.near = nearest(seen.near);
                Ok(seen)
            }
        }
    }

    /// One of several targets, in the area of all of them.
    async fn find_in(
        &self,
        target: &Target,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Search, Fault> {
        if area == self.screen {
            return self.find(target, stage).await;
        }
        let clipped = Self {
            screen: area,
            ..self.clone()
        };
        clipped.find(target, stage).await
    }

    async fn pictures(
        &self,
        pictures: &[Picture],
        threshold: f32,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let Some(frame) = self.frame.clone() else {
            return Ok(Seen::default());
        };
        let mut near = Vec::new();
        for picture in pictures {
            let sought = Sought {
                needle: picture.needle.clone(),
                area,
                threshold,
            };
            let search = search(sought, frame.clone(), stage).await?;
            if !search.found.is_empty() {
                let found = search.found.into_iter();
                return Ok(Seen::found(found.map(|place| (place.rect, place.score))));
            }
            near.extend(search.misses.into_iter().map(|miss| Near {
                what: picture.name.clone(),
                rect: Some(miss.rect),
                score: miss.score,
            }));
        }
        Ok(Seen {
            near: nearest(near),
            ..Seen::default()
        })
    }

    async fn text(
        &self,
        wording: &Wording,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let wanted = stage.known.pattern(wording)?;
        let words = self.words(area, stage).await?;
        let search = vision::find_text(&words, &wanted);
        let found = search.found.into_iter();
        let near = search.misses.into_iter().map(|reading| Near {
            what: format!("the text `{}`", reading.text),
            rect: Some(reading.bounds),
            score: reading.score,
        });
        Ok(Seen {
            found: found.map(|place| (place.bounds, place.score)).collect(),
            near: near.collect(),
            read: excerpt(&words, stage),
            ..Seen::default()
        })
    }

    /// The words in an area of the screen.
    async fn words(&self, area: Rect, stage: &mut Stage<'_>) -> Result<Vec<Word>, Fault> {
        let (Some(frame), Some(recognizer)) = (&self.frame, &stage.settings.recognizer) else {
            return Ok(Vec::new());
        };
        let whole = frame.size().to_rect();
        let Some(area) = area.intersection(whole) else {
            return Ok(Vec::new());
        };
        let part = frame
            .crop(area)
            .map_err(|error| Fault::broken(error.to_string()))?;
        if let Some(words) = stage.sight.known(&part) {
            return Ok(shifted(words, area.corner()));
        }
        let (recognizer, picture) = (std::sync::Arc::clone(recognizer), part.clone());
        let read = apart(move || recognizer.read(&picture)).await?;
        let words = read.map_err(|error| {
            Fault::Broken(Breakage {
                message: format!("no text could be read: {}", error.message),
                detail: None,
                help: Some("the package tesseract-ocr has to be whole".to_owned()),
            })
        })?;
        let there = shifted(&words, area.corner());
        stage.sight.keep(part, words);
        Ok(there)
    }

    fn windows(&self, look: &WindowLook, area: Rect, stage: &Stage<'_>) -> Result<Seen, Fault> {
        let pattern = |wording: &Option<Wording>| match wording {
            Some(wording) => stage.known.pattern(wording).map(Some),
            None => Ok(None),
        };
        let (title, class) = (pattern(&look.title)?, pattern(&look.class)?);
        let fits = |window: &&Window| {
            title
                .as_ref()
                .is_none_or(|title| title.matches(&window.title))
                && class
                    .as_ref()
                    .is_none_or(|class| of_class(class, &window.class))
        };
        // The list begins with the oldest; what has the keyboard is meant
        // first, and then what came last.
        let mut found = Vec::new();
        for (age, window) in self.windows.iter().enumerate().filter(|(_, w)| fits(w)) {
            let place = bounds(window);
            if let Some(rect) = place.intersection(area) {
                let recent = f32::from(u16::try_from(age).unwrap_or(u16::MAX)) / 1e6;
                let focus = if window.focused { 1.0 } else { 0.5 };
                found.push((rect, focus + recent));
            }
        }
        let wanted = title.as_ref().or(class.as_ref()).map(Pattern::to_string);
        Ok(Seen {
            found,
            near: self.other_windows(&wanted.unwrap_or_default()),
            ..Seen::default()
        })
    }

    /// The windows that there are, those with the nearest titles first.
    fn other_windows(&self, wanted: &str) -> Vec<Near> {
        let wanted = wanted.trim_matches('/').to_lowercase();
        let near = |window: &Window| Near {
            what: format!("the window `{}`", window.title),
            rect: Some(bounds(window)),
            #[expect(clippy::cast_possible_truncation, reason = "a share of 1")]
            score: strsim::normalized_levenshtein(&wanted, &window.title.to_lowercase()) as f32,
        };
        let titled = self.windows.iter().filter(|w| !w.title.is_empty());
        nearest(titled.map(near).collect())
    }
}

/// A place with its score; more is better.
type Candidate = (Rect, f32);

/// What a look finds in an area.
#[derive(Default)]
struct Seen {
    found: Vec<Candidate>,
    /// What comes near, the best first.
    near: Vec<Near>,
    /// What is written there, if it was read.
    read: String,
    /// Where to point, if that is not the middle.
    point: Option<Point>,
}

impl Seen {
    fn found(found: impl IntoIterator<Item = Candidate>) -> Self {
        Self {
            found: found.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// The few that come nearest, the best first.
fn nearest(mut near: Vec<Near>) -> Vec<Near> {
    near.sort_by(|one, two| two.score.total_cmp(&one.score));
    near.truncate(NEAR);
    near
}

/// The words that were read, as far as a person wants to see them.
fn excerpt(words: &[Word], stage: &Stage<'_>) -> String {
    let all: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    if all.is_empty() {
        return String::new();
    }
    format!("`{}`", shown(&stage.masked(&all.join(" ")), EXCERPT))
}

/// The one that is meant: the `nth` in reading order, else the best.
fn choose(found: &[Candidate], nth: Option<u32>) -> Option<Rect> {
    let mut ordered: Vec<&Candidate> = found.iter().collect();
    ordered.sort_by_key(|(rect, _)| (rect.y, rect.x));
    if let Some(nth) = nth {
        let index = usize::try_from(nth).ok()?.checked_sub(1)?;
        return ordered.get(index).map(|(rect, _)| *rect);
    }
    let mut best: Option<&Candidate> = None;
    for candidate in ordered {
        if best.is_none_or(|(_, score)| candidate.1 > *score) {
            best = Some(candidate);
        }
    }
    best.map(|(rect, _)| *rect)
}

/// Where there are some, and not as many as were asked for, those are what was
/// seen.
fn too_few(found: &[Candidate], nth: Option<u32>) -> Option<Vec<Near>> {
    let nth = nth.filter(|_| !found.is_empty())?;
    let many = found.len();
    let near = found.iter().enumerate().map(|(index, (rect, score))| Near {
        what: format!("number {} of {many}, but not {nth}", index + 1),
        rect: Some(*rect),
        score: score.min(1.0),
    });
    Some(near.take(NEAR).collect())
}

/// The middle of what can be seen of a place.
fn middle(rect: Rect, screen: Rect) -> Point {
    let seen = rect.intersection(screen).unwrap_or(rect);
    let half = |length: u32| i32::try_from(length / 2).unwrap_or(i32::MAX);
    Point::new(seen.x + half(seen.width), seen.y + half(seen.height))
}

const fn bounds(window: &Window) -> Rect {
    Rect::new(window.x, window.y, window.width, window.height)
}

/// Whether a class is that of `instance.Class`: the whole, or one of the two.
fn of_class(wanted: &Pattern, class: &str) -> bool {
    let parts = class.split_once('.');
    wanted.matches(class)
        || parts.is_some_and(|(instance, class)| wanted.matches(instance) || wanted.matches(class))
}

fn shifted(words: &[Word], by: Point) -> Vec<Word> {
    let shift = |word: &Word| {
        let Rect {
            x,
            y,
            width,
            height,
        } = word.bounds;
        Word {
            bounds: Rect::new(x + by.x, y + by.y, width, height),
            ..word.clone()
        }
    };
    words.iter().map(shift).collect()
}

/// Looks for a picture, after an earlier look only where something has changed.
async fn search(
    sought: Sought,
    screen: Frame,
    stage: &mut Stage<'_>,
) -> Result<vision::Search, Fault> {
    let known = stage.sight.searched(&sought);
    let (seen, wanted) = (screen.clone(), sought.clone());
    let search = apart(move || {
        let Sought {
            needle,
            area,
            threshold,
        } = &wanted;
        match &known {
            Some((before, known)) => {
                vision::find_again((before, known), &seen, needle, Some(*area), *threshold)
            }
            None => vision::find(&seen, needle, Some(*area), *threshold),
        }
    });
    let search = search.await?;
    stage.sight.keep_search(sought, screen, search.clone());
    Ok(search)
}

/// Does work for the processor beside what waits.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Fault::broken(format!("the search was lost: {error}")))
}
