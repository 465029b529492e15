//! What makes programs in Java report their widgets.
//!
//! They do so through a library of its own, which they load only if their virtual machine
//! is told to. The one way that reaches every program is a variable of which each virtual
//! machine says on its stderr that it has seen it.

use std::path::Path;

/// The variable.
const NAME: &str = "JAVA_TOOL_OPTIONS";

/// The library, of the package libatk-wrapper-java.
const LIBRARY: &str = "/usr/share/java/java-atk-wrapper.jar";

/// What a virtual machine is told.
const VALUE: &str = "-Djavax.accessibility.assistive_technologies=org.GNOME.Accessibility.\
                     AtkWrapper -Xbootclasspath/a:/usr/share/java/java-atk-wrapper.jar";

/// The variable, where the library is installed. What somebody else has put into it, who
/// comes later, is kept.
pub(super) fn variable() -> Option<(&'static str, String)> {
    let is_there = Path::new(LIBRARY).exists();
    is_there.then(|| (NAME, VALUE.to_owned()))
}

/// What a program wrote to its stderr, without the line about the variable.
pub(in crate::server) fn without_notice(stderr: String) -> String {
    let notice = format!("Picked up {NAME}: {VALUE}");
    if !stderr.contains(&notice) {
        return stderr;
    }
    let lines = stderr.split_inclusive('\n');
    lines.filter(|line| line.trim_end() != notice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_about_the_variable_is_left_out_and_no_other() {
        let notice = format!("Picked up JAVA_TOOL_OPTIONS: {VALUE}\n");
        let said = format!("before\n{notice}after");
        assert_eq!(without_notice(said), "before\nafter");
        assert_eq!(without_notice(notice), "");
        let other = "Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n";
        assert_eq!(without_notice(other.to_owned()), other);
    }

    #[test]
    fn the_library_is_the_one_that_is_named() {
        assert!(VALUE.ends_with(&format!(" -Xbootclasspath/a:{LIBRARY}")));
        assert!(VALUE.contains("org.GNOME.Accessibility.AtkWrapper "));
    }
}
