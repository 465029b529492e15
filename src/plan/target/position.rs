//! A position.

use std::path::Path;

use super::{AnyLook, Beside, Fields, Finds, Kind, Look, Meaning, Resolver, Value};
use crate::{
    geometry::{Point, Size},
    plan::notation::{self, literal, percent},
    scenario::{Pointed, PositionWritten},
};

/// A place to point at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spot {
    /// A pixel.
    At(Point),
    /// A share of the width and height of the screen, or of what a target is
    /// looked for in, each 0 to 1.
    Share {
        /// From the left edge.
        x: f64,
        /// From the top edge.
        y: f64,
    },
}

impl Kind for Spot {
    fn title(&self) -> String {
        match self {
            Self::At(point) => format!("{},{}", point.x, point.y),
            Self::Share { x, y } => {
                let percent = |share: f64| (share * 10_000.0).round() / 100.0;
                format!("{}%,{}%", percent(*x), percent(*y))
            }
        }
    }

    fn notation(&self, _folder: &Path) -> Fields {
        vec![("position", self.place())]
    }

    fn short(&self) -> Option<Value> {
        Some(self.place())
    }

    fn finds(&self) -> Finds<'_> {
        Finds::Place
    }
}

impl Meaning for Spot {
    type Written = PositionWritten;

    fn resolve(
        written: &Self::Written,
        beside: &mut Beside<'_>,
        resolver: &mut Resolver<'_, '_>,
    ) -> Option<Look> {
        Some(match written {
            PositionWritten::Pixel([x, y]) => {
                let (x, y) = (resolver.value(x), resolver.value(y));
                Look::Position(Self::At(Point::new(x?, y?)))
            }
            PositionWritten::Word(word) => match resolver.value(word)? {
                Pointed::Share { x, y } => Look::Position(Self::Share { x, y }),
                Pointed::Name(name) => {
                    let target = resolver.by_name(&name, word.span, beside.path)?;
                    Look::Any(AnyLook {
                        targets: vec![target],
                    })
                }
            },
        })
    }
}

impl Spot {
    fn place(self) -> Value {
        match self {
            Self::At(point) => notation::point(point),
            Self::Share { x, y } => literal(&format!("{},{}", percent(x), percent(y))),
        }
    }

    /// The pixel that it is in an area of this size; a share of 1 is the last
    /// column or row.
    #[must_use]
    pub fn pixel_in(self, area: Size) -> Point {
        match self {
            Self::At(point) => point,
            Self::Share { x, y } => Point::new(share(x, area.width), share(y, area.height)),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float is cut to the range of i32, and the result to the screen"
)]
fn share(part: f64, pixels: u32) -> i32 {
    let last = pixels.saturating_sub(1);
    let pixel = (part * f64::from(pixels)).floor() as i32;
    pixel.clamp(0, i32::try_from(last).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_screen_is_always_a_pixel_of_it() {
        let screen = Size::new(1440, 900);
        let at = |x, y| Spot::Share { x, y }.pixel_in(screen);
        assert_eq!(at(0.0, 0.0), Point::new(0, 0));
        assert_eq!(at(0.5, 0.5), Point::new(720, 450));
        assert_eq!(at(1.0, 1.0), Point::new(1439, 899));
    }
}
