//! `tree-assert`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};

use super::{Play, Turn};
use crate::{
    desktop::{
        DesktopError,
        wire::{Scope, Unreadable, Widget, WidgetTrees},
    },
    event::{ArtifactKind, Candidate},
    executor::{
        UpdateBaselines,
        fault::{Fault, Mismatch, seconds},
        find::{self, Search},
        stage::Stage,
    },
    plan::{TreeAssert, TreeOf},
    widget::tree::{self, Comparison, Expected, Mode, Node},
};

/// How often the widgets are read until they match.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// How long the widgets must stay the same before they become a baseline.
const STILL: Duration = Duration::from_millis(400);

/// How many lines of a difference a failure shows.
const LINES: usize = 80;

/// What to do about a baseline that was written in this run.
const WRITTEN_HELP: &str = "look at the tree, commit it, and run again: a baseline never passes \
                            in the run that wrote it";

/// A tree that the widgets may be like.
struct Wanted {
    /// Its file, where it is a baseline.
    path: Option<PathBuf>,
    nodes: Vec<Expected>,
    mode: Mode,
}

/// Compares the widgets with a tree, again and again, until they match or the time is
/// over.
impl Play for TreeAssert {
    async fn play(&self, turn: &Turn<'_>, stage: &mut Stage<'_>) -> Result<(), Fault> {
        if stage.settings.dry {
            return Ok(());
        }
        let updates = stage.settings.update_baselines;
        let wanted = wanted(&self.tree, stage)?;
        if let TreeOf::Baseline(name) = &self.tree {
            let path = stage.tree_path(name);
            match updates {
                UpdateBaselines::All if !wanted.is_empty() => {
                    return renew(self, &wanted, (name, turn), stage).await;
                }
                UpdateBaselines::None if wanted.is_empty() => {
                    let seen = seen(self, turn, stage).await?;
                    keep(&seen, Some(&path), turn, stage).await?;
                    return Err(no_baseline(name, &path));
                }
                _ if wanted.is_empty() => {
                    let seen = still(self, turn, stage).await?;
                    return write((name, &path), &seen, ("did not exist", turn), stage).await;
                }
                _ => {}
            }
        }
        let seen = match until_like(self, &wanted, turn, stage).await? {
            Ok(like) => return passes(like, stage),
            Err(seen) => seen,
        };
        let Some((nearest, compared)) = nearest(&wanted, &seen) else {
            return Ok(());
        };
        if let (TreeOf::Baseline(name), UpdateBaselines::Changed, Some(path)) =
            (&self.tree, updates, &nearest.path)
        {
            let why = "no longer matched the widgets";
            return write((name, path), &seen, (why, turn), stage).await;
        }
        keep(&seen, nearest.path.as_deref(), turn, stage).await?;
        Err(differs(nearest, &compared, turn.limit()))
    }
}

fn wanted(tree: &TreeOf, stage: &Stage<'_>) -> Result<Vec<Wanted>, Fault> {
    let name = match tree {
        TreeOf::Here { nodes, mode } => {
            return Ok(vec![Wanted {
                path: None,
                nodes: nodes.clone(),
                mode: *mode,
            }]);
        }
        TreeOf::Baseline(name) => name,
    };
    let mut wanted = Vec::new();
    for (path, text) in stage.read_trees(name)? {
        let shown = path.display().to_string();
        let (nodes, mode) = TreeOf::read(&shown, &text).map_err(|problem| {
            Fault::broken(format!(
                "the baseline {shown} is not a tree of widgets: {problem}"
            ))
        })?;
        let path = Some(path);
        wanted.push(Wanted { path, nodes, mode });
    }
    Ok(wanted)
}

/// Reads the widgets until they are like one of the trees; otherwise answers what they
/// were in the end.
async fn until_like<'w>(
    assert: &TreeAssert,
    wanted: &'w [Wanted],
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<Result<&'w Wanted, Vec<Node>>, Fault> {
    loop {
        let over = Instant::now() >= turn.deadline;
        let seen = seen(assert, turn, stage).await?;
        let like = wanted
            .iter()
            .find(|wanted| tree::compare(&wanted.nodes, &seen, wanted.mode).is_like);
        if let Some(like) = like {
            return Ok(Ok(like));
        }
        if over {
            return Ok(Err(seen));
        }
        sleep_until(turn.deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
}

/// The widgets now: of the focused window, or of what the target finds.
async fn seen(
    assert: &TreeAssert,
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<Vec<Node>, Fault> {
    let scope = match &assert.target {
        None => Scope::Focused,
        Some(target) => {
            let found = match find::until(target, false, turn.deadline, stage).await? {
                Search::Found(found) => found,
                Search::Missing(missing) => {
                    return Err(find::absent(target, &missing, turn.id, stage).await);
                }
            };
            match (found.widget, found.window) {
                (Some(widget), _) => Scope::Widget(widget.id),
                (None, Some(window)) => Scope::Window(window.id),
                (None, None) => Scope::Focused,
            }
        }
    };
    loop {
        let trees = match stage.eyes.timed(stage.desktop.widgets(&scope)).await {
            Ok(trees) => trees,
            Err(DesktopError::Status(refused)) if refused.status == 404 => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let Some(program) = unread(&trees) else {
            return Ok(trees.items.iter().flat_map(Widget::nodes).collect());
        };
        // A program has a window before it reports what is in it.
        if Instant::now() >= turn.deadline {
            return Err(unreadable(program));
        }
        sleep_until(turn.deadline.min(Instant::now() + LOOK_AGAIN)).await;
    }
}

/// The program because of which nobody can tell what is there: one that does not answer,
/// or one that reports nothing.
fn unread(trees: &WidgetTrees) -> Option<&Unreadable> {
    let mut programs = trees.unreadable.iter();
    programs.find(|program| program.silent || trees.items.is_empty())
}

/// The widgets once they stay the same for a while.
async fn still(
    assert: &TreeAssert,
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<Vec<Node>, Fault> {
    let deadline = Instant::now() + turn.limit();
    let mut last = seen(assert, turn, stage).await?;
    let mut since = Instant::now();
    while since.elapsed() < STILL || last.is_empty() {
        if Instant::now() >= deadline {
            return Err(Fault::Failed(Mismatch {
                message: "the baseline could not be created: the widgets kept changing".to_owned(),
                expected: format!("widgets that do not change for {}", seconds(STILL)),
                seen: "different widgets each time".to_owned(),
                help: Some("wait for what changes last, or increase `timeout`".to_owned()),
                ..Mismatch::default()
            }));
        }
        sleep(LOOK_AGAIN).await;
        let now = seen(assert, turn, stage).await?;
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    Ok(last)
}

/// A tree that was written in this run proves nothing.
fn passes(wanted: &Wanted, stage: &Stage<'_>) -> Result<(), Fault> {
    let Some(path) = wanted.path.as_ref().filter(|path| stage.written.has(path)) else {
        return Ok(());
    };
    Err(Fault::Failed(Mismatch {
        message: "the baseline was written earlier in this run".to_owned(),
        expected: format!("the tree {}", path.display()),
        seen: "the same tree".to_owned(),
        help: Some(WRITTEN_HELP.to_owned()),
        goes_on: true,
        ..Mismatch::default()
    }))
}

/// The tree that the widgets are most like.
fn nearest<'w>(wanted: &'w [Wanted], seen: &[Node]) -> Option<(&'w Wanted, Comparison)> {
    wanted
        .iter()
        .map(|wanted| (wanted, tree::compare(&wanted.nodes, seen, wanted.mode)))
        .min_by_key(|(_, compared)| compared.differing)
}

/// Under `--update-baselines all`: writes the widgets that are there now, unless they
/// match already.
async fn renew(
    assert: &TreeAssert,
    wanted: &[Wanted],
    (name, turn): (&str, &Turn<'_>),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let seen = still(assert, turn, stage).await?;
    let Some((nearest, compared)) = nearest(wanted, &seen) else {
        return Ok(());
    };
    match &nearest.path {
        Some(path) if !compared.is_like => {
            write((name, path), &seen, ("was renewed", turn), stage).await
        }
        _ => passes(nearest, stage),
    }
}

/// A baseline that was written in this run is never a pass.
async fn write(
    (name, path): (&str, &Path),
    seen: &[Node],
    (why, turn): (&str, &Turn<'_>),
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    stage.write_tree(path, &tree::to_yaml(seen))?;
    keep(seen, None, turn, stage).await?;
    Err(Fault::Failed(Mismatch {
        message: format!("the baseline `{name}` {why} and was written"),
        expected: format!("the tree {}", path.display()),
        seen: format!("{} widgets, which are there now", count(seen)),
        help: Some(WRITTEN_HELP.to_owned()),
        goes_on: true,
        ..Mismatch::default()
    }))
}

fn count(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + count(&node.children)).sum()
}

/// Keeps the widgets, to be accepted as the baseline of that file.
async fn keep(
    seen: &[Node],
    baseline: Option<&Path>,
    turn: &Turn<'_>,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let candidate: Option<Candidate> = match baseline {
        Some(path) => Some(stage.candidate(path).await),
        None => None,
    };
    let name = format!("step-{}.tree.yaml", turn.id.0);
    stage.keep(ArtifactKind::Tree, &name, tree::to_yaml(seen).as_bytes())?;
    if let Some(kept) = stage.artifacts.last_mut() {
        kept.candidate = candidate.map(Box::new);
    }
    Ok(())
}

fn no_baseline(name: &str, path: &Path) -> Fault {
    let help = "look at the tree, make it the baseline with `deskhand accept`, and commit it";
    Fault::Failed(Mismatch {
        message: format!("there is no baseline `{name}`"),
        expected: format!("the tree {}", path.display()),
        seen: "no such file".to_owned(),
        help: Some(help.to_owned()),
        goes_on: true,
        ..Mismatch::default()
    })
}

fn differs(wanted: &Wanted, compared: &Comparison, limit: Duration) -> Fault {
    let mut lines = compared.folded();
    if lines.len() > LINES {
        let more = lines.len() - LINES;
        lines.truncate(LINES);
        lines.push(format!("… {more} more lines"));
    }
    let (count, noun) = (compared.differing, noun(compared.differing));
    let limit = seconds(limit);
    let signs = if wanted.mode == Mode::Contain {
        "`-` is expected and not there, `+` is there instead"
    } else {
        "`-` is expected, `+` is there"
    };
    Fault::Failed(Mismatch {
        message: match &wanted.path {
            Some(path) => format!("the widgets differ from {}", path.display()),
            None => "the widgets are not as expected".to_owned(),
        },
        expected: match &wanted.path {
            Some(path) => format!("the tree {}", path.display()),
            None => "the tree of this step".to_owned(),
        },
        seen: format!(
            "{count} differing {noun}, still after {limit} ({signs}):\n{}",
            lines.join("\n")
        ),
        help: help(wanted, compared).map(ToOwned::to_owned),
        ..Mismatch::default()
    })
}

fn help(wanted: &Wanted, compared: &Comparison) -> Option<&'static str> {
    if wanted.path.is_some() {
        return Some(
            "if the new tree is right, make it the baseline with `deskhand accept` and commit it",
        );
    }
    compared.is_elsewhere.then_some(
        "the widgets of one list are in the same widget: write each list below the widget that has \
         it, as `deskhand ctl tree` prints it",
    )
}

const fn noun(count: usize) -> &'static str {
    if count == 1 { "line" } else { "lines" }
}

fn unreadable(program: &Unreadable) -> Fault {
    let Unreadable {
        program,
        why,
        silent,
        remedy,
    } = program;
    let reports = if *silent {
        "which does not answer now"
    } else {
        "which reports none"
    };
    Fault::Failed(Mismatch {
        message: format!("the widgets of `{program}` cannot be read: {why}"),
        expected: "a program that reports its widgets".to_owned(),
        seen: format!("`{program}`, {reports}"),
        help: remedy.clone(),
        ..Mismatch::default()
    })
}
