//! Processes for the tests of those that look at processes.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// Starts a program, and waits until it has said a line; answers that as well.
pub(super) fn started(program: &str, arguments: [&str; 2]) -> (Child, String) {
    let mut child = Command::new(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    (child, line)
}
