//! Methods that look at the screen, and the one that changes its size.

use std::path::Path;

use clap::{Subcommand, ValueEnum};

use super::{Answer, Call, Fault, save::OutputPath};
use crate::{
    cli::value::{bounds, region, screen_size},
    desktop::wire::{ImageFormat, limits},
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
            Self::DisplayInfo => Answer::Display(call.ask(desktop.display_info()).await?),
            Self::Screen => Answer::Display(call.ask(desktop.screen()).await?),
            Self::ResizeScreen { size } => {
                Answer::Display(call.ask(desktop.resize_screen(*size)).await?)
            }
            Self::Windows => Answer::Windows(call.ask(desktop.windows()).await?),
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
    Answer::Media {
        bytes,
        to: file.clone(),
        mime_type: format.mime_type(),
    }
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
}
