//! What two films say, compared word by word.

use super::{Finding, Story};

/// The differences in what the two films say.
pub(super) fn words(kept: &Story, now: &Story) -> Vec<Finding> {
    let mut findings = Vec::new();
    if kept.size != now.size {
        let words = format!("the film is {} pixels, and was {}", now.size, kept.size);
        findings.push(Finding::words(words));
    }
    if kept.style != now.style {
        let words = "the style differs from that of the film".to_owned();
        findings.push(Finding::words(words));
    }
    findings.extend(lists("chapter", &kept.chapters, &now.chapters));
    findings.extend(lists("caption", &kept.captions, &now.captions));
    let steps = |story: &Story| -> Vec<String> {
        let steps = story.steps.iter();
        steps
            .map(|step| match &*step.types {
                "" => step.title.clone(),
                typed => format!("{}” typing “{typed}", step.title),
            })
            .collect()
    };
    findings.extend(lists("step", &steps(kept), &steps(now)));
    findings
}

/// The first of some texts that has changed.
pub(super) fn lists(what: &str, kept: &[String], now: &[String]) -> Option<Finding> {
    let same = kept.iter().zip(now).take_while(|(kept, now)| kept == now);
    let at = same.count();
    let number = at + 1;
    let words = match (kept.get(at), now.get(at)) {
        (None, None) => return None,
        (Some(kept), Some(now)) => {
            format!("{what} {number} was “{kept}” and is now “{now}”")
        }
        (Some(kept), None) => format!("{what} {number} was “{kept}”, and is gone"),
        (None, Some(now)) => format!("{what} {number} is new: “{now}”"),
    };
    Some(Finding::words(words))
}

/// The lines of captions without their times.
pub(super) fn cues(text: &str) -> Vec<String> {
    let cues = text.split("\n\n").skip(1);
    cues.map(|cue| {
        let lines = cue.lines().filter(|line| !line.contains("-->"));
        lines.collect::<Vec<_>>().join(" / ")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_that_are_others_are_named() {
        let texts =
            |texts: &[&str]| -> Vec<String> { texts.iter().map(|it| (*it).to_owned()).collect() };
        let said = |kept: &[&str], now: &[&str]| {
            lists("caption", &texts(kept), &texts(now)).map(|finding| finding.words)
        };
        assert_eq!(said(&["a", "b"], &["a", "b"]), None);
        let other = "caption 2 was “b” and is now “c”";
        assert_eq!(said(&["a", "b"], &["a", "c"]).as_deref(), Some(other));
        assert_eq!(
            said(&["a"], &[]).as_deref(),
            Some("caption 1 was “a”, and is gone")
        );
        assert_eq!(said(&[], &["a"]).as_deref(), Some("caption 1 is new: “a”"));
    }

    #[test]
    fn captions_are_compared_without_their_times() {
        let text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne\nmore\n\n00:00:03.000 --> 00:00:04.000\nTwo\n";
        assert_eq!(cues(text), ["One / more", "Two"]);
    }
}
