//! The permissions and the owner of a file.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, chown},
};

use axum::{extract::State, http::StatusCode};

use super::{Shared, failed, path, work};
use crate::server::api::{
    extract::{Body, Segment},
    fields::Fields,
    refusal::Refusal,
};

pub(super) async fn set(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<StatusCode, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    let mode = mode(&mut fields, "mode");
    let names = Names::read();
    let owner = number(&mut fields, "owner", &names.users);
    let group = number(&mut fields, "group", &names.groups);
    if !["mode", "owner", "group"]
        .iter()
        .any(|name| fields.has(name))
    {
        fields.bad("mode", "is required, unless `owner` or `group` is given");
    }
    fields.finish()?;
    work(&machine, move || {
        let failed = failed("path", &path);
        if owner.is_some() || group.is_some() {
            chown(&path, owner, group).map_err(&failed)?;
        }
        // Last: another owner takes some permissions away.
        if let Some(mode) = mode {
            fs::set_permissions(&path, Permissions::from_mode(mode)).map_err(&failed)?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Permissions in octal, as `0755`.
pub(super) fn mode(fields: &mut Fields, name: &'static str) -> Option<u32> {
    let text = fields.text(name)?;
    let is_octal = text.bytes().all(|byte| byte.is_ascii_digit());
    let mode = u32::from_str_radix(&text, 8).ok();
    let mode = mode.filter(|mode| is_octal && *mode <= 0o7777);
    if mode.is_none() {
        fields.bad(name, "must be octal, such as 0755");
    }
    mode
}

/// The number of the user or group that a field names.
fn number(fields: &mut Fields, field: &'static str, all: &[(String, u32)]) -> Option<u32> {
    let text = fields.text(field)?;
    let known = all.iter().find(|(name, _)| *name == text);
    let number = known.map(|(_, number)| *number);
    // The last number stands for none in the system's own calls.
    let number = number.or_else(|| text.parse().ok().filter(|number| *number < u32::MAX));
    if number.is_none() {
        let problem = format!("`{text}` is neither a name on this machine nor a number");
        fields.bad(field, problem);
    }
    number
}

/// The names of this machine's users and groups.
pub(super) struct Names {
    users: Vec<(String, u32)>,
    groups: Vec<(String, u32)>,
}

impl Names {
    pub(super) fn read() -> Self {
        let [users, groups] = ["/etc/passwd", "/etc/group"]
            .map(|file| numbers(&fs::read_to_string(file).unwrap_or_default()));
        Self { users, groups }
    }

    /// The name of a user, or its number where it has none.
    pub(super) fn user(&self, number: u32) -> String {
        name(&self.users, number)
    }

    /// The name of a group, or its number where it has none.
    pub(super) fn group(&self, number: u32) -> String {
        name(&self.groups, number)
    }
}

fn name(all: &[(String, u32)], number: u32) -> String {
    let known = all.iter().find(|(_, its)| *its == number);
    known.map_or_else(|| number.to_string(), |(name, _)| name.clone())
}

/// Lines of `name:password:number:…`, see passwd(5) and group(5).
fn numbers(text: &str) -> Vec<(String, u32)> {
    let line = |line: &str| {
        let mut parts = line.split(':');
        let name = parts.next()?.to_owned();
        Some((name, parts.nth(1)?.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_name_is_told_by_number() {
        let names = Names {
            users: numbers("root:x:0:0:root:/root:/bin/sh\nbroken\nann:x:1000:1000::/:\n"),
            groups: numbers("root:x:0:\nstaff:x:50:ann,bob\n"),
        };
        assert_eq!(names.user(1000), "ann");
        assert_eq!(names.user(7), "7");
        assert_eq!(names.group(50), "staff");
    }
}
