//! Methods that look at the screen, and the one that changes its size.

use std::path::Path;

use clap::{Subcommand, ValueEnum};

use super::{
    Answer, Call, Fault,
    save::OutputPath,
    show::{Shown, plain, table},
};
use crate::{
    cli::value::{bounds, region, screen_size},
    desktop::wire::{DisplayInfo, ImageFormat, Items, Window, limits},
    geometry::{Rect, Size},
};

#[derive(Debug, Subcommand)]
pub(super) enum Method {
    /// Print the X display and its size
    DisplayInfo,
    /// Print the screen's current size
    Screen,
    /// Change the size of the screen; an active recording ends
    ResizeScreen {
        /// Such as 1280x800; 320x320 to 7680x4320
        #[arg(value_parser = screen_size)]
        size: Size,
    },
    /// List the windows, the oldest first
    Windows,
    /// Take a picture of the screen
    Screenshot {
        /// Where to write it; `-` is stdout
        #[arg(default_value = "-")]
        file: OutputPath,
        /// Only this part of the screen, such as 10,20,300x200
        #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
        region: Option<Rect>,
        #[command(flatten)]
        encoding: Encoding,
    },
    /// Take a picture of a part of the screen
    ScreenshotRegion {
        /// Where to write it; `-` is stdout
        file: OutputPath,
        /// The part, such as 10,20,300x200
        #[arg(long, value_name = "X,Y,WxH", value_parser = region)]
        region: Rect,
        #[command(flatten)]
        encoding: Encoding,
    },
}

/// How a picture is encoded, as it is asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Encoding {
    /// The format [default: from the extension of FILE, or else png]
    #[arg(long)]
    format: Option<Format>,
    /// The quality of a JPEG, 1 (smallest file) to 100 (best)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(bounds(limits::QUALITY)))]
    quality: Option<u8>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Format {
    Png,
    #[value(alias = "jpg")]
    Jpeg,
}

impl Encoding {
    fn of(&self, file: &OutputPath) -> Result<ImageFormat, Fault> {
        let ending = match file {
            OutputPath::File(path) => by_ending(path),
            OutputPath::Stdout => None,
        };
        match (self.format.or(ending), self.quality) {
            (Some(Format::Jpeg), quality) => Ok(ImageFormat::Jpeg { quality }),
            (_, None) => Ok(ImageFormat::Png),
            (_, Some(_)) => Err(Fault::Usage(
                "`--quality` is only for JPEG: add `--format jpeg`, or remove `--quality`"
                    .to_owned(),
            )),
        }
    }
}

fn by_ending(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    ["jpg", "jpeg"].contains(&&*ending).then_some(Format::Jpeg)
}

impl Method {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let desktop = call.desktop;
        Ok(match self {
            Self::DisplayInfo => Answer::of(&call.ask(desktop.display_info()).await?),
            Self::Screen => Answer::of(&call.ask(desktop.screen()).await?),
            Self::ResizeScreen { size } => {
                Answer::of(&call.ask(desktop.resize_screen(*size)).await?)
            }
            Self::Windows => {
                let items = call.ask(desktop.windows()).await?;
                Answer::of(&Items { items })
            }
            Self::Screenshot {
                file,
                region,
                encoding,
            } => {
                file.check()?;
                let format = encoding.of(file)?;
                let bytes = call.ask(desktop.screenshot(*region, format)).await?;
                picture(bytes, file, format)
            }
            Self::ScreenshotRegion {
                file,
                region,
                encoding,
            } => {
                file.check()?;
                let format = encoding.of(file)?;
                let bytes = call.ask(desktop.screenshot_region(*region, format)).await?;
                picture(bytes, file, format)
            }
        })
    }
}

fn picture(bytes: Vec<u8>, file: &OutputPath, format: ImageFormat) -> Answer {
    Answer::media(bytes, file, format.mime_type())
}

impl Shown for DisplayInfo {
    fn text(&self) -> String {
        format!("{} {}\n", plain(&self.display), self.size())
    }
}

impl Shown for Items<Window> {
    fn text(&self) -> String {
        table(&WINDOW_HEAD, self.items.iter().map(window))
    }
}

const WINDOW_HEAD: [&str; 8] = [
    "ID",
    "WORKSPACE",
    "PID",
    "PLACE",
    "SIZE",
    "FOCUS",
    "CLASS",
    "TITLE",
];

fn window(window: &Window) -> [String; 8] {
    [
        window.id.clone(),
        window.desktop.to_string(),
        window.pid.to_string(),
        window.rect().corner().to_string(),
        window.rect().size().to_string(),
        if window.focused { "yes" } else { "" }.to_owned(),
        window.class.clone(),
        window.title.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(
        file: &str,
        format: Option<Format>,
        quality: Option<u8>,
    ) -> Result<ImageFormat, Fault> {
        Encoding { format, quality }.of(&OutputPath::from(std::ffi::OsString::from(file)))
    }

    #[test]
    fn the_format_is_what_is_asked_for_or_what_the_file_is_called() {
        let jpeg = |quality| ImageFormat::Jpeg { quality };
        for (file, asked, quality, expected) in [
            ("-", None, None, ImageFormat::Png),
            ("now.png", None, None, ImageFormat::Png),
            ("now.JPG", None, None, jpeg(None)),
            ("now.jpeg", None, Some(70), jpeg(Some(70))),
            ("now.jpg", Some(Format::Png), None, ImageFormat::Png),
            ("-", Some(Format::Jpeg), Some(1), jpeg(Some(1))),
        ] {
            assert_eq!(format(file, asked, quality).unwrap(), expected, "{file}");
        }
    }

    #[test]
    fn a_png_has_no_quality() {
        assert!(matches!(
            format("now.png", None, Some(70)),
            Err(Fault::Usage(_))
        ));
    }

    #[test]
    fn windows_are_a_table_that_no_title_can_disturb() {
        let terminal = Window {
            id: "0x04000007".to_owned(),
            pid: 7,
            x: -3,
            width: 640,
            height: 480,
            class: "xterm.XTerm".to_owned(),
            title: "\u{1b}[2Jone\ntwo".to_owned(),
            focused: true,
            ..Window::default()
        };
        let items = vec![terminal, Window::default()];
        let drawn = Items { items }.text();
        assert_eq!(
            drawn,
            "ID          WORKSPACE  PID  PLACE  SIZE     FOCUS  CLASS        TITLE\n\
             0x04000007  0          7    -3,0   640x480  yes    xterm.XTerm   [2Jone two\n\
             \u{20}           0          0    0,0    0x0\n"
        );
    }
}
