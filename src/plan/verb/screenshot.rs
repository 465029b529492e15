//! `screenshot`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, literal, map, region},
    written,
};
use crate::geometry::Rect;

/// Keeps a picture of the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Screenshot {
    /// Its name, safe as a file name.
    pub name: String,
    /// The part of the screen; `None` is all of it.
    pub region: Option<Rect>,
}

impl Verb for Screenshot {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn argument(&self, _: &Path) -> Value {
        let mut fields = vec![("picture", literal(&self.name))];
        fields.extend(region(self.region));
        map(fields)
    }
}

impl Resolve for written::Screenshot {
    type Meant = Screenshot;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Screenshot> {
        let name = resolver.file_name(&self.name, "picture");
        let region = resolver.optional_area(self.region.as_ref());
        Some(Screenshot {
            name: name?,
            region: region?,
        })
    }
}
