//! Methods that move the pointer and press keys.

use std::io;

use clap::Subcommand;

use super::{Answer, Call, Fault, show::Shown};
use crate::{
    cli::value::{bounds, button, coordinate, direction, key},
    desktop::{
        DesktopError,
        wire::{Clicked, Extensions, Holding, Position, limits},
    },
    geometry::Point,
    input::{BadChord, Button, Chord, Direction, Key},
};

#[derive(Debug, Subcommand)]
pub(super) enum Method {
    /// Print where the pointer is
    PointerPosition,
    /// Move the pointer
    MovePointer {
        /// Pixels from the left edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        x: i32,
        /// Pixels from the top edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        y: i32,
    },
    /// Click once, at a position or where the pointer is
    Click {
        /// Pixels from the left edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true, requires = "y")]
        x: Option<i32>,
        /// Pixels from the top edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        y: Option<i32>,
        /// The button to press
        #[arg(long, default_value = "left", value_parser = button())]
        button: Button,
        /// A key to hold down during it, such as shift; can be repeated
        #[arg(long = "hold", value_name = "KEY", value_parser = key)]
        held: Vec<Key>,
    },
    /// Drag from one position to another
    Drag {
        /// Where to press the button: pixels from the left edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        x1: i32,
        /// Where to press the button: pixels from the top edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        y1: i32,
        /// Where to release the button: pixels from the left edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        x2: i32,
        /// Where to release the button: pixels from the top edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        y2: i32,
        /// The button to hold
        #[arg(long, default_value = "left", value_parser = button())]
        button: Button,
        /// A key to hold down during it, such as shift; can be repeated
        #[arg(long = "hold", value_name = "KEY", value_parser = key)]
        held: Vec<Key>,
    },
    /// Turn the mouse wheel where the pointer is
    Scroll {
        /// The direction to scroll in
        #[arg(value_parser = direction())]
        direction: Direction,
        /// Notches, 1 to 100
        #[arg(default_value = "1", value_parser = clap::value_parser!(u32).range(bounds(limits::NOTCHES)))]
        amount: u32,
    },
    /// Type text into the focused window
    #[command(visible_alias = "type-text")]
    Type {
        /// Up to 50,000 characters; `-` reads them from stdin unchanged
        text: String,
    },
    /// Press and release one key
    #[command(visible_alias = "press-key")]
    Press {
        /// An X11 name such as `Return` or `Page_Down`, or one character
        #[arg(value_parser = key)]
        key: Key,
    },
    /// Press several keys at the same time
    Hotkey {
        /// Such as ctrl+s, or as separate words: ctrl shift s
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
    /// Press keys and a button and keep them down, or release them
    Hold {
        /// Pixels from the left edge, to move the pointer there first
        #[arg(value_parser = coordinate(), allow_negative_numbers = true, requires = "y")]
        x: Option<i32>,
        /// Pixels from the top edge
        #[arg(value_parser = coordinate(), allow_negative_numbers = true)]
        y: Option<i32>,
        /// A key, such as shift; can be repeated
        #[arg(long = "key", value_name = "KEY", value_parser = key, required_unless_present = "button")]
        keys: Vec<Key>,
        /// The button to hold
        #[arg(long, value_parser = button())]
        button: Option<Button>,
        /// Release what is held down
        #[arg(long)]
        up: bool,
    },
}

impl Method {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let desktop = call.desktop;
        Ok(match self {
            Self::PointerPosition => position(call.ask(desktop.pointer_position()).await?),
            Self::MovePointer { x, y } => {
                let to = Point::new(*x, *y);
                position(call.ask(desktop.move_pointer(to)).await?)
            }
            Self::Click { x, y, button, held } => {
                can_hold(call, held).await?;
                let at = x.zip(*y).map(|(x, y)| Point::new(x, y));
                Answer::of(&call.ask(desktop.click(at, *button, held)).await?)
            }
            Self::Drag {
                x1,
                y1,
                x2,
                y2,
                button,
                held,
            } => {
                can_hold(call, held).await?;
                let (from, to) = (Point::new(*x1, *y1), Point::new(*x2, *y2));
                position(call.ask(desktop.drag(from, to, *button, held)).await?)
            }
            Self::Scroll { direction, amount } => {
                position(call.ask(desktop.scroll(*direction, *amount)).await?)
            }
            Self::Type { text } => {
                let text = words(text)?;
                call.ask(desktop.type_text(&text)).await?;
                Answer::done()
            }
            Self::Press { key } => {
                call.ask(desktop.press_key(key)).await?;
                Answer::done()
            }
            Self::Hotkey { keys } => {
                let chord = chord(keys).map_err(|problem| Fault::Usage(problem.to_string()))?;
                call.ask(desktop.hotkey(&chord)).await?;
                Answer::done()
            }
            Self::Hold {
                x,
                y,
                keys,
                button,
                up,
            } => {
                let holding = Holding {
                    keys: keys.clone(),
                    button: *button,
                    at: x.zip(*y).map(|(x, y)| Point::new(x, y)),
                    down: !up,
                };
                position(call.ask(desktop.hold(&holding)).await?)
            }
        })
    }
}

/// Where the pointer is now.
fn position(point: Point) -> Answer {
    Answer::of(&Position::from(point))
}

impl Shown for Position {
    fn text(&self) -> String {
        format!("{}\n", Point::from(*self))
    }
}

impl Shown for Clicked {
    fn text(&self) -> String {
        format!("{}\n", self.point())
    }
}

/// Fails where the desktop would ignore the keys to hold.
async fn can_hold(call: &Call<'_>, held: &[Key]) -> Result<(), Fault> {
    let extension = Extensions::HELD_KEYS;
    if held.is_empty() || call.ask(call.desktop.extensions()).await?.has(extension) {
        return Ok(());
    }
    let what = "hold keys during a click";
    Err(DesktopError::Unsupported { what, extension }.into())
}

/// The text to type: the argument, or what stdin has.
fn words(text: &str) -> Result<String, Fault> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    io::read_to_string(io::stdin())
        .map_err(|error| Fault::Usage(format!("cannot read a text from stdin: {error}")))
}

/// `ctrl+s`, `ctrl s`, and the plus key alone.
fn chord(words: &[String]) -> Result<Chord, BadChord> {
    let split = |word: &String| -> Vec<String> {
        match word.as_str() {
            "+" => vec![word.clone()],
            _ => word.split('+').map(str::to_owned).collect(),
        }
    };
    let names: Vec<String> = words.iter().flat_map(split).collect();
    Chord::from_names(names.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chord_is_one_word_or_several() {
        for words in [
            &["ctrl+shift+s"][..],
            &["ctrl", "shift", "s"],
            &["ctrl+shift", "s"],
        ] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(chord(&words).unwrap().to_string(), "Control_L+Shift_L+s");
        }
        let plus = ["ctrl".to_owned(), "+".to_owned()];
        assert_eq!(chord(&plus).unwrap().to_string(), "Control_L+plus");
        assert!(chord(&["ctrl+".to_owned()]).is_err());
    }
}
