//! What else was wrong when a step failed, whatever the step is about.

use tokio::time::timeout;

use super::{focus, player::LAST_LOOK, stage::Stage};
use crate::{
    desktop::wire::{Scope, Widget},
    event::WidgetLine,
    plan::Action,
    widget::tree,
};

/// No more widgets than these are reported; a page of a browser can have thousands.
const MOST_WIDGETS: usize = 1000;

/// What may explain a failure, one text for each, which may have several lines.
pub(super) async fn of(action: &Action, stage: &Stage<'_>) -> Vec<String> {
    let mask = &stage.files.mask;
    let mut all = Vec::new();
    if action.verb().is_about_windows() {
        all.extend(focus::told(stage).await.map(|told| mask.text(&told)));
    }
    all.extend(stage.launched.ended(stage.desktop, mask).await);
    all
}

/// The widgets that are on the screen, if the desktop reports them.
pub(super) async fn widgets(stage: &Stage<'_>) -> Vec<WidgetLine> {
    let looking = stage.desktop.widgets(&Scope::All);
    let Ok(Ok(trees)) = timeout(LAST_LOOK, looking).await else {
        return Vec::new();
    };
    let nodes: Vec<tree::Node> = trees.items.iter().flat_map(Widget::nodes).collect();
    let lines = tree::lines(&nodes, MOST_WIDGETS).into_iter();
    lines
        .map(|line| WidgetLine {
            depth: line.depth,
            text: stage.files.mask.text(&line.text),
            area: line.area,
        })
        .collect()
}
