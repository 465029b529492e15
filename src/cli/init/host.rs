//! Which CI system a repository has, by the host of its remote.

use std::{path::Path, process::Command};

use super::{Recipe, recipes};

/// The file for the system of the host that `git remote` names, or why it is not known.
pub(super) fn recipe(root: &Path) -> Result<&'static Recipe, String> {
    let choose = choose();
    let address = remote(root).map_err(|problem| format!("{problem}; {choose}"))?;
    let host = host(&address);
    let known = host.and_then(of_host);
    known.ok_or_else(|| {
        let host = host.unwrap_or("this place");
        format!(
            "the remote of this repository is on {host}, whose CI system is not known; {choose}"
        )
    })
}

/// The address of the remote `origin`, or else of the first one. Git reads it from a file
/// and asks nobody.
fn remote(root: &Path) -> Result<String, String> {
    let names = git(root, &["remote"])?;
    let first = names.lines().next();
    let origin = names.lines().find(|name| *name == "origin").or(first);
    let name = origin.ok_or("this repository has no remote")?;
    git(root, &["remote", "get-url", "--", name])
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .output()
        .map_err(|error| format!("git cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("fatal: ");
    Err(format!("git says `{said}`"))
}

/// The host of `https://host/…`, `ssh://git@host:22/…` or `git@host:…`.
fn host(address: &str) -> Option<&str> {
    let rest = match address.split_once("://") {
        Some((_, rest)) => rest.split('/').next()?,
        None => address.split_once(':')?.0,
    };
    let host = rest.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty() && !host.contains('/')).then_some(host)
}

/// What to do where the host does not say it.
fn choose() -> String {
    let names: Vec<&str> = recipes().map(|recipe| recipe.name).collect();
    let names = match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    };
    format!("choose a CI system: --ci {names}")
}

fn of_host(host: &str) -> Option<&'static Recipe> {
    let host = host.to_ascii_lowercase();
    let is_or_below = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    // Companies call their own servers `gitlab.company.example`.
    let is_called = |name: &str| host.split('.').any(|part| part == name);
    let by_domain = recipes().find(|it| it.domains.iter().any(|domain| is_or_below(domain)));
    by_domain.or_else(|| recipes().find(|it| it.host.is_some_and(is_called)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_that_has_a_file_can_be_chosen() {
        assert_eq!(
            choose(),
            "choose a CI system: --ci github, gitlab, azure or buildkite"
        );
    }

    #[test]
    fn the_host_is_found_in_every_kind_of_address() {
        for (address, expected) in [
            ("https://github.com/me/it.git", Some("github")),
            ("git@github.com:me/it.git", Some("github")),
            (
                "ssh://git@gitlab.company.example:2222/me/it",
                Some("gitlab"),
            ),
            ("https://me:token@gitlab.com/me/it", Some("gitlab")),
            ("git@ssh.dev.azure.com:v3/me/it/it", Some("azure")),
            ("https://me@dev.azure.com/me/it/_git/it", Some("azure")),
            ("https://me.visualstudio.com/it/_git/it", Some("azure")),
            ("https://notdev.azure.com.example/it", None),
            ("https://git.example/github.com", None),
            ("/srv/git/github.com/it.git", None),
            ("../it.git", None),
            ("", None),
        ] {
            let found = host(address).and_then(of_host);
            assert_eq!(found.map(|it| it.name), expected, "{address}");
        }
    }
}
