//! What the screen showed before and after each step: the script draws it from the trace next to
//! the page.

use maud::{Markup, html};

use super::{
    escape::{Text, Url},
    mark::key,
};
use crate::{
    event::ArtifactKind,
    report::{ScenarioLog, scripts::script_path},
};

/// The strip of pictures of a scenario, and the large picture below it; nothing if it has
/// no trace.
pub(super) fn section(log: &ScenarioLog) -> Markup {
    let mut artifacts = log.artifacts.iter();
    let Some(trace) = artifacts.find(|artifact| artifact.kind == ArtifactKind::Trace) else {
        return Markup::default();
    };
    html! {
        .trace role="group" data-script=(Url(&script_path(&trace.path))) data-trace=(Text(&trace.path))
            data-steps={ "s" (key(log)) "-" } aria-label="What the screen showed" hidden {
            .film role="listbox" aria-label="Steps" tabindex="0" {}
            .shown {
                .screen {
                    canvas role="img" title="Show large" {}
                    i.aim {}
                    i.at {}
                }
                .told {
                    p.which {}
                    .views role="group" aria-label="Picture" {
                        button type="button" data-view="before" { "Before" }
                        button type="button" data-view="after" aria-pressed="true" { "After" }
                        button type="button" data-view="difference" { "Difference" }
                        button.enlarge type="button" { "Large" }
                    }
                    dl {}
                }
            }
        }
    }
}
