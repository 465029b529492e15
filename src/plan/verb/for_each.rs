//! `for-each`: its steps once for each entry.

use super::{Group, Resolve, Resolver, written};

impl Resolve for written::ForEach {
    type Meant = Group;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Group> {
        let name = self.name.as_ref().map_or("item", |name| &name.value);
        Some(Group {
            title: format!("{name} of {}", self.entries.len()),
            steps: resolver.rounds(self),
        })
    }
}
