//! Pictures to look for, read from their files.

use std::path::Path;

use globset::GlobBuilder;

use super::{Resolver, missing_file};
use crate::{
    plan::{
        Picture,
        context::{beside, shown},
    },
    scenario::{Code, Problem, Span, Txt, list, nearest, ticked},
    vision::Needle,
};

/// The maximum size of a picture to look for, in bytes.
const MAX_PICTURE: usize = 64 << 20;

impl Resolver<'_, '_> {
    /// The pictures of a path, in which `*` and `?` of the file's name stand
    /// for others.
    pub(in crate::plan) fn pictures(
        &mut self,
        written: &Txt,
        ignore_background: bool,
    ) -> Option<Vec<Picture>> {
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

    /// A file whose name is similar to that of a missing one.
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
