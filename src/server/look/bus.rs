//! The configurations of the session's message bus and of its accessibility bus.

use std::{fs, path::Path, process::Command};

use super::{ACCESSIBILITY_BUS, SESSION_BUS};

/// How the bus knows its callers where they are users that the machine knows.
const BY_USER: &str = "<auth>EXTERNAL</auth>";

/// How it takes whoever can open its socket.
const BY_SOCKET: &str = "<auth>ANONYMOUS</auth>\n  <allow_anonymous/>";

/// The configurations for the user who runs this, each with the name of its file.
///
/// A message bus looks its callers up in the table of users, and turns away a
/// user id that is not in it, as `docker run --user 12345` has. Nobody else can
/// open its socket, which lies in the session's own folder, so for such a user
/// it asks no further. For all others it asks: some clients know no other way.
///
/// Programs of the session know the socket of the accessibility bus by the path `socket`.
pub(super) fn configurations(socket: &Path) -> [(&'static str, String); 2] {
    let known = is_known(rustix::process::geteuid().as_raw());
    [
        (SESSION_BUS, include_str!("session-bus.conf")),
        (ACCESSIBILITY_BUS, include_str!("accessibility-bus.conf")),
    ]
    .map(|(name, text)| {
        let text = text.replace("SOCKET", &socket.display().to_string());
        (name, of(&text, known))
    })
}

fn of(text: &str, known: bool) -> String {
    if known {
        text.to_owned()
    } else {
        text.replace(BY_USER, BY_SOCKET)
    }
}

/// Whether a user id has a name on this machine. The file has nearly all of
/// them; `getent` also asks whatever else the machine is set to ask.
fn is_known(user: u32) -> bool {
    let table = fs::read_to_string("/etc/passwd").unwrap_or_default();
    if is_in(&table, user) {
        return true;
    }
    // A directory of users that is elsewhere may not answer.
    let asked = Command::new("timeout")
        .args(["5", "getent", "passwd", &user.to_string()])
        .output();
    // Where nobody can be asked, the bus may still know more than we do.
    asked.map_or(true, |asked| asked.status.success())
}

/// Whether passwd(5)'s table has a line for a user id, its third field.
fn is_in(table: &str, user: u32) -> bool {
    let id = |line: &str| line.split(':').nth(2)?.parse().ok();
    table.lines().any(|line| id(line) == Some(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_without_a_name_is_known_by_the_socket_alone() {
        for (_, text) in configurations(Path::new("/s/run/bus")) {
            // Whoever plays the tests may have no name either.
            let text = text.replace(BY_SOCKET, BY_USER);
            assert_eq!(of(&text, true), text);
            let of_nobody = of(&text, false);
            assert!(of_nobody.contains(BY_SOCKET) && !of_nobody.contains(BY_USER));
        }
    }

    #[test]
    fn a_user_is_found_by_number_and_in_no_other_field() {
        let table = "root:x:0:0:root:/root:/bin/sh\nann:x:1000:12345:Ann:/home/ann:/bin/sh\n";
        assert!(is_in(table, 0) && is_in(table, 1000));
        assert!(!is_in(table, 12345) && !is_in("", 0));
    }
}
