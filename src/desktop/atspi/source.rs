//! What can be asked about a widget in addition to what is in the tree.

use super::Reference;
use crate::geometry::Point;

/// Who answers questions about widgets: their programs, or somebody who has asked them
/// before. Nothing is answered where a program does not know the question.
pub(crate) trait Source: Sync {
    /// Its own name.
    fn name(&self, of: &Reference) -> impl Future<Output = Option<String>> + Send;

    /// The widgets that label it.
    fn labels(&self, of: &Reference) -> impl Future<Output = Option<Vec<Reference>>> + Send;

    /// The widgets that it labels.
    fn labelled(&self, by: &Reference) -> impl Future<Output = Option<Vec<Reference>>> + Send;

    /// The first `most` characters of its text, and how many the text has.
    fn text(&self, of: &Reference, most: i32)
    -> impl Future<Output = Option<(String, i32)>> + Send;

    /// Its number.
    fn number(&self, of: &Reference) -> impl Future<Output = Option<Number>> + Send;

    /// The widget in it that is at a point of its window, or none.
    fn at(
        &self,
        of: &Reference,
        point: Point,
    ) -> impl Future<Output = Option<Vec<Reference>>> + Send;

    /// The entry of it that is chosen, if there is one.
    fn selected(&self, of: &Reference) -> impl Future<Output = Option<Reference>> + Send;
}

/// The number of a widget, and what it can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) current: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}
