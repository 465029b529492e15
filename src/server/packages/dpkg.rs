//! Which packages Debian has installed.

use std::{
    collections::HashSet,
    process::{Command, Stdio},
};

use super::program;

/// For each package its state, its name, and what else it stands for.
const FORMAT: &str = "${db:Status-Status} ${Package}, ${Provides}\\n";

/// The names of all packages that are installed, and of those that they stand for;
/// `None` where there is no `dpkg-query` to say so.
pub(super) fn installed(path: &str) -> Option<HashSet<String>> {
    let mut query = Command::new(program("dpkg-query", path)?);
    query
        .args(["--show", "--showformat", FORMAT])
        .stdin(Stdio::null());
    let told = query.output().ok().filter(|told| told.status.success())?;
    Some(names(&String::from_utf8_lossy(&told.stdout)))
}

fn names(told: &str) -> HashSet<String> {
    let installed = told
        .lines()
        .filter_map(|line| line.strip_prefix("installed "));
    let names = installed.flat_map(|line| line.split(','));
    // Some say which version they stand for: `awk (= 1.0)`.
    let names = names.filter_map(|name| name.split_whitespace().next());
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_installed_by_its_own_name_or_by_one_that_it_stands_for() {
        let told = "installed mawk, awk, nawk (= 1.3)\nconfig-files xterm, x-terminal\n\
            installed libc6, \nnot-installed galculator, \n";
        let names = names(told);
        for installed in ["mawk", "awk", "nawk", "libc6"] {
            assert!(names.contains(installed), "{installed}");
        }
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
