//! Where the desktop is.

/// What to do if no desktop is given.
const NO_ADDRESS: &str = "no desktop was given: start one with `deskhand desktop start` and \
                          set DESKHAND_URL and DESKHAND_TOKEN as it prints them, or use --url \
                          and --token";

/// The address of a desktop's API, checked before anything is sent.
pub(super) fn address(url: Option<&str>) -> Result<&str, String> {
    let url = url.ok_or(NO_ADDRESS)?;
    let parsed = reqwest::Url::parse(url).ok();
    let good = parsed.is_some_and(|parsed| {
        ["http", "https"].contains(&parsed.scheme())
            && parsed.has_host()
            && parsed.query().is_none()
            && parsed.fragment().is_none()
    });
    if good {
        Ok(url)
    } else {
        Err(format!(
            "`{url}` is not the URL of a desktop, such as `http://127.0.0.1:4000`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_begins_with_http() {
        for url in ["http://127.0.0.1:4000", "https://sbx-1.sandbox.leap0.dev/"] {
            assert_eq!(address(Some(url)), Ok(url));
        }
        for url in [
            "",
            "127.0.0.1:4000",
            "localhost:4000",
            "ftp://a",
            "http://a/?b",
        ] {
            assert!(address(Some(url)).is_err(), "{url}");
        }
    }

    #[test]
    fn without_an_address_one_learns_how_to_get_one() {
        let problem = address(None).unwrap_err();
        for word in [
            "desktop start",
            "DESKHAND_URL",
            "DESKHAND_TOKEN",
            "--url",
            "--token",
        ] {
            assert!(problem.contains(word), "{word}: {problem}");
        }
    }
}
