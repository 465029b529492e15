//! `WebVTT`: captions as a text file.

use std::fmt::Write as _;

use crate::film::Words;

/// Captions as a `WebVTT` file.
#[must_use]
pub fn web_vtt(captions: &[Words]) -> String {
    let mut text = "WEBVTT\n".to_owned();
    for caption in captions {
        let (from, to) = (
            time(caption.from),
            time(caption.to.max(caption.from + 0.001)),
        );
        let words = cue(&caption.text);
        let _ = write!(text, "\n{from} --> {to}\n{words}\n");
    }
    text
}

/// `00:01:02.345`.
fn time(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast ends at the bounds of its type, and takes no number for 0"
    )]
    let milliseconds = (seconds * 1000.0).round() as u64;
    let (minutes, milliseconds) = (milliseconds / 60_000, milliseconds % 60_000);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let (seconds, milliseconds) = (milliseconds / 1000, milliseconds % 1000);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}")
}

/// The words of a cue: an empty line would end it, and an arrow or a tag would be interpreted.
fn cue(text: &str) -> String {
    let lines = text.lines().map(str::trim_end);
    let lines: Vec<String> = lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let line = line.replace('&', "&amp;").replace('<', "&lt;");
            line.replace('>', "&gt;")
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_is_a_cue_whatever_its_words_are() {
        let captions = [
            Words {
                from: 0.5,
                to: 3.25,
                text: "Open <b>the</b> menu\n\n& go --> on".to_owned(),
            },
            Words {
                from: 3725.0,
                to: 3726.0,
                text: "Later".to_owned(),
            },
        ];
        assert_eq!(
            web_vtt(&captions),
            "WEBVTT\n\n00:00:00.500 --> 00:00:03.250\nOpen &lt;b&gt;the&lt;/b&gt; menu\n\
             &amp; go --&gt; on\n\n01:02:05.000 --> 01:02:06.000\nLater\n"
        );
    }
}
