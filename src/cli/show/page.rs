//! The page as `show` serves it: the report, with what acts on it.

use crate::report::{self, RunLog};

const SCRIPT: &str = include_str!("review.js");
const FILMS: &str = include_str!("films.js");
const STYLE: &str = include_str!("review.css");

/// What the page may load, and from where: itself and nothing else.
pub(super) const POLICY: &str = "default-src 'none'; img-src 'self' data: blob:; media-src \
                                 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' \
                                 'unsafe-inline'; connect-src 'self'; base-uri 'none'; \
                                 form-action 'none'; frame-ancestors 'none'";

/// What distinguishes a run from others in the same folder; empty until its first event.
pub(super) fn run(log: &RunLog) -> String {
    log.started.map(|it| it.to_rfc3339()).unwrap_or_default()
}

/// The page. What is added stands at the end of its body, and nothing else changes.
pub(super) fn render(log: &RunLog) -> String {
    let mut page = report::html(log);
    let end = page.rfind("</body>").unwrap_or(page.len());
    page.insert_str(
        end,
        &format!(
            "<meta name=\"deskhand-run\" content=\"{}\"><style>{STYLE}</style>\
             <script>{SCRIPT}</script><script>{FILMS}</script>",
            run(log)
        ),
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_the_same_but_for_what_is_added_at_its_end() {
        let log = RunLog::default();
        let (page, report) = (render(&log), report::html(&log));
        let end = report.rfind("</body>").unwrap();
        assert!(page.starts_with(&report[..end]));
        assert!(page.ends_with(&report[end..]));
        for text in [SCRIPT, FILMS, STYLE] {
            assert!(!text.contains("</script") && !text.contains("</style"));
            assert!(page.contains(text));
        }
    }
}
