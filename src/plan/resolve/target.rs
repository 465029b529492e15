//! Targets: names looked up, pictures read.

use std::{path::Path, sync::Arc};

use globset::GlobBuilder;

use super::{Resolver, missing_file};
use crate::{
    geometry::Point,
    plan::{
        Look, Picture, Sight, Spot, Target, WindowLook, Within,
        context::{beside, shown},
        relation::together_in,
    },
    scenario::{self, Code, Pointed, Problem, Span, Txt, Val, list, nearest, these, ticked},
    vision::{self, Needle},
};

/// No picture that is looked for is larger, in bytes.
const MAX_PICTURE: usize = 64 << 20;

impl Resolver<'_, '_> {
    /// Reads the named targets of the file, also those that nobody uses.
    pub(in crate::plan) fn read_targets(&mut self) {
        let file = Arc::clone(&self.file);
        for (name, _) in &file.scenario.names.targets {
            // A name of the settings may be given anew.
            self.targets.remove(&name.value);
        }
        for (name, _) in &file.scenario.names.targets {
            self.named(&name.value, &mut Vec::new());
        }
    }

    /// The target of a name, if there is one: `Some(None)` where it has a
    /// problem. `path` are the names that lead here.
    fn named(&mut self, name: &str, path: &mut Vec<String>) -> Option<Option<Target>> {
        if let Some(known) = self.targets.get(name) {
            return Some(known.clone());
        }
        let file = Arc::clone(&self.file);
        let mut targets = file.scenario.names.targets.iter();
        let (key, written) = targets.find(|(key, _)| key.value == name)?;
        if path.iter().any(|other| other == name) {
            self.add(circular(name, path, key.span));
            return Some(None);
        }
        path.push(name.to_owned());
        let target = self.target_below(written, path);
        path.pop();
        let target = target.map(|target| Target {
            title: name.to_owned(),
            ..target
        });
        self.targets.insert(name.to_owned(), target.clone());
        Some(target)
    }

    /// A target of a step.
    pub(in crate::plan) fn target(&mut self, written: &scenario::Target) -> Option<Target> {
        self.target_below(written, &mut Vec::new())
    }

    /// The same for a target that may be left out.
    pub(in crate::plan) fn optional_target(
        &mut self,
        written: Option<&scenario::Target>,
    ) -> Option<Option<Target>> {
        match written {
            Some(written) => self.target(written).map(Some),
            None => Some(None),
        }
    }

    /// A target that has to be there, or gone.
    pub(in crate::plan) fn sight(&mut self, written: &scenario::Sight) -> Option<Sight> {
        let target = self.target(&written.target);
        let gone = self.optional(written.gone.as_ref());
        Some(Sight {
            target: target?,
            gone: gone?.unwrap_or(false),
        })
    }

    pub(in crate::plan) fn target_below(
        &mut self,
        written: &scenario::Target,
        path: &mut Vec<String>,
    ) -> Option<Target> {
        // A name alone is the target that it names.
        if let scenario::Look::Word(word) = &written.look
            && written.within.is_none()
            && written.relations.is_empty()
            && written.offset.is_none()
            && let Pointed::Name(name) = self.value(word)?
        {
            return self.by_name(&name, word.span, path);
        }
        let threshold = self.optional(written.threshold.as_ref());
        let ignores = self.optional(written.ignore_background.as_ref());
        let alike = Alike {
            threshold: threshold?.map_or(vision::THRESHOLD, narrow),
            ignore_background: ignores?.unwrap_or(false),
        };
        let within = match &written.within {
            Some(within) => self.within(within, path).map(Some),
            None => Some(None),
        };
        let look = self.look(written, alike, path);
        let nth = self.optional(written.nth.as_ref());
        let offset = match &written.offset {
            Some([x, y]) => Some(Point::new(self.value(x)?, self.value(y)?)),
            None => Some(Point::default()),
        };
        let within = within?;
        let relations = self.relations(&written.relations, within.as_ref(), path);
        let look = look?;
        let look = match &within {
            Some(within) => together_in(look, within),
            None => look,
        };
        if within.is_none()
            && let Look::Spot(Spot::At(point)) = look
        {
            self.check_point(point, written.span);
        }
        Some(Target::new(look, (within, relations?), nth?, offset?))
    }

    /// The target of a name that stands for itself.
    pub(in crate::plan) fn target_by_name(&mut self, name: &str, span: Span) -> Option<Target> {
        self.by_name(name, span, &mut Vec::new())
    }

    fn by_name(&mut self, name: &str, span: Span, path: &mut Vec<String>) -> Option<Target> {
        self.desk.uses.named(self.file.scenario.source.name(), name);
        let found = self.named(name, path);
        if found.is_none() && !self.file.missing.targets && !self.is_full() {
            let problem = self.unknown_target(name, span);
            self.add(problem);
        }
        found.flatten()
    }

    fn look(
        &mut self,
        written: &scenario::Target,
        alike: Alike,
        path: &mut Vec<String>,
    ) -> Option<Look> {
        Some(match &written.look {
            scenario::Look::Pixel([x, y]) => {
                let (x, y) = (self.value(x), self.value(y));
                Look::Spot(Spot::At(Point::new(x?, y?)))
            }
            scenario::Look::Word(word) => self.word(word, path)?,
            scenario::Look::Images(paths) => {
                let mut pictures = Vec::new();
                for path in paths {
                    pictures.extend(self.pictures(path, alike.ignore_background)?);
                }
                Look::Pictures {
                    pictures,
                    threshold: alike.threshold,
                    ignore_background: alike.ignore_background,
                }
            }
            scenario::Look::Text(text) => Look::Text(self.wording(text)?),
            scenario::Look::Window(window) => Look::Window(self.window(window)?),
            scenario::Look::Widget(widget) => Look::Widget(self.widget(widget)?),
            scenario::Look::Any(targets) => {
                let targets: Vec<Option<Target>> = targets
                    .iter()
                    .map(|target| self.target_below(target, path))
                    .collect();
                Look::Any(targets.into_iter().collect::<Option<_>>()?)
            }
            scenario::Look::All(targets) => {
                let targets: Vec<Option<Target>> = targets
                    .iter()
                    .map(|target| self.target_below(target, path))
                    .collect();
                Look::All(targets.into_iter().collect::<Option<_>>()?)
            }
        })
    }

    fn word(&mut self, word: &Val<Pointed>, path: &mut Vec<String>) -> Option<Look> {
        Some(match self.value(word)? {
            Pointed::Share { x, y } => Look::Spot(Spot::Share { x, y }),
            Pointed::Name(name) => Look::Any(vec![self.by_name(&name, word.span, path)?]),
        })
    }

    fn window(&mut self, written: &scenario::WindowLook) -> Option<WindowLook> {
        let mut wording = |text: Option<&Txt>| match text {
            Some(text) => self.wording(text).map(Some),
            None => Some(None),
        };
        let (title, class) = (
            wording(written.title.as_ref()),
            wording(written.class.as_ref()),
        );
        Some(WindowLook {
            title: title?,
            class: class?,
        })
    }

    fn within(&mut self, written: &scenario::Within, path: &mut Vec<String>) -> Option<Within> {
        Some(match written {
            scenario::Within::Rect(rect) => Within::Area(self.rect(rect)?),
            scenario::Within::Target(target) => {
                Within::Target(Box::new(self.target_below(target, path)?))
            }
            scenario::Within::Named(name) => {
                let known = self.known(name)?;
                if let Some(rect) = self.region(&known, name.span) {
                    return Some(Within::Area(rect));
                }
                Within::Target(Box::new(self.by_name(&known, name.span, path)?))
            }
        })
    }

    fn unknown_target(&self, name: &str, span: Span) -> Problem {
        let message = format!("there is no target {}", ticked(name));
        let problem = Problem::new(Code::UnknownTarget, span, message);
        let written = self.file.scenario.names.targets.iter();
        let written = written.map(|(name, _)| name.value.as_str());
        let inherited = self.targets.keys().map(String::as_str);
        let mut names: Vec<&str> = written.chain(inherited).collect();
        names.sort_unstable();
        names.dedup();
        match nearest(name, names.iter().copied()) {
            Some(near) => problem
                .label(format!("did you mean {}?", ticked(near)))
                .help(these("target", names.iter().copied())),
            None if names.is_empty() => {
                problem
                    .label("this scenario has no `targets`")
                    .help(format!(
                        "define it at the top level: `targets: {{ {}: {{ text: Save }} }}`, or \
                         write here what to look for: `{{ text: … }}`, `[x, y]`",
                        scenario::shown(name, 40)
                    ))
            }
            None => problem
                .label("unknown target")
                .help(these("target", names.iter().copied())),
        }
    }

    /// The pictures of a path, in which `*` and `?` of the file's name stand
    /// for others.
    fn pictures(&mut self, written: &Txt, ignore_background: bool) -> Option<Vec<Picture>> {
        let path = self.known(written)?;
        let whole = beside(&self.folder, &path);
        let name = whole.file_name().unwrap_or_default().to_string_lossy();
        if !name.contains(['*', '?']) {
            return Some(vec![self.picture(
                &whole,
                ignore_background,
                written.span,
            )?]);
        }
        let folder = whole.parent().unwrap_or(Path::new("")).to_owned();
        let names = match self.desk.context.files.list(&folder) {
            Ok(names) => names,
            Err(error) => {
                self.add(missing_file(written.span, &folder, &error));
                return None;
            }
        };
        let glob = GlobBuilder::new(&name).literal_separator(true).build();
        let Ok(glob) = glob.map(|glob| glob.compile_matcher()) else {
            self.add(bad_glob(written, &path));
            return None;
        };
        let matching: Vec<&String> = names.iter().filter(|name| glob.is_match(name)).collect();
        if matching.is_empty() {
            self.add(no_match(written, &path, &names));
            return None;
        }
        let pictures: Vec<Option<Picture>> = matching
            .into_iter()
            .map(|name| self.picture(&folder.join(name), ignore_background, written.span))
            .collect();
        pictures.into_iter().collect()
    }

    fn picture(&mut self, path: &Path, ignore_background: bool, span: Span) -> Option<Picture> {
        let key = (path.to_owned(), ignore_background);
        let read = match self.desk.pictures.get(&key) {
            Some(known) => known.clone(),
            None => match self.desk.context.files.read(path, MAX_PICTURE + 1) {
                Ok(bytes) => {
                    let read = needle(&bytes, ignore_background);
                    self.desk.pictures.insert(key, read.clone());
                    read
                }
                Err(error) => {
                    let near = self.near_file(path);
                    let problem = missing_file(span, path, &error);
                    self.add(match near {
                        Some(near) => problem.help(format!("did you mean {}?", ticked(&near))),
                        None => problem.help(
                            "cut it out of a screenshot: `deskhand ctl screenshot save.png \
                             --region 0,0,64x24`",
                        ),
                    });
                    return None;
                }
            },
        };
        match read {
            Ok(needle) => Some(Picture {
                name: shown(path),
                needle,
            }),
            Err(reason) => {
                self.add(bad_picture(span, path, &reason));
                None
            }
        }
    }

    /// A file whose name is like that of one that is not there.
    pub(in crate::plan) fn near_file(&self, path: &Path) -> Option<String> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let names = self.desk.context.files.list(folder).ok()?;
        let name = path.file_name()?.to_string_lossy();
        let near = nearest(&name, names.iter().map(String::as_str))?;
        let from = pathdiff(&self.folder, folder);
        Some(from.map_or_else(|| near.to_owned(), |from| format!("{from}{near}")))
    }
}

/// `folder` as a path from `base`, with a slash at its end; `None` where it is
/// not below.
fn pathdiff(base: &Path, folder: &Path) -> Option<String> {
    let inner = folder.strip_prefix(base).ok()?;
    let inner = shown(inner);
    Some(if inner.is_empty() {
        inner
    } else {
        format!("{inner}/")
    })
}

/// When a place looks enough like a picture.
#[derive(Clone, Copy)]
struct Alike {
    threshold: f32,
    ignore_background: bool,
}

fn needle(bytes: &[u8], ignore_background: bool) -> Result<Needle, String> {
    if bytes.len() > MAX_PICTURE {
        return Err("is larger than 64 MiB; cut out the part that matters".to_owned());
    }
    let read = Needle::decode_png(bytes);
    let read = read.and_then(|needle| {
        if ignore_background {
            needle.without_background()
        } else {
            Ok(needle)
        }
    });
    read.map_err(|error| error.to_string())
}

fn bad_picture(span: Span, path: &Path, reason: &str) -> Problem {
    let path = shown(path);
    let reason = reason.trim_end_matches('.');
    let (reason, remedy) = reason.split_once("; ").unwrap_or((
        reason,
        "use another picture; `deskhand ctl screenshot` saves one",
    ));
    let message = format!(
        "{} cannot be searched for, because it {reason}",
        ticked(&path)
    );
    Problem::new(Code::BadPicture, span, message)
        .label("this picture cannot be used")
        .help(remedy)
}

fn bad_glob(written: &Txt, path: &str) -> Problem {
    let message = format!("{} is not a valid pattern for file names", ticked(path));
    Problem::new(Code::MissingFile, written.span, message)
        .label("`*` matches any characters, `?` matches one")
        .help("write `images/save*.png`")
}

fn is_png(name: &str) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("png"))
}

fn no_match(written: &Txt, path: &str, names: &[String]) -> Problem {
    let message = format!("no file matches {}", ticked(path));
    let problem = Problem::new(Code::MissingFile, written.span, message);
    let pictures = names.iter().filter(|name| is_png(name));
    let pictures: Vec<&str> = pictures.map(String::as_str).collect();
    if pictures.is_empty() {
        return problem
            .label("the path is relative to the folder of this file")
            .help("that folder contains no picture");
    }
    problem
        .label("the path is relative to the folder of this file")
        .help(if let [only] = pictures[..] {
            format!("the only picture there is {}", ticked(only))
        } else {
            format!("the pictures there are {}", list(pictures))
        })
}

fn circular(name: &str, path: &[String], span: Span) -> Problem {
    let way = path.iter().map(String::as_str).chain([name]).map(ticked);
    let way: Vec<String> = way.collect();
    let message = format!("the target {} refers to itself", ticked(name));
    Problem::new(Code::UseCycle, span, message)
        .label(way.join(" → "))
        .help("say what to look for: `{ text: Save }`, `{ image: images/save.png }`")
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share of 1 keeps all the digits that a person writes"
)]
pub(super) fn narrow(share: f64) -> f32 {
    share as f32
}
