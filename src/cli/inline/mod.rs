//! Pictures between the lines of a terminal that can show them.

#[cfg(any(target_os = "linux", test))]
mod answer;
#[cfg(target_os = "linux")]
mod ask;
mod kitty;
mod sixel;

use std::sync::OnceLock;

use crate::{geometry::Size, vision::Frame};

/// The tallest picture, in lines of text.
const MOST_LINES: u32 = 18;

/// A cell of a terminal that does not say how large its cells are, in pixels.
const CELL: Size = Size::new(8, 16);

/// How a terminal shows pictures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// By kitty's graphics protocol.
    Kitty,
    /// By DEC's sixels.
    Sixel,
}

/// A terminal that shows pictures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct PictureTerminal {
    way: Way,
    columns: u32,
    cell: Size,
}

/// Makes text of pictures, for one terminal.
pub(super) struct Inline {
    allowed: bool,
    /// What the terminal answered; it is asked once, when there is something to
    /// show.
    screen: OnceLock<Option<PictureTerminal>>,
}

impl Inline {
    /// For output that goes to a terminal with colours, if `allowed`.
    pub(super) fn new(allowed: bool) -> Self {
        Self {
            allowed,
            screen: OnceLock::new(),
        }
    }

    /// What shows a picture when it is written to the terminal, with its line's
    /// end; `None` where it can show none, and then the picture is not made.
    pub(super) fn text(&self, picture: impl FnOnce() -> Option<Frame>) -> Option<String> {
        if !self.allowed {
            return None;
        }
        let screen = (*self.screen.get_or_init(asked))?;
        Some(screen.text(&picture()?))
    }
}

#[cfg(target_os = "linux")]
fn asked() -> Option<PictureTerminal> {
    ask::screen()
}

#[cfg(not(target_os = "linux"))]
fn asked() -> Option<PictureTerminal> {
    None
}

impl PictureTerminal {
    fn text(self, picture: &Frame) -> String {
        let columns = self.columns.saturating_sub(2).max(1);
        let most = Size::new(
            columns.saturating_mul(self.cell.width),
            MOST_LINES * self.cell.height,
        );
        let small = picture.reduced(fitting(picture.size(), most));
        let shown = match self.way {
            Way::Kitty => kitty::text(&small),
            Way::Sixel => sixel::text(&small),
        };
        format!("\r{shown}\r\n")
    }
}

/// The size that fits, of the same shape; nothing is made larger.
fn fitting(size: Size, most: Size) -> Size {
    let part = |length: u32, of: u32, whole: u32| {
        let part = u64::from(length) * u64::from(of) / u64::from(whole.max(1));
        u32::try_from(part).unwrap_or(u32::MAX).max(1)
    };
    let mut fits = size;
    if fits.width > most.width {
        fits = Size::new(most.width, part(size.height, most.width, size.width));
    }
    if fits.height > most.height {
        fits = Size::new(part(size.width, most.height, size.height), most.height);
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_made_to_fit_and_keeps_its_shape() {
        let most = Size::new(640, 288);
        for (size, fits) in [
            (Size::new(1280, 400), Size::new(640, 200)),
            (Size::new(1280, 800), Size::new(460, 288)),
            (Size::new(100, 50), Size::new(100, 50)),
            (Size::new(90_000, 1), Size::new(640, 1)),
        ] {
            assert_eq!(fitting(size, most), fits, "{size}");
        }
    }

    #[test]
    fn what_may_not_is_not_even_asked() {
        let inline = Inline::new(false);
        assert_eq!(inline.text(|| unreachable!("a picture for nobody")), None);
        assert!(inline.screen.get().is_none());
    }

    #[test]
    fn a_picture_stands_on_lines_of_its_own() {
        for way in [Way::Kitty, Way::Sixel] {
            let (columns, cell) = (80, CELL);
            let screen = PictureTerminal { way, columns, cell };
            let text = screen.text(&Frame::filled(Size::new(20, 20), [9; 3]));
            assert!(text.starts_with("\r\x1b") && text.ends_with("\x1b\\\r\n"));
        }
    }
}
