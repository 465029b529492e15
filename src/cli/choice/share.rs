//! Which share of the suite this machine plays: what `--shard` says.

use std::str::FromStr;

use crate::{cli::ci::GITLAB, shard::Shard};

/// What `--shard` says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Share {
    /// What the engine that started this run says.
    Auto,
    /// This one.
    Of(Shard),
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        text.parse().map(Self::Of)
    }
}

/// An engine that runs a job several times side by side and says by two variables
/// which of how many each is.
struct Engine {
    name: &'static str,
    index: &'static str,
    /// The number of the first.
    first: usize,
    count: &'static str,
    /// A variable that must be `true`: others use the same two with another meaning.
    only_if: Option<&'static str>,
}

const fn engine(
    name: &'static str,
    (index, first): (&'static str, usize),
    count: &'static str,
) -> Engine {
    Engine {
        name,
        index,
        first,
        count,
        only_if: None,
    }
}

/// How many shards there are, if the engine does not say it.
const OUR_COUNT: &str = "DESKHAND_SHARDS";

/// Ours first, for engines that say nothing; then those that a job of another may have
/// started, whose variables they pass on.
const ENGINES: [Engine; 10] = [
    engine("Deskhand", ("DESKHAND_SHARD_INDEX", 0), OUR_COUNT),
    // A Kubernetes Indexed Job says its index only.
    engine("Kubernetes", ("JOB_COMPLETION_INDEX", 0), OUR_COUNT),
    engine(
        "AWS Batch",
        ("AWS_BATCH_JOB_ARRAY_INDEX", 0),
        "AWS_BATCH_JOB_ARRAY_SIZE",
    ),
    engine(
        "Cloud Run",
        ("CLOUD_RUN_TASK_INDEX", 0),
        "CLOUD_RUN_TASK_COUNT",
    ),
    Engine {
        only_if: Some(GITLAB),
        ..engine("GitLab", ("CI_NODE_INDEX", 1), "CI_NODE_TOTAL")
    },
    engine(
        "Buildkite",
        ("BUILDKITE_PARALLEL_JOB", 0),
        "BUILDKITE_PARALLEL_JOB_COUNT",
    ),
    engine("CircleCI", ("CIRCLE_NODE_INDEX", 0), "CIRCLE_NODE_TOTAL"),
    engine(
        "Azure Pipelines",
        ("SYSTEM_JOBPOSITIONINPHASE", 1),
        "SYSTEM_TOTALJOBSINPHASE",
    ),
    engine(
        "Semaphore",
        ("SEMAPHORE_JOB_INDEX", 1),
        "SEMAPHORE_JOB_COUNT",
    ),
    engine(
        "Bitbucket",
        ("BITBUCKET_PARALLEL_STEP", 0),
        "BITBUCKET_PARALLEL_STEP_COUNT",
    ),
];

impl Share {
    /// The shard that it is. `variable` is how the engine's variables are read.
    pub(super) fn shard(self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, String> {
        match self {
            Self::Of(shard) => Ok(shard),
            Self::Auto => auto(variable),
        }
    }
}

fn auto(variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, String> {
    let mut single = None;
    // Slurm starts jobs with the variables of whoever submitted them.
    let found = slurm(variable)
        .into_iter()
        .chain(ENGINES.iter().filter_map(|engine| engine.shard(variable)));
    for shard in found {
        let shard = shard?;
        // A job that is not divided may be part of one that is.
        if shard.count > 1 {
            return Ok(shard);
        }
        single.get_or_insert(shard);
    }
    single.ok_or_else(|| {
        format!(
            "`--shard auto` finds no variable that says which shard this is; write `--shard I/N`, \
             or set DESKHAND_SHARD_INDEX (from 0) and {OUR_COUNT}"
        )
    })
}

impl Engine {
    /// What it says, if it started this run.
    fn shard(&self, variable: &dyn Fn(&str) -> Option<String>) -> Option<Result<Shard, String>> {
        let is_there = |name| variable(name).as_deref() == Some("true");
        if !self.only_if.is_none_or(is_there) {
            return None;
        }
        let index = variable(self.index)?;
        let Some(count) = variable(self.count) else {
            // Some engines set the index of every job, and the count of divided ones.
            return (self.count == OUR_COUNT).then(|| {
                Err(format!(
                    "{} says by {} which shard this is, but not how many there are: set {OUR_COUNT} \
                     to that number",
                    self.name, self.index
                ))
            });
        };
        let shard = || {
            let index = index.parse::<usize>().ok()?.checked_sub(self.first)? + 1;
            Shard::new(index, count.parse().ok()?)
        };
        Some(shard().ok_or_else(|| {
            format!(
                "{} is `{index}` and {} is `{count}`: that is no shard of {}",
                self.index, self.count, self.name
            )
        }))
    }
}

/// What Slurm says to a task of a job array: sbatch(1), "OUTPUT ENVIRONMENT VARIABLES".
fn slurm(variable: &dyn Fn(&str) -> Option<String>) -> Option<Result<Shard, String>> {
    let id = variable("SLURM_ARRAY_TASK_ID")?;
    let number = |name| variable(name)?.parse::<usize>().ok();
    let shard = || {
        let id: usize = id.parse().ok()?;
        let (least, most) = (
            number("SLURM_ARRAY_TASK_MIN")?,
            number("SLURM_ARRAY_TASK_MAX")?,
        );
        let (step, count) = (
            number("SLURM_ARRAY_TASK_STEP").unwrap_or(1),
            number("SLURM_ARRAY_TASK_COUNT")?,
        );
        let place = |id: usize| id.checked_sub(least)?.checked_div(step);
        // In `--array=1,3,7` nobody says which of the three a task is.
        if place(most)? + 1 != count {
            return None;
        }
        Shard::new(place(id)? + 1, count)
    };
    Some(shard().ok_or_else(|| {
        "this Slurm job array is not a range such as `--array=0-3`: write `--shard I/N`".to_owned()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `--shard auto` means where these variables are set: `2 of 4`, or the problem.
    fn auto(variables: &[(&str, &str)]) -> String {
        let variable = |name: &str| {
            let set = variables.iter().find(|(set, _)| *set == name);
            set.map(|(_, value)| (*value).to_owned())
        };
        match Share::Auto.shard(&variable) {
            Ok(shard) => shard.to_string(),
            Err(problem) => problem,
        }
    }

    #[test]
    fn every_engine_says_which_shard_this_is() {
        for engine in &ENGINES {
            let index = (engine.first + 1).to_string();
            let set = [
                (engine.index, index.as_str()),
                (engine.count, "4"),
                (engine.only_if.unwrap_or("NOTHING"), "true"),
            ];
            assert_eq!(auto(&set), "2 of 4", "{}", engine.name);
        }
    }

    #[test]
    fn an_engine_that_does_not_say_how_many_shards_there_are_needs_a_variable() {
        let problem = auto(&[("JOB_COMPLETION_INDEX", "1")]);
        assert!(problem.contains("set DESKHAND_SHARDS"), "{problem}");
        let both = [("JOB_COMPLETION_INDEX", "1"), ("DESKHAND_SHARDS", "3")];
        assert_eq!(auto(&both), "2 of 3");
    }

    #[test]
    fn the_variables_of_gitlab_mean_something_else_elsewhere() {
        let set = [("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "4")];
        assert!(auto(&set).contains("finds no variable"));
    }

    #[test]
    fn a_job_that_is_not_divided_may_be_part_of_one_that_is() {
        let set = [
            ("CIRCLE_NODE_INDEX", "0"),
            ("CIRCLE_NODE_TOTAL", "1"),
            ("SYSTEM_JOBPOSITIONINPHASE", "2"),
            ("SYSTEM_TOTALJOBSINPHASE", "3"),
        ];
        assert_eq!(auto(&set), "2 of 3");
        assert_eq!(auto(&set[..2]), "1 of 1");
    }

    #[test]
    fn a_slurm_array_is_a_range() {
        let array = |id, (least, most), step, count| {
            auto(&[
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_MIN", least),
                ("SLURM_ARRAY_TASK_MAX", most),
                ("SLURM_ARRAY_TASK_STEP", step),
                ("SLURM_ARRAY_TASK_COUNT", count),
            ])
        };
        assert_eq!(array("0", ("0", "3"), "1", "4"), "1 of 4");
        assert_eq!(array("5", ("1", "7"), "2", "4"), "3 of 4");
        assert!(array("3", ("1", "7"), "1", "3").contains("not a range"));
        // Slurm says this about an array of one.
        assert_eq!(array("2", ("2", "2"), "1", "1"), "1 of 1");
    }

    #[test]
    fn a_shard_is_given_as_one_of_several() {
        assert!(matches!("2/4".parse(), Ok(Share::Of(shard)) if shard.index == 2));
        assert_eq!("auto".parse(), Ok(Share::Auto));
        assert!("3".parse::<Share>().is_err());
    }
}
