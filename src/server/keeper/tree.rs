//! The processes below a process, as `/proc` tells.

use std::{
    collections::{HashMap, HashSet},
    fs,
    os::unix::ffi::OsStrExt,
    path::Path,
};

use super::MARK;

/// Every living descendant of `root`, children before their own children.
/// Zombies are left out: they only wait to be reaped.
pub(super) fn descendants(root: u32) -> Vec<u32> {
    let mut found = families([root]);
    found.retain(|pid| *pid != root);
    found
}

/// Those of the processes that live, and every living descendant of them, each
/// once, parents before their children.
pub(super) fn families(roots: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut all = HashSet::new();
    for (pid, parent) in living() {
        children.entry(parent).or_default().push(pid);
        all.insert(pid);
    }
    let mut found = Vec::new();
    let mut next: Vec<u32> = roots.into_iter().collect();
    while let Some(pid) = next.pop() {
        if all.remove(&pid) {
            found.push(pid);
        }
        next.extend(children.remove(&pid).unwrap_or_default());
    }
    found
}

/// Every process of the desktop in `folder`, whoever its parent is now.
pub(super) fn of_desktop(folder: &Path) -> Vec<u32> {
    let mark = [MARK.as_bytes(), b"=", folder.as_os_str().as_bytes(), b"/"].concat();
    with_variable(|variable| variable.starts_with(&mark)).collect()
}

/// Every process that was started with a variable, `NAME=VALUE`, of that kind.
pub(super) fn with_variable(is_it: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = u32> {
    all().filter(move |pid| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(&is_it)
    })
}

/// Every living process with its parent.
fn living() -> Vec<(u32, u32)> {
    all()
        .filter_map(|pid| Some((pid, parent_of(pid)?)))
        .collect()
}

fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// Reads `/proc/PID/stat`, see proc(5): pid, name in parentheses (which may
/// hold anything), state, parent.
fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let after_name = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = String::from_utf8_lossy(&stat[after_name + 1..]).into_owned();
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    (state != "Z" && state != "X").then_some(parent)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn children_and_grandchildren_are_descendants() {
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 60 & echo $!; wait"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = std::io::BufReader::new(shell.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
        let sleep: u32 = line.trim().parse().unwrap();

        let found = descendants(std::process::id());
        assert!(found.contains(&shell.id()), "{found:?}");
        assert!(found.contains(&sleep), "{found:?}");

        Command::new("kill")
            .arg(sleep.to_string())
            .status()
            .unwrap();
        shell.wait().unwrap();
    }
}
