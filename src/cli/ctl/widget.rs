//! The widgets of programs.

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{
    Answer, Call, Fault,
    show::{Shown, table},
};
use crate::{
    cli::Exit,
    desktop::wire::{Scope, Unreadable, Widget, WidgetQuery, WidgetTrees, WidgetsFound},
    pattern::Pattern,
    plain::plain,
    widget::{Role, tree},
};

#[derive(Debug, Subcommand)]
pub(super) enum Method {
    /// Print the widgets of the windows as a tree, which can be pasted into a
    /// `tree-assert`
    #[command(visible_alias = "tree")]
    Widgets {
        #[command(flatten)]
        place: Place,
    },
    /// Print the widgets with a role or a name; exit status 1 if there are none
    FindWidgets {
        /// What they are, such as `button` or `textbox`
        #[arg(long, value_parser = role())]
        role: Option<Role>,
        /// Their name, or a regular expression between slashes
        #[arg(long)]
        name: Option<String>,
        /// What they contain, or a regular expression between slashes
        #[arg(long)]
        value: Option<String>,
        /// Also those that are hidden: in closed menus, or on pages that are not in front
        #[arg(long)]
        hidden: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Scroll a widget into view, and print it as it is then
    RevealWidget {
        /// The id of the widget, from `deskhand ctl find-widgets`
        widget: String,
    },
}

/// Which widgets to look at; all of them by default.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(super) struct Place {
    /// Only those of this window: its id, its title, or a regular expression for the
    /// title between slashes
    #[arg(long)]
    window: Option<String>,
    /// Only those of the focused window
    #[arg(long)]
    focused: bool,
    /// Only this widget, by its id, and those in it
    #[arg(long, value_name = "ID")]
    widget: Option<String>,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::NAMES)
        .try_map(|name| Role::from_name(&name).ok_or("there is no such role"))
}

impl Place {
    async fn scope(&self, call: &Call<'_>) -> Result<Scope, Fault> {
        if let Some(id) = &self.widget {
            return Ok(Scope::Widget(id.clone()));
        }
        let Some(window) = &self.window else {
            return Ok(if self.focused {
                Scope::Focused
            } else {
                Scope::All
            });
        };
        if window.starts_with("0x") {
            return Ok(Scope::Window(window.clone()));
        }
        let title = Pattern::parse(window).map_err(Fault::Usage)?;
        let windows = call.ask(call.desktop.windows()).await?;
        let found = windows.iter().rev().find(|it| title.matches(&it.title));
        found
            .map(|window| Scope::Window(window.id.clone()))
            .ok_or_else(|| {
                let help = "`deskhand ctl windows` lists those that are open";
                Fault::Usage(format!("there is no window `{window}`: {help}"))
            })
    }
}

impl Method {
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        Ok(match self {
            Self::Widgets { place } => {
                let scope = place.scope(call).await?;
                Answer::of(&call.ask(call.desktop.widgets(&scope)).await?)
            }
            Self::FindWidgets {
                role,
                name,
                value,
                hidden,
                place,
            } => {
                let query = WidgetQuery {
                    scope: place.scope(call).await?,
                    role: *role,
                    name: name.clone(),
                    value: value.clone(),
                    hidden: *hidden,
                    ..WidgetQuery::default()
                };
                Answer::of(&call.ask(call.desktop.find_widgets(&query)).await?)
            }
            Self::RevealWidget { widget } => {
                Answer::of(&call.ask(call.desktop.reveal_widget(widget)).await?)
            }
        })
    }
}

impl Shown for WidgetTrees {
    /// The widgets as a tree, and what cannot be read as comments.
    fn text(&self) -> String {
        let nodes: Vec<tree::Node> = self.items.iter().flat_map(Widget::nodes).collect();
        let unreadable = self.unreadable.iter().map(comment);
        plain(&(unreadable.collect::<String>() + &tree::to_yaml(&nodes)))
    }
}

impl Shown for WidgetsFound {
    fn text(&self) -> String {
        table(&HEAD, self.items.iter().map(row))
    }

    fn exit(&self) -> Exit {
        if self.items.is_empty() {
            Exit::Failed
        } else {
            Exit::Passed
        }
    }
}

impl Shown for Widget {
    fn text(&self) -> String {
        table(&HEAD, [row(self)].into_iter())
    }
}

fn comment(program: &Unreadable) -> String {
    format!("# {}: {}\n", program.program, program.reason())
}

const HEAD: [&str; 5] = ["WIDGET", "VALUE", "PLACE", "PROGRAM", "ID"];

fn row(widget: &Widget) -> [String; 5] {
    let node = tree::Node {
        role: widget.role,
        name: widget.name.clone(),
        states: widget.states,
        ..tree::Node::default()
    };
    let place = widget
        .area
        .map_or_else(|| "hidden".to_owned(), |area| area.to_string());
    let out_of_view = if widget.visible || widget.area.is_none() {
        ""
    } else {
        ", out of view"
    };
    [
        plain(&node.head()),
        plain(widget.value.as_deref().unwrap_or_default()),
        format!("{place}{out_of_view}"),
        plain(&widget.program),
        plain(&widget.id),
    ]
}
