//! `use`: the steps of another file in its place.

use super::{Group, Resolve, Resolver, written};

impl Resolve for written::Use {
    type Meant = Group;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Group> {
        Some(Group {
            title: self.file.value.known().unwrap_or_default().to_owned(),
            steps: resolver.part(self)?,
        })
    }
}
