//! The widgets of programs: an extension of the protocol.

use std::sync::Arc;

use axum::{Json, extract::State};

use super::{
    Shared,
    display::with_screen,
    extract::{Body, Parameters},
    fields::Fields,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{Scope, Widget, WidgetTrees, WidgetsFound, limits},
    pattern::Pattern,
    server::{
        machine::Machine,
        widgets::{Search, Widgets, WidgetsError, Windows},
    },
    widget::{Checked, Role, States, Wanted},
};

/// The widgets of windows, as trees.
pub(super) async fn trees(
    State(machine): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Json<WidgetTrees>, Refusal> {
    let scope = scope(&mut fields);
    fields.finish()?;
    let widgets = widgets(&machine)?;
    let windows = windows(&machine).await?;
    Ok(Json(widgets.trees(&scope, &windows).await?))
}

/// The widgets that match.
pub(super) async fn find(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<WidgetsFound>, Refusal> {
    fields.only(&["scope", "role", "name", "value", "states", "hidden", "near"]);
    let scope = scope_of_body(&mut fields);
    let hidden = fields.boolean("hidden").unwrap_or(false);
    let near = fields.boolean("near").unwrap_or(true);
    let wanted = wanted(&mut fields);
    fields.finish()?;
    let widgets = widgets(&machine)?;
    let windows = windows(&machine).await?;
    let search = Search {
        scope: &scope,
        wanted,
        hidden,
        near,
    };
    Ok(Json(widgets.find(search, &windows).await?))
}

/// Scrolls to a widget.
pub(super) async fn reveal(
    State(machine): Shared,
    Body(mut fields): Body,
) -> Result<Json<Widget>, Refusal> {
    fields.only(&["widget"]);
    let id = fields.text("widget");
    if id.is_none() && !fields.has("widget") {
        fields.bad("widget", "is required");
    }
    fields.finish()?;
    let widgets = widgets(&machine)?;
    let windows = windows(&machine).await?;
    let id = id.unwrap_or_default();
    Ok(Json(widgets.reveal(&id, &windows).await?))
}

fn widgets(machine: &Machine) -> Result<&Widgets, Refusal> {
    machine.widgets.as_ref().ok_or_else(|| {
        Refusal::not_found("this desktop was started without accessibility".to_owned())
    })
}

/// What the X server knows of the windows.
async fn windows(machine: &Arc<Machine>) -> Result<Windows, Refusal> {
    let (unpainted, catch_up) = (Arc::clone(&machine.unpainted), machine.catch_up());
    with_screen(machine, move |screen| {
        catch_up(screen)?;
        let listed = screen.windows()?;
        let shadows = screen.shadows(&listed)?;
        let stack = screen.stack(&unpainted)?;
        Ok(Windows {
            listed,
            stack,
            shadows,
        })
    })
    .await
}

/// The scope of a query.
fn scope(fields: &mut Fields) -> Scope {
    let word = fields.text("scope");
    let (window, widget) = (fields.text("window"), fields.text("widget"));
    match (word.as_deref(), window, widget) {
        (None | Some("all"), None, None) => Scope::All,
        (Some("focused"), None, None) => Scope::Focused,
        (None, Some(id), None) => Scope::Window(id),
        (None, None, Some(id)) => Scope::Widget(id),
        (Some(_), None, None) => {
            fields.bad("scope", "must be all or focused");
            Scope::All
        }
        _ => {
            fields.bad("scope", "cannot be combined with window or widget");
            Scope::All
        }
    }
}

/// The scope of a body: a word, or an object with the id of a window or a widget.
fn scope_of_body(fields: &mut Fields) -> Scope {
    let Some(value) = fields.json("scope") else {
        return Scope::All;
    };
    serde_json::from_value(value).unwrap_or_else(|_| {
        let takes = "must be \"all\", \"focused\", {\"window\": ID} or {\"widget\": ID}";
        fields.bad("scope", takes);
        Scope::All
    })
}

fn wanted(fields: &mut Fields) -> Wanted {
    let role = fields.text("role").and_then(|name| {
        let role = Role::from_name(&name);
        if role.is_none() {
            fields.bad("role", format!("must be one of {}", Role::NAMES.join(", ")));
        }
        role
    });
    let (name, value) = (pattern("name", fields), pattern("value", fields));
    let states = fields.json("states").map(serde_json::from_value::<States>);
    let states = states.unwrap_or(Ok(States::default())).unwrap_or_else(|_| {
        let words = [Checked::Yes, Checked::No, Checked::Mixed].map(Checked::name);
        fields.bad(
            "states",
            format!(
                "must be an object of true and false; `checked` is {}",
                words.join(", ")
            ),
        );
        States::default()
    });
    Wanted {
        role,
        name,
        value,
        states,
    }
}

fn pattern(field: &str, fields: &mut Fields) -> Option<Pattern> {
    let text = fields.text(field)?;
    let most = limits::WIDGET_TEXT;
    if text.chars().count() > most {
        fields.bad(field, format!("must have at most {most} characters"));
        return None;
    }
    match Pattern::parse(&text) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            fields.bad(field, format!("is not a valid regular expression: {why}"));
            None
        }
    }
}

impl From<WidgetsError> for Refusal {
    fn from(error: WidgetsError) -> Self {
        match error {
            WidgetsError::Unknown(_) => Self::not_found(error.to_string()),
            WidgetsError::Lost(_) => Self::unavailable(error.to_string()),
        }
    }
}
