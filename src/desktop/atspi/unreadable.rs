//! Programs whose widgets cannot be read.

use std::collections::HashSet;

use super::Windows;
use crate::desktop::wire::{Unreadable, limits};

/// Programs of the desktop itself, which have windows but are not programs under test.
const OF_THE_DESKTOP: [&str; 2] = ["xfce4-panel", "xfdesktop"];

/// What is left if nothing makes a program report its widgets: toolkits such as Tk have none to
/// report.
const ELSE: &str = "point at what it shows with `text` or `image`";

/// A program that does not answer.
pub(crate) fn silent(program: &str) -> Unreadable {
    Unreadable {
        program: program.to_owned(),
        why: "it does not answer".to_owned(),
        silent: true,
        remedy: None,
    }
}

/// A program with a window of which not everything is read.
pub(crate) fn too_large(program: &str) -> Unreadable {
    Unreadable {
        program: program.to_owned(),
        why: format!(
            "it has more than the {} widgets that are read from a window",
            limits::WIDGETS_OF_A_WINDOW
        ),
        silent: true,
        remedy: None,
    }
}

/// A browser that reports only that it exists.
pub(crate) fn unwilling(browser: &str) -> Unreadable {
    Unreadable {
        program: browser.to_owned(),
        why: "it reports no widgets".to_owned(),
        silent: false,
        remedy: remedy("chromium").map(str::to_owned),
    }
}

/// The programs with windows that are not on the accessibility bus; of one window only,
/// if that is what is looked at. `of_process` knows the names of processes.
pub(crate) fn treeless(
    windows: &Windows,
    reporting: &HashSet<u32>,
    only: Option<&str>,
    of_process: impl Fn(u32) -> String,
) -> Vec<Unreadable> {
    let mut told = HashSet::new();
    let mut treeless = Vec::new();
    for window in &windows.listed {
        let class = window.class.split('.').next().unwrap_or_default();
        let reports = u32::try_from(window.pid).is_ok_and(|pid| reporting.contains(&pid));
        let is_meant = only.is_none_or(|only| window.id == only);
        if reports || !is_meant || OF_THE_DESKTOP.contains(&class) {
            continue;
        }
        let pid = u32::try_from(window.pid).unwrap_or_default();
        let process = of_process(pid);
        let program = [process.as_str(), class, window.title.as_str()]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or("a window without a title")
            .to_owned();
        if told.insert(program.clone()) {
            treeless.push(Unreadable {
                program,
                why: "it reports no widgets".to_owned(),
                silent: false,
                remedy: Some(remedy(&process).unwrap_or(ELSE).to_owned()),
            });
        }
    }
    treeless
}

/// What makes a program report its widgets.
fn remedy(process: &str) -> Option<&'static str> {
    match process {
        "java" => Some("install the package libatk-wrapper-java-jni"),
        "chromium" | "chrome" | "electron" => {
            Some("start it with `--force-renderer-accessibility`")
        }
        _ => None,
    }
}
