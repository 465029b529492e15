//! Where what a summary names can be seen in a browser, by the variables of CI systems.

/// Addresses, as far as they are known.
#[derive(Debug, Default, Eq, PartialEq)]
pub(in crate::cli) struct Links {
    /// What comes before the path of a file of the repository.
    pub(in crate::cli) source: Option<String>,
    /// The page of the run of the CI system.
    pub(in crate::cli) run: Option<String>,
}

/// How variables of a job are read.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(super) fn github(server: &str, variable: Variables<'_>) -> Option<Links> {
    let repository = variable("GITHUB_REPOSITORY")?;
    let place = format!("{server}/{repository}");
    Some(Links {
        source: variable("GITHUB_SHA").map(|commit| format!("{place}/blob/{commit}/")),
        run: variable("GITHUB_RUN_ID").map(|run| format!("{place}/actions/runs/{run}")),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "other systems may lack something")]
pub(super) fn gitlab(project: &str, variable: Variables<'_>) -> Option<Links> {
    Some(Links {
        source: variable("CI_COMMIT_SHA").map(|commit| format!("{project}/-/blob/{commit}/")),
        run: variable("CI_JOB_URL").map(|job| format!("{job}/artifacts/browse")),
    })
}

pub(super) fn azure(collection: &str, variable: Variables<'_>) -> Option<Links> {
    let project = variable("SYSTEM_TEAMPROJECT")?;
    let build = variable("BUILD_BUILDID")?;
    let collection = collection.trim_end_matches('/');
    Some(Links {
        source: None,
        run: Some(format!(
            "{collection}/{project}/_build/results?buildId={build}"
        )),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "other systems may lack something")]
pub(super) fn buildkite(build: &str, _variable: Variables<'_>) -> Option<Links> {
    Some(Links {
        source: None,
        run: Some(build.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(variables: &[(&str, &str)]) -> [String; 2] {
        let links = Links::of(&|name| {
            let set = variables.iter().find(|(set, _)| *set == name);
            set.map(|(_, value)| (*value).to_owned())
        });
        [links.source, links.run].map(Option::unwrap_or_default)
    }

    #[test]
    fn each_system_says_where_its_files_and_runs_are() {
        let github = [
            ("GITHUB_SERVER_URL", "https://git.example"),
            ("GITHUB_REPOSITORY", "me/it"),
            ("GITHUB_SHA", "abc"),
            ("GITHUB_RUN_ID", "7"),
        ];
        assert_eq!(
            links(&github),
            [
                "https://git.example/me/it/blob/abc/",
                "https://git.example/me/it/actions/runs/7"
            ]
        );
        let gitlab = [
            ("CI_PROJECT_URL", "https://git.example/me/it"),
            ("CI_COMMIT_SHA", "abc"),
            ("CI_JOB_URL", "https://git.example/me/it/-/jobs/7"),
        ];
        assert_eq!(
            links(&gitlab),
            [
                "https://git.example/me/it/-/blob/abc/",
                "https://git.example/me/it/-/jobs/7/artifacts/browse"
            ]
        );
        let azure = [
            ("SYSTEM_COLLECTIONURI", "https://azure.example/me/"),
            ("SYSTEM_TEAMPROJECT", "it"),
            ("BUILD_BUILDID", "7"),
        ];
        assert_eq!(
            links(&azure),
            ["", "https://azure.example/me/it/_build/results?buildId=7"]
        );
        let buildkite = [("BUILDKITE_BUILD_URL", "https://build.example/7")];
        assert_eq!(links(&buildkite), ["", "https://build.example/7"]);
        assert_eq!(links(&[]), ["", ""]);
    }
}
