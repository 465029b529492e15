//! Random bytes that nobody can guess.

use std::io;

/// As many random bytes as are asked for.
///
/// # Errors
///
/// That the system has none.
pub(crate) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| io::Error::other(format!("cannot get random bytes: {error}")))?;
    Ok(bytes)
}

/// A token of 192 bits, in hexadecimal digits.
///
/// # Errors
///
/// That the system has no random bytes.
pub(crate) fn token() -> io::Result<String> {
    Ok(hex(&random::<24>()?))
}

/// Compares in a time that does not reveal where the first difference is.
#[must_use]
pub(crate) fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .fold(0, |sum, (left, right)| sum | (left ^ right))
            == 0
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_never_the_same() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 48);
        assert!(!same(&one, &other));
        assert!(same(&one, &one.clone()));
    }
}
