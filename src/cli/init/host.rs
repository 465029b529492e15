//! Which CI system a repository has, by the host of its remote.

use std::{path::Path, process::Command};

use super::System;

/// The system of the host that `git remote` names, or why it is not known.
pub(super) fn system(root: &Path) -> Result<System, String> {
    let choose = "choose a CI system: --ci github, gitlab, azure or buildkite";
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

fn of_host(host: &str) -> Option<System> {
    let host = host.to_ascii_lowercase();
    let is_or_below = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    // Companies call their own servers `gitlab.company.example`.
    let is_called = |name: &str| host.split('.').any(|part| part == name);
    if is_or_below("dev.azure.com") || is_or_below("visualstudio.com") {
        Some(System::Azure)
    } else if is_called("github") {
        Some(System::Github)
    } else if is_called("gitlab") {
        Some(System::Gitlab)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_in_every_kind_of_address() {
        for (address, expected) in [
            ("https://github.com/me/it.git", Some(System::Github)),
            ("git@github.com:me/it.git", Some(System::Github)),
            (
                "ssh://git@gitlab.company.example:2222/me/it",
                Some(System::Gitlab),
            ),
            ("https://me:token@gitlab.com/me/it", Some(System::Gitlab)),
            ("git@ssh.dev.azure.com:v3/me/it/it", Some(System::Azure)),
            (
                "https://me@dev.azure.com/me/it/_git/it",
                Some(System::Azure),
            ),
            (
                "https://me.visualstudio.com/it/_git/it",
                Some(System::Azure),
            ),
            ("https://notdev.azure.com.example/it", None),
            ("https://git.example/github.com", None),
            ("/srv/git/github.com/it.git", None),
            ("../it.git", None),
            ("", None),
        ] {
            assert_eq!(host(address).and_then(of_host), expected, "{address}");
        }
    }
}
