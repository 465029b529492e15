//! `window`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{self, Fields, Value, map, shown},
    written,
};
use crate::{
    geometry::{Point, Size, WindowState},
    plan::{Finds, Need, Target},
    scenario::{Code, Problem, Span},
};

/// Moves a window, gives it another size or state, raises or closes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The window: its look is that of a window, or of one of several windows.
    pub target: Target,
    /// Where its program's own area begins on the screen.
    pub position: Option<Point>,
    /// The size of its program's own area.
    pub size: Option<Size>,
    /// Its state.
    pub state: Option<WindowState>,
    /// Whether it comes to the front and gets the keyboard.
    pub raise: bool,
    /// Whether it is closed; then nothing else may be requested.
    pub close: bool,
}

impl Window {
    /// What is requested, in words: `800x600 at 100,80, maximized`.
    #[must_use]
    pub fn wanted(&self) -> String {
        let place = match (self.size, self.position) {
            (Some(size), Some(at)) => Some(format!("{size} at {at}")),
            (Some(size), None) => Some(size.to_string()),
            (None, Some(at)) => Some(format!("at {at}")),
            (None, None) => None,
        };
        let state = self.state.map(|state| state.to_string());
        let raised = self.raise.then(|| "raised".to_owned());
        let closed = self.close.then(|| "closed".to_owned());
        let parts: Vec<String> = [place, state, raised, closed]
            .into_iter()
            .flatten()
            .collect();
        parts.join(", ")
    }
}

impl Verb for Window {
    fn title(&self) -> String {
        format!("{}: {}", self.target, self.wanted())
    }

    fn argument(&self, folder: &Path) -> Value {
        let mut fields = Fields::new();
        fields.push(("target", self.target.notation(folder)));
        fields.extend(self.position.map(|at| ("position", notation::point(at))));
        fields.extend(self.size.map(|size| ("size", shown(&size))));
        fields.extend(self.state.map(|state| ("state", state.name().into())));
        fields.push(("raise", self.raise.into()));
        fields.push(("close", self.close.into()));
        map(fields)
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Windows]
    }

    fn targets(&self) -> Vec<&Target> {
        vec![&self.target]
    }
}

impl Resolve for written::Window {
    type Meant = Window;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Window> {
        let target = resolver.target(&self.target);
        let position = match &self.position {
            Some([x, y]) => {
                let (x, y) = (resolver.value(x), resolver.value(y));
                x.zip(y).map(|(x, y)| Some(Point::new(x, y)))
            }
            None => Some(None),
        };
        let size = resolver.optional(self.size.as_ref());
        let state = resolver.optional(self.state.as_ref());
        let raise = resolver.optional(self.raise.as_ref());
        let close = resolver.optional(self.close.as_ref());
        let window = Window {
            target: target?,
            position: position?,
            size: size?,
            state: state?,
            raise: raise?.unwrap_or(false),
            close: close?.unwrap_or(false),
        };
        if let Some(at) = window.position {
            resolver.check_point(visible(at), self.position_span());
        }
        let problem = self.no_window(&window).or_else(|| self.clash(&window));
        let Some(problem) = problem else {
            return Some(window);
        };
        resolver.add(problem);
        None
    }
}

impl written::Window {
    /// Where the position is written, without its brackets.
    fn position_span(&self) -> Span {
        self.position.as_ref().map_or(self.target.span, |[x, y]| {
            Span::new(x.span.start..y.span.end())
        })
    }

    /// The problem of a target that is not a window.
    fn no_window(&self, meant: &Window) -> Option<Problem> {
        let strange = other_than_window(&meant.target)?;
        let message = format!("`window` needs a window, and this target is `{strange}`");
        let problem = Problem::new(Code::WrongType, self.target.span, message);
        Some(
            problem
                .label("not a window")
                .help("write `target: { window: /Editor/ }`, or the name of such a target"),
        )
    }

    /// Problems: keys that cannot be combined, or none at all.
    fn clash(&self, meant: &Window) -> Option<Problem> {
        let spans = [
            (
                "position",
                self.position.as_ref().map(|_| self.position_span()),
            ),
            ("size", self.size.as_ref().map(|size| size.span)),
            ("state", self.state.as_ref().map(|state| state.span)),
            (
                "raise",
                self.raise
                    .as_ref()
                    .map(|raise| raise.span)
                    .filter(|_| meant.raise),
            ),
        ];
        let mut asked = spans
            .into_iter()
            .filter_map(|(name, span)| Some((name, span?)));
        if meant.close {
            let (name, span) = asked.next()?;
            return Some(
                beside(name, span, "`close: true`")
                    .label("the window is closed first")
                    .help("remove it, or close the window in a separate step"),
            );
        }
        let takes = match meant.state {
            None if asked.next().is_none() => return Some(self.nothing()),
            None | Some(WindowState::Normal) => return None,
            Some(WindowState::Minimized) => ["position", "size", "raise"],
            Some(WindowState::Maximized | WindowState::Fullscreen) => ["position", "size", ""],
        };
        let state = meant.state?;
        let (name, span) = asked.find(|(name, _)| takes.contains(name))?;
        let problem = beside(name, span, &format!("`state: {state}`"));
        Some(match state {
            WindowState::Minimized => problem
                .label("a minimized window is not on the screen")
                .help("use `state: normal`, or a separate step"),
            _ => problem
                .label(format!(
                    "the screen decides the position and size of a {state} window"
                ))
                .help("use `state: normal`, which restores the window first"),
        })
    }

    fn nothing(&self) -> Problem {
        Problem::new(
            Code::MissingKey,
            self.target.span,
            "this `window` changes nothing",
        )
        .label("`position`, `size`, `state`, `raise` or `close` is missing")
        .help("write `- window: { target: { window: /Editor/ }, state: maximized }`")
    }
}

fn beside(name: &str, span: Span, other: &str) -> Problem {
    let message = format!("`{name}` cannot be combined with {other}");
    Problem::new(Code::UnknownKey, span, message)
}

/// The part of a target that is not a window, if there is one.
fn other_than_window(target: &Target) -> Option<&Target> {
    match target.look.kind().finds() {
        Finds::Window => None,
        Finds::OneOf(targets) => targets.iter().find_map(other_than_window),
        Finds::Place | Finds::Likeness | Finds::Widget | Finds::Together(_) => Some(target),
    }
}

/// The pixel that has to be on the screen for a window that begins there: it may
/// begin a little left of the screen, or above it.
fn visible(at: Point) -> Point {
    let [x, y] = [at.x, at.y].map(|n| {
        if i16::try_from(n).is_ok() {
            n.max(0)
        } else {
            n
        }
    });
    Point::new(x, y)
}
