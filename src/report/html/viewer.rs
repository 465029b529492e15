//! The window in which pictures are shown large, one over the other.

use maud::{Markup, html};

/// The window; its script fills it.
pub(super) fn window() -> Markup {
    html! {
        dialog #viewer aria-labelledby="viewer-title" {
            .viewer-bar {
                strong #viewer-title {}
                span.viewer-kinds role="group" aria-label="Pictures" {}
                span.viewer-ways role="group" aria-label="Expected against actual" {
                    button type="button" data-way="slider" aria-pressed="false" { "Slider" }
                    button type="button" data-way="onion" aria-pressed="false" { "Onion skin" }
                    button type="button" data-way="blink" aria-pressed="false" { "Blink" }
                    input #viewer-share type="range" min="0" max="100" value="50"
                        aria-label="How much of the actual picture is shown" hidden;
                }
                span.viewer-zoom role="group" aria-label="Zoom" {
                    button type="button" data-zoom="out" aria-label="Zoom out" { "−" }
                    output #viewer-scale {}
                    button type="button" data-zoom="in" aria-label="Zoom in" { "+" }
                    button type="button" data-zoom="fit" { "Fit" }
                }
                button #viewer-close type="button" { "Close" }
            }
            .viewer-stage tabindex="0" role="group" aria-label="Picture" {
                .viewer-paper { img #viewer-under alt=""; img #viewer-over alt="" hidden; i hidden {} }
            }
            p #viewer-pixel {}
        }
    }
}
