//! Foreign text in HTML, and values in words.
//!
//! Names, messages and logs come from scenarios and from processes: nothing in
//! them may become markup, hide itself, or turn the text around it.

use std::{fmt, time::Duration};

use maud::{Render, display, html};

use crate::plain::visible;

/// Text for an element or an attribute. Line ends and tabs stay; every other
/// control character is drawn, so that it can be seen.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a str);

impl Render for Text<'_> {
    fn render_to(&self, page: &mut String) {
        visible(self.0).render_to(page);
    }
}

/// A sentence in which `` `words` `` between backquotes stand out.
#[derive(Clone, Copy)]
pub(super) struct Prose<'a>(pub(super) &'a str);

impl Render for Prose<'_> {
    fn render_to(&self, page: &mut String) {
        let mut rest = self.0;
        while let Some((before, code, after)) = quoted(rest) {
            html! { (Text(before)) code { (Text(code)) } }.render_to(page);
            rest = after;
        }
        Text(rest).render_to(page);
    }
}

/// The text before, between and after the first pair of backquotes that has
/// something between them.
fn quoted(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    (!code.is_empty()).then_some((before, code, after))
}

/// The path of a file next to the page, as a relative URL. No path can name
/// another scheme or another machine.
#[derive(Clone, Copy)]
pub(super) struct Url<'a>(pub(super) &'a str);

impl Render for Url<'_> {
    fn render_to(&self, page: &mut String) {
        display(self).render_to(page);
    }
}

impl fmt::Display for Url<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(".")?;
        for part in self.0.split('/').filter(|part| !part.is_empty()) {
            f.write_str("/")?;
            for byte in part.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    write!(f, "{}", char::from(byte))?;
                } else {
                    write!(f, "%{byte:02X}")?;
                }
            }
        }
        Ok(())
    }
}

/// A duration as people read it: `40 ms`, `1.25 s`, `12.3 s`, `2 min 5 s`.
#[derive(Clone, Copy)]
pub(super) struct Took(pub(super) Duration);

impl Render for Took {
    fn render_to(&self, page: &mut String) {
        display(self).render_to(page);
    }
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match self.0.as_millis() {
            millis @ ..=994 => write!(f, "{millis} ms"),
            995..=9_994 => write!(f, "{:.2} s", self.0.as_secs_f64()),
            9_995..=59_999 => write!(f, "{:.1} s", self.0.as_secs_f64()),
            ..=3_599_999 => write!(f, "{} min {} s", seconds / 60, seconds % 60),
            _ => write!(f, "{} h {} min", seconds / 3600, seconds / 60 % 60),
        }
    }
}

/// A moment in a video, as players write it: `0:07.4`.
#[derive(Clone, Copy)]
pub(super) struct Clock(pub(super) f64);

impl Render for Clock {
    fn render_to(&self, page: &mut String) {
        display(self).render_to(page);
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = Duration::try_from_secs_f64(self.0)
            .unwrap_or_default()
            .as_millis()
            / 100;
        let (minutes, tenths) = (tenths / 600, tenths % 600);
        write!(f, "{minutes}:{:02}.{}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_stays_text() {
        let hostile = "</pre><script>alert('x')</script>\" onload=\"&";
        assert_eq!(
            Text(hostile).render().into_string(),
            "&lt;/pre&gt;&lt;script&gt;alert('x')&lt;/script&gt;&quot; onload=&quot;&amp;"
        );
    }

    #[test]
    fn characters_that_hide_are_drawn() {
        assert_eq!(
            Text("a\0b\x1b[31m\r\n\t").render().into_string(),
            "a^@b^[[31m^M\n\t"
        );
        assert_eq!(
            Text("x\u{202e}gnp.exe\u{85}\x7f").render().into_string(),
            "x[U+202E]gnp.exe[U+0085]^?"
        );
    }

    #[test]
    fn letters_of_every_script_stay_as_they_are() {
        let text = "Größe 字 👩\u{200d}💻 עברית";
        assert_eq!(Text(text).render().into_string(), text);
    }

    #[test]
    fn backquoted_words_stand_out_and_lone_backquotes_stay() {
        assert_eq!(
            Prose("differs from `<b>`, `x").render().into_string(),
            "differs from <code>&lt;b&gt;</code>, `x"
        );
        assert_eq!(Prose("``` `").render().into_string(), "``` `");
    }

    #[test]
    fn a_path_becomes_a_url_beside_the_page() {
        assert_eq!(
            Url("my run/50%#1?.png").to_string(),
            "./my%20run/50%25%231%3F.png"
        );
        assert_eq!(
            Url("javascript:alert(1)").to_string(),
            "./javascript%3Aalert%281%29"
        );
        assert_eq!(Url("//elsewhere/ü").to_string(), "./elsewhere/%C3%BC");
    }

    #[test]
    fn durations_have_three_digits_or_two_units() {
        let took = |millis| Took(Duration::from_millis(millis)).to_string();
        assert_eq!(took(0), "0 ms");
        assert_eq!(took(1_250), "1.25 s");
        assert_eq!(took(12_345), "12.3 s");
        assert_eq!(took(60_000), "1 min 0 s");
        assert_eq!(took(125_000), "2 min 5 s");
        assert_eq!(took(7_260_000), "2 h 1 min");
    }

    #[test]
    fn moments_read_as_in_a_player() {
        assert_eq!(Clock(67.45).to_string(), "1:07.4");
        assert_eq!(Clock(-1.0).to_string(), "0:00.0");
        assert_eq!(Clock(f64::NAN).to_string(), "0:00.0");
    }
}
