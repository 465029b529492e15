//! System V shared memory that killed programs leave: an X11 program makes a segment, shows
//! it to the X server, and only then has it removed with its last user. One that is killed
//! in between, as it waits for an X server that hangs, leaves it to nobody.

use std::{collections::BTreeSet, fs, process::Command};

/// Removes the segments that killed processes made for themselves and their X server, and
/// that nobody uses any more.
pub(super) fn remove_of(killed: &BTreeSet<u32>) {
    let table = fs::read_to_string("/proc/sysvipc/shm").unwrap_or_default();
    for segment in left_by(killed, rustix::process::geteuid().as_raw(), &table) {
        // From util-linux, as `setpriv` is, without which there would be no desktop.
        let _ = Command::new("ipcrm").args(["-m", segment]).output();
    }
}

/// The numbers of those segments in the table, which has the columns key, number,
/// permissions, size, process that made it, last process, users, user: proc(5).
fn left_by<'t>(
    killed: &'t BTreeSet<u32>,
    user: u32,
    table: &'t str,
) -> impl Iterator<Item = &'t str> {
    table.lines().skip(1).filter_map(move |row| {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let [key, number, _, _, maker, _, users, owner, ..] = cells[..] else {
            return None;
        };
        let maker = maker.parse().ok()?;
        // Without a key nobody else can find it.
        let is_left = key == "0" && users == "0" && owner.parse() == Ok(user);
        (is_left && killed.contains(&maker)).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid
         0     524311   600                  4096    70    70      0     0     0     0     0
         0     524312   600                  4096    70    71      2     0     0     0     0
         0     524313   600                  4096    99    99      0     0     0     0     0
    543210     524314   600                  4096    70    70      0     0     0     0     0
         0     524315   600                  4096    70    70      0  1000     0     0     0
";

    #[test]
    fn only_what_the_killed_made_and_nobody_uses_is_left() {
        let killed = BTreeSet::from([70, 71]);
        let left: Vec<&str> = left_by(&killed, 0, TABLE).collect();
        assert_eq!(left, ["524311"]);
    }
}
