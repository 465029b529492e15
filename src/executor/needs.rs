//! What a scenario needs from its desktop is checked before the desktop is started or, if only the
//! desktop itself knows, before the first step is played.

use super::{
    Settings,
    player::{excerpt, place},
};
use crate::{
    desktop::{Desktop, Host, wire::Extensions},
    event::Trouble,
    language::Language,
    plan::{Need, Plan, Step},
};

/// Why a plan cannot be played on the desktops of a host, if it cannot.
pub(super) async fn missing(plan: &Plan, settings: &Settings, host: &dyn Host) -> Option<Trouble> {
    let needs = plan.needs();
    if needs.is_empty() || settings.dry {
        return None;
    }
    let offers = match host.offers().await {
        Ok(offers) => offers,
        Err(error) => {
            return Some(Trouble {
                verb: "desktop".to_owned(),
                message: error.message,
                detail: error.detail,
                help: error.help,
                place: None,
                excerpt: None,
                moment: None,
            });
        }
    };
    let offered = |need: &Need| match need {
        Need::Execute => offers.has(Extensions::EXECUTE),
        Need::Files => offers.has(Extensions::FILES),
        Need::Hold => offers.has(Extensions::HOLD),
        Need::HeldKeys => offers.has(Extensions::HELD_KEYS),
        Need::Clipboard => offers.has(Extensions::CLIPBOARD),
        Need::TextRecognition => settings.recognizer.is_some(),
        Need::Windows => offers.has(Extensions::WINDOWS),
        // Where commands run, programs may be asked for their widgets from outside.
        Need::Widgets => {
            let may_be = [Extensions::WIDGETS, Extensions::EXECUTE];
            plan.accessibility && may_be.iter().any(|name| offers.has(name))
        }
    };
    let Some(need) = needs.iter().copied().find(|need| !offered(need)) else {
        return unreadable(plan, settings, &needs);
    };
    let first = first(plan, need);
    Some(if need == Need::Widgets && !plan.accessibility {
        switched_off(first)
    } else {
        trouble(need, first, host.kind())
    })
}

/// Why a plan cannot be played on this desktop, which has been started, if it cannot.
pub(super) async fn lacking(
    plan: &Plan,
    settings: &Settings,
    (desktop, kind): (&dyn Desktop, &str),
) -> Option<Trouble> {
    if settings.dry || !plan.needs().contains(&Need::Widgets) {
        return None;
    }
    let why = match desktop.no_widgets().await {
        Ok(why) => why?,
        Err(error) => return Some(at_step(None, error.to_string(), None)),
    };
    let step = first(plan, Need::Widgets);
    let verb = step.map_or("desktop", |step| step.verb);
    let help = "install what is missing there, or play it on the local desktop, which offers \
                everything";
    let message =
        format!("`{verb}` needs widgets, which the desktop of `{kind}` does not offer: {why}");
    Some(at_step(step, message, Some(help)))
}

/// The first step that needs something.
fn first(plan: &Plan, need: Need) -> Option<&Step> {
    let mut first: Option<&Step> = None;
    plan.each_step(&mut |step| {
        if first.is_none() && step.needs().contains(&need) {
            first = Some(step);
        }
    });
    first
}

/// Why text in a language of the plan cannot be read, if it cannot.
fn unreadable(plan: &Plan, settings: &Settings, needs: &[Need]) -> Option<Trouble> {
    let reads = needs.contains(&Need::TextRecognition);
    let recognizer = settings.recognizer.as_ref().filter(|_| reads)?;
    let lacking = recognizer.lacks(&plan.languages);
    let listed = |of: fn(Language) -> &'static str| {
        let texts: Vec<&str> = lacking.iter().map(|language| of(*language)).collect();
        texts.join(" and ")
    };
    let noun = match lacking.len() {
        0 => return None,
        1 => "package",
        _ => "packages",
    };
    let (names, packages) = (listed(Language::name), listed(Language::package));
    Some(Trouble {
        verb: "desktop".to_owned(),
        message: format!("text in {names} cannot be read: `tesseract` has no data for it"),
        detail: None,
        help: Some(format!(
            "install the {noun} {packages} (`deskhand run` does it with `--install-deps`)"
        )),
        place: None,
        excerpt: None,
        moment: None,
    })
}

/// Widgets are needed, and the scenario itself turns them off.
fn switched_off(step: Option<&Step>) -> Trouble {
    let verb = step.map_or("desktop", |step| step.verb);
    at_step(
        step,
        format!("`{verb}` needs widgets, which `desktop: {{ accessibility: false }}` turns off"),
        Some("remove `accessibility: false`"),
    )
}

fn trouble(need: Need, step: Option<&Step>, kind: &str) -> Trouble {
    let verb = step.map_or("desktop", |step| step.verb);
    let (message, help) = match need {
        Need::TextRecognition => (
            format!("`{verb}` reads text on the screen, but `tesseract` is not installed"),
            "install the package tesseract-ocr (`deskhand run` does it with `--install-deps`)",
        ),
        _ => (
            format!(
                "`{verb}` needs {}, which the desktop of `{kind}` does not offer",
                need.name()
            ),
            "play it on the local desktop, which offers everything",
        ),
    };
    at_step(step, message, Some(help))
}

fn at_step(step: Option<&Step>, message: String, help: Option<&str>) -> Trouble {
    Trouble {
        verb: step.map_or("desktop", |step| step.verb).to_owned(),
        message,
        detail: None,
        help: help.map(str::to_owned),
        place: step.map(|step| place(&step.origin)),
        excerpt: step.map(|step| excerpt(&step.origin)),
        moment: None,
    }
}
