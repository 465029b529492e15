//! The accessibility bus of a session, and the questions that are asked on it.
//!
//! A session's message bus tells where its accessibility bus is, and starts it when it
//! is asked for the first time. Programs that have no reason to report widgets do so
//! once the property `IsEnabled` is true.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::time::{sleep, timeout};
use zbus::{
    Connection, Message,
    connection::Builder,
    zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type, Value},
};

use super::{role::AtspiRole, state::AtspiStates};
use crate::{
    geometry::Rect,
    server::{keeper::SessionFolder, look, processes::connect},
};

/// How long the session's bus may take to be there, and the accessibility bus to start:
/// together they usually take 100 ms.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a program may take to answer.
const ANSWER: Duration = Duration::from_secs(1);

/// How often it is looked whether the session's bus is there.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const COMPONENT: &str = "org.a11y.atspi.Component";
const TEXT: &str = "org.a11y.atspi.Text";
const VALUE: &str = "org.a11y.atspi.Value";
const SELECTION: &str = "org.a11y.atspi.Selection";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// The object that stands for a whole program, or for the desktop.
const ROOT: &str = "/org/a11y/atspi/accessible/root";

/// The relation of a field to the label that names it (`AtspiRelationType`).
const LABELLED_BY: u32 = 2;

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum BusError {
    /// The program was asked and said nothing for as long as anybody waits.
    #[error("it does not answer")]
    Silent,
    /// It has no such object any more, or does not know the question.
    #[error("{0}")]
    Refused(String),
    /// There is no accessibility bus.
    #[error("the accessibility bus cannot be reached: {0}")]
    Lost(String),
}

type Result<T> = std::result::Result<T, BusError>;

/// An object of a program: one widget.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Reference {
    /// The name of its program's connection, `:1.7`.
    pub(super) program: String,
    /// Its path there.
    pub(super) path: String,
}

impl Reference {
    /// The object that stands for a whole program.
    pub(super) fn root(program: &str) -> Self {
        Self {
            program: program.to_owned(),
            path: ROOT.to_owned(),
        }
    }

    /// What clients know it by.
    pub(super) fn id(&self) -> String {
        format!("{}{}", self.program, self.path)
    }

    /// What this id stands for.
    pub(super) fn of_id(id: &str) -> Option<Self> {
        let at = id.find('/')?;
        let (program, path) = id.split_at(at);
        let is_name = program.starts_with(':')
            && program[1..]
                .chars()
                .all(|char| char.is_ascii_digit() || char == '.');
        let is_path = zbus::zvariant::ObjectPath::try_from(path).is_ok();
        (is_name && program.len() > 2 && is_path).then(|| Self {
            program: program.to_owned(),
            path: path.to_owned(),
        })
    }

    /// Some toolkits answer with an object of nobody.
    fn of_pair((program, path): (String, OwnedObjectPath)) -> Option<Self> {
        let path = path.as_str();
        let is_null = program.is_empty() || path.ends_with("/null");
        (!is_null).then(|| Self {
            program,
            path: path.to_owned(),
        })
    }
}

/// A connection to the accessibility bus.
#[derive(Clone, Debug)]
pub(super) struct Bus(Connection);

impl Bus {
    /// Connects to the accessibility bus of a session, and has programs report their
    /// widgets; answers its address too, as programs of the session know it.
    pub(super) async fn connect(place: &SessionFolder) -> Result<(Self, String)> {
        let connecting = async {
            let socket = place.real.join(look::BUS_SOCKET);
            // It may be there before anybody listens to it.
            while connect(&socket).await.is_err() {
                sleep(LOOK_AGAIN).await;
            }
            let session = open(&socket).await?;
            let answer = session.call_method(
                Some("org.a11y.Bus"),
                "/org/a11y/bus",
                Some("org.a11y.Bus"),
                "GetAddress",
                &(),
            );
            let address: String = body(&answer.await.map_err(lost)?)?;
            let enable = ("org.a11y.Status", "IsEnabled", Value::from(true));
            let enabled = session.call_method(
                Some("org.a11y.Bus"),
                "/org/a11y/bus",
                Some(PROPERTIES),
                "Set",
                &enable,
            );
            enabled.await.map_err(lost)?;
            let socket = socket_of(&address, place)?;
            Ok((Self(open(&socket).await?), address))
        };
        timeout(PATIENCE, connecting)
            .await
            .unwrap_or_else(|_| Err(BusError::Lost("it did not start".to_owned())))
    }

    /// Whether the bus is still there.
    pub(super) async fn is_there(&self) -> bool {
        let bus = "org.freedesktop.DBus";
        let id = self
            .0
            .call_method(Some(bus), "/org/freedesktop/DBus", Some(bus), "GetId", &());
        matches!(timeout(ANSWER, id).await, Ok(Ok(_)))
    }

    /// The programs that report widgets.
    pub(super) async fn programs(&self) -> Result<Vec<Reference>> {
        let desktop = Reference {
            program: "org.a11y.atspi.Registry".to_owned(),
            path: ROOT.to_owned(),
        };
        self.children(&desktop).await
    }

    /// The number of a program's process.
    pub(super) async fn pid(&self, program: &str) -> Result<u32> {
        let bus = Reference {
            program: "org.freedesktop.DBus".to_owned(),
            path: "/org/freedesktop/DBus".to_owned(),
        };
        let method = "GetConnectionUnixProcessID";
        self.ask(&bus, "org.freedesktop.DBus", method, &program)
            .await
    }

    /// What is in a widget, in order.
    pub(super) async fn children(&self, of: &Reference) -> Result<Vec<Reference>> {
        let pairs: Vec<(String, OwnedObjectPath)> =
            self.ask(of, ACCESSIBLE, "GetChildren", &()).await?;
        Ok(pairs.into_iter().filter_map(Reference::of_pair).collect())
    }

    pub(super) async fn role(&self, of: &Reference) -> Result<AtspiRole> {
        self.ask(of, ACCESSIBLE, "GetRole", &())
            .await
            .map(AtspiRole)
    }

    pub(super) async fn states(&self, of: &Reference) -> Result<AtspiStates> {
        let numbers: Vec<u32> = self.ask(of, ACCESSIBLE, "GetState", &()).await?;
        Ok(AtspiStates::of(&numbers))
    }

    pub(super) async fn name(&self, of: &Reference) -> Result<String> {
        self.property(of, ACCESSIBLE, "Name").await
    }

    /// The toolkit of a program.
    pub(super) async fn toolkit(&self, program: &Reference) -> Result<String> {
        self.property(program, "org.a11y.atspi.Application", "ToolkitName")
            .await
    }

    /// What a widget is in; a program is in nothing.
    pub(super) async fn parent(&self, of: &Reference) -> Result<Option<Reference>> {
        let reply = self
            .call(of, PROPERTIES, "Get", &(ACCESSIBLE, "Parent"))
            .await?;
        let pair: (String, OwnedObjectPath) = owned(&reply)?.try_into().map_err(refused)?;
        Ok(Reference::of_pair(pair))
    }

    /// Where a widget says that it is, on the screen or in its window; what has no place
    /// says so with numbers that are no place.
    pub(super) async fn area(&self, of: &Reference, in_window: bool) -> Result<Rect> {
        let kind = u32::from(in_window);
        let (x, y, width, height): (i32, i32, i32, i32) =
            self.ask(of, COMPONENT, "GetExtents", &kind).await?;
        let length = |length: i32| u32::try_from(length).unwrap_or_default();
        Ok(Rect::new(x, y, length(width), length(height)))
    }

    /// The widgets that label another one.
    pub(super) async fn labels(&self, of: &Reference) -> Result<Vec<Reference>> {
        let relations: Vec<(u32, Vec<(String, OwnedObjectPath)>)> =
            self.ask(of, ACCESSIBLE, "GetRelationSet", &()).await?;
        let labels = relations
            .into_iter()
            .filter(|(kind, _)| *kind == LABELLED_BY);
        let labels = labels.flat_map(|(_, labels)| labels);
        Ok(labels.filter_map(Reference::of_pair).collect())
    }

    /// The first `most` characters of a text, and how many it has.
    pub(super) async fn text(&self, of: &Reference, most: i32) -> Result<(String, i32)> {
        let count: i32 = self.property(of, TEXT, "CharacterCount").await?;
        if count <= 0 {
            return Ok((String::new(), 0));
        }
        // GTK 4 takes -1, which stands for the end elsewhere, for nothing.
        let text = self.ask(of, TEXT, "GetText", &(0, count.min(most))).await?;
        Ok((text, count))
    }

    /// A number, and the smallest and the largest that it can be.
    pub(super) async fn number(&self, of: &Reference) -> Result<(f64, f64, f64)> {
        let current = self.property(of, VALUE, "CurrentValue");
        let least = self.property(of, VALUE, "MinimumValue");
        let most = self.property(of, VALUE, "MaximumValue");
        tokio::try_join!(current, least, most)
    }

    /// The entry that is chosen, if there is one.
    pub(super) async fn selected(&self, of: &Reference) -> Result<Option<Reference>> {
        let count: i32 = self.property(of, SELECTION, "NSelectedChildren").await?;
        if count < 1 {
            return Ok(None);
        }
        let first = self.ask(of, SELECTION, "GetSelectedChild", &0_i32).await?;
        Ok(Reference::of_pair(first))
    }

    /// Asks a program to scroll until a widget can be seen; answers whether it says that
    /// it did.
    pub(super) async fn scroll_to(&self, widget: &Reference) -> Result<bool> {
        let anywhere = 6_u32;
        self.ask(widget, COMPONENT, "ScrollTo", &anywhere).await
    }

    async fn property<T>(&self, of: &Reference, interface: &str, name: &str) -> Result<T>
    where
        T: TryFrom<Value<'static>>,
    {
        let reply = self.call(of, PROPERTIES, "Get", &(interface, name)).await?;
        let value = Value::from(owned(&reply)?);
        T::try_from(value).map_err(|_| BusError::Refused(format!("bad {name}")))
    }

    async fn ask<T, B>(
        &self,
        of: &Reference,
        interface: &str,
        method: &str,
        arguments: &B,
    ) -> Result<T>
    where
        T: DeserializeOwned + Type,
        B: Serialize + DynamicType,
    {
        body(&self.call(of, interface, method, arguments).await?)
    }

    async fn call<B>(
        &self,
        of: &Reference,
        interface: &str,
        method: &str,
        arguments: &B,
    ) -> Result<Message>
    where
        B: Serialize + DynamicType,
    {
        let (program, path) = (of.program.as_str(), of.path.as_str());
        let call = self
            .0
            .call_method(Some(program), path, Some(interface), method, arguments);
        match timeout(ANSWER, call).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(zbus::Error::InputOutput(error))) => Err(BusError::Lost(error.to_string())),
            Ok(Err(error)) => Err(refused(error)),
            Err(_) => Err(BusError::Silent),
        }
    }
}

async fn open(socket: &Path) -> Result<Connection> {
    let stream = connect(socket).await.map_err(lost)?;
    let builder = Builder::unix_stream(stream);
    builder.build().await.map_err(lost)
}

/// The socket of a bus whose address programs of the session know,
/// `unix:path=/…,guid=…`, where we see it.
fn socket_of(address: &str, place: &SessionFolder) -> Result<PathBuf> {
    let path = address.strip_prefix("unix:path=");
    let path = path.and_then(|rest| rest.split(',').next());
    let path = path.ok_or_else(|| lost(format!("its address is `{address}`")))?;
    let path = Path::new(path);
    let inside = path.strip_prefix(&place.seen);
    Ok(inside.map_or_else(|_| path.to_owned(), |inside| place.real.join(inside)))
}

fn body<T: DeserializeOwned + Type>(reply: &Message) -> Result<T> {
    reply.body().deserialize().map_err(refused)
}

/// The value of a property.
fn owned(reply: &Message) -> Result<OwnedValue> {
    reply.body().deserialize().map_err(refused)
}

fn lost(error: impl std::fmt::Display) -> BusError {
    BusError::Lost(error.to_string())
}

fn refused(error: impl std::fmt::Display) -> BusError {
    BusError::Refused(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_a_program_and_an_object_of_it() {
        let reference = Reference {
            program: ":1.7".to_owned(),
            path: "/org/a11y/atspi/accessible/12".to_owned(),
        };
        let id = reference.id();
        assert_eq!(id, ":1.7/org/a11y/atspi/accessible/12");
        assert_eq!(Reference::of_id(&id), Some(reference));
        for wrong in [
            "",
            ":1.7",
            "x/y",
            "org.a11y.Bus/x",
            ":1.7/a b",
            ":/x",
            ":1.7/x/",
        ] {
            assert_eq!(Reference::of_id(wrong), None, "{wrong}");
        }
    }
}
