//! Draws a film once, and writes all files that are wanted of it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Kind, Show, Story, Target, beside,
    fit::{Choice, Limit, fit},
    manual::manual,
    stills::{Still, for_file, for_folder},
};
use crate::{
    film::{
        compose::{self, PlayError, Shot},
        encode::{
            Desk, Encoder, Extras, Fault, Keeping, Master, Scratch, Sound, Stop, Stream, web_vtt,
        },
        source::Source,
    },
    vision::Frame,
    whole::Whole,
};

/// What is wanted of a film.
pub struct Order<'a> {
    /// The film.
    pub show: Show<'a>,
    /// The files to write; the folder of each must exist.
    pub targets: &'a [Target],
    /// How many bytes each film may have at most.
    pub max_size: Option<u64>,
    /// What is heard.
    pub sound: Option<Sound>,
    /// Stops the work when somebody asks for it.
    pub stop: Stop,
    /// Is told about the progress.
    pub progress: &'a dyn Fn(Progress),
}

/// The progress of the work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// What is done, in a word or two.
    pub doing: &'static str,
    /// How many frames are done.
    pub done: u32,
    /// How many frames there are.
    pub all: u32,
}

/// A file that was written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Written {
    /// Where.
    pub path: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
    /// What was given up to make it small enough.
    pub choice: Option<String>,
}

/// Draws a film and writes its files: all of them, or none.
///
/// # Errors
///
/// Why nothing was written; existing files are unchanged then.
pub fn render(order: &Order<'_>, source: impl Source + Send) -> Result<Vec<Written>, Fault> {
    let mut making = Making::start(order)?;
    making.play(source)?;
    let files = making.finish()?;
    put(files, &order.stop)
}

/// A film that goes to an encoder while it is drawn.
struct Direct {
    path: PathBuf,
    kind: Kind,
    encoder: Box<dyn Encoder>,
}

/// Files while they are made.
struct Making<'a> {
    order: &'a Order<'a>,
    direct: Vec<Direct>,
    /// All frames, if a film has to be encoded more than once.
    keeping: Option<Keeping>,
    stills: Vec<Still>,
    /// The pictures that are wanted, by their frames.
    pictures: BTreeMap<u32, Vec<u8>>,
    texts: Vec<(PathBuf, String)>,
}

/// The content of a file.
enum Content {
    Film(Scratch, Option<Choice>),
    Bytes(Vec<u8>),
}

impl<'a> Making<'a> {
    fn start(order: &'a Order<'a>) -> Result<Self, Fault> {
        let show = order.show;
        let mut making = Self {
            order,
            direct: Vec::new(),
            keeping: None,
            stills: Vec::new(),
            pictures: BTreeMap::new(),
            texts: Vec::new(),
        };
        for Target { path, kind } in order.targets {
            match kind {
                Kind::Mp4 | Kind::Webm | Kind::Gif | Kind::Webp => making.film(path, *kind)?,
                Kind::Png => making.stills.extend(for_file(show, path)),
                Kind::Folder => making.stills.extend(for_folder(show, path)),
                Kind::Vtt => {
                    let text = web_vtt(&show.film.captions());
                    making.texts.push((path.clone(), text));
                }
                Kind::Md => {
                    let manual = manual(show, path);
                    making.texts.push((path.clone(), manual.text));
                    making.stills.extend(manual.stills);
                }
            }
        }
        Ok(making)
    }

    fn film(&mut self, path: &Path, kind: Kind) -> Result<(), Fault> {
        let desk = self.desk(path);
        if self.order.max_size.is_some() {
            if self.keeping.is_none() {
                self.keeping = Some(Master::keep(&desk, self.stream())?);
            }
            return Ok(());
        }
        let choice = Choice::usual(kind);
        let encoder = choice.encoder(&desk, self.stream(), &self.extras())?;
        self.direct.push(Direct {
            path: path.to_owned(),
            kind,
            encoder,
        });
        Ok(())
    }

    fn desk(&self, path: &Path) -> Desk {
        Desk {
            folder: folder_of(path).to_owned(),
            stop: self.order.stop.clone(),
        }
    }

    fn stream(&self) -> Stream {
        let film = self.order.show.film;
        Stream {
            size: film.size(),
            rate: film.frame_rate(),
        }
    }

    fn extras(&self) -> Extras {
        let Show { film, timeline, .. } = self.order.show;
        Extras {
            title: timeline.scenario.clone(),
            chapters: film.chapters(),
            captions: film.captions(),
            sound: self.order.sound.clone(),
            frames: film.frames(),
        }
    }

    /// Draws all frames, or only those of the pictures if there is no film.
    fn play(&mut self, source: impl Source + Send) -> Result<(), Fault> {
        let film = self.order.show.film;
        let mut wanted: Vec<u32> = self.stills.iter().map(|still| still.frame).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let is_film = self
            .order
            .targets
            .iter()
            .any(|target| target.kind.is_film());
        let numbers: Vec<u32> = if is_film {
            (0..film.frames()).collect()
        } else {
            wanted.clone()
        };
        if numbers.is_empty() {
            return Ok(());
        }
        let all = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let (mut done, mut last) = (0, None);
        let sink = |shot: Shot| {
            if self.order.stop.is_asked() {
                return Err(Fault::Stopped);
            }
            let number = numbers.get(done as usize).copied().unwrap_or_default();
            if let Shot::New(frame) = &shot {
                last = Some(frame.clone());
            }
            if let Some(frame) = &last
                && wanted.binary_search(&number).is_ok()
            {
                self.pictures.insert(number, Frame::encode_png(frame));
            }
            for direct in &mut self.direct {
                direct.encoder.take(&shot)?;
            }
            if let Some(keeping) = &mut self.keeping {
                keeping.take(&shot)?;
            }
            done += 1;
            let doing = "drawing";
            (self.order.progress)(Progress { doing, done, all });
            Ok(())
        };
        let played = if is_film {
            compose::play(film, source, sink)
        } else {
            compose::stills(film, source, &numbers, sink)
        };
        played.map_err(|error| match error {
            PlayError::Source(error) => Fault::Source(error),
            PlayError::Sink(fault) => fault,
        })
    }

    /// All files with their content.
    fn finish(mut self) -> Result<Vec<(PathBuf, Content)>, Fault> {
        let mut files = Vec::new();
        for direct in std::mem::take(&mut self.direct) {
            let film = direct.encoder.finish()?;
            let rate = Choice::usual(direct.kind).rate();
            self.beside(&direct.path, (direct.kind, rate), &mut files);
            files.push((direct.path, Content::Film(film, None)));
        }
        if let (Some(keeping), Some(bytes)) = (self.keeping.take(), self.order.max_size) {
            let master = keeping.finish()?;
            for target in self.order.targets {
                if target.kind.is_film() {
                    self.smaller(target, &master, bytes, &mut files)?;
                }
            }
        }
        for (path, text) in std::mem::take(&mut self.texts) {
            files.push((path, Content::Bytes(text.into_bytes())));
        }
        for still in &self.stills {
            // One moment may be in several pictures.
            let picture = self.pictures.get(&still.frame).cloned().unwrap_or_default();
            files.push((still.path.clone(), Content::Bytes(picture)));
        }
        Ok(files)
    }

    fn smaller(
        &self,
        target: &Target,
        master: &Master,
        bytes: u64,
        files: &mut Vec<(PathBuf, Content)>,
    ) -> Result<(), Fault> {
        let limit = Limit {
            kind: target.kind,
            bytes,
        };
        let desk = self.desk(&target.path);
        let fitted = fit(master, &desk, limit, (&self.extras(), self.order.progress));
        let (film, choice) = fitted.map_err(|fault| match fault {
            Fault::TooLarge(why) => Fault::TooLarge(format!("{}: {why}", target.path.display())),
            other => other,
        })?;
        self.beside(&target.path, (target.kind, choice.rate()), files);
        files.push((target.path.clone(), Content::Film(film, Some(choice))));
        Ok(())
    }

    /// The files next to a film: its story, and the captions of a video.
    fn beside(
        &self,
        path: &Path,
        (kind, rate): (Kind, Option<u32>),
        files: &mut Vec<(PathBuf, Content)>,
    ) {
        let show = self.order.show;
        let mut story = Story::of(show);
        story.kept_rate = rate.filter(|rate| *rate < show.film.frame_rate());
        let text = serde_json::to_string_pretty(&story).unwrap_or_default() + "\n";
        files.push((beside(path, ".story.json"), Content::Bytes(text.into())));
        let captions = show.film.captions();
        let vtt = path.with_extension("vtt");
        let is_wanted = self.order.targets.iter().any(|target| target.path == vtt);
        if matches!(kind, Kind::Mp4 | Kind::Webm) && !captions.is_empty() && !is_wanted {
            files.retain(|(path, _)| *path != vtt);
            files.push((vtt, Content::Bytes(web_vtt(&captions).into())));
        }
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(Path::new(""));
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Writes all files next to their places, and then moves all of them there.
fn put(files: Vec<(PathBuf, Content)>, stop: &Stop) -> Result<Vec<Written>, Fault> {
    let mut folders = Folders::default();
    let (mut ready, mut written): (Vec<(PathBuf, Whole)>, _) = (Vec::new(), Vec::new());
    for (path, content) in files {
        if stop.is_asked() {
            return Err(Fault::Stopped);
        }
        let unwritten = |error| Fault::Write {
            path: path.clone(),
            error,
        };
        folders.make(folder_of(&path)).map_err(unwritten)?;
        let (whole, bytes, choice) = match content {
            Content::Film(film, choice) => {
                let bytes = film.size().map_err(unwritten)?;
                (
                    film.prepare(&path),
                    bytes,
                    choice.map(|choice| choice.to_string()),
                )
            }
            Content::Bytes(bytes) => (Whole::prepare(&path, &bytes), bytes.len() as u64, None),
        };
        ready.push((path.clone(), whole.map_err(unwritten)?));
        written.push(Written {
            path: path.clone(),
            bytes,
            choice,
        });
    }
    for (path, whole) in ready {
        whole.put().map_err(|error| Fault::Write { path, error })?;
    }
    folders.stay();
    Ok(written)
}

/// Folders that were made, and are removed again if the work fails.
#[derive(Default)]
struct Folders(Vec<PathBuf>);

impl Folders {
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        fs::create_dir(folder)?;
        self.0.push(folder.to_owned());
        Ok(())
    }

    fn stay(&mut self) {
        self.0.clear();
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
