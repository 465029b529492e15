//! Words of command lines for the shell of a desktop's machine.

/// One word for a POSIX shell, whatever it holds.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_command_stays_a_quote() {
        assert_eq!(quote("it's"), r"'it'\''s'");
    }
}
