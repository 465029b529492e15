//! `resize`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, map, shown},
    written,
};
use crate::geometry::Size;

/// Changes the size of the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Resize {
    /// The size.
    pub size: Size,
}

impl Verb for Resize {
    fn title(&self) -> String {
        self.size.to_string()
    }

    fn argument(&self, _: &Path) -> Value {
        map([("size", shown(&self.size))])
    }
}

impl Resolve for written::Resize {
    type Meant = Resize;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Resize> {
        let size = resolver.value(&self.size);
        resolver.resized(size);
        Some(Resize { size: size? })
    }
}
