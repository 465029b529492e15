//! The accessibility bus of a session, and the questions that are asked on it.

use std::{
    collections::HashMap,
    path::Path,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use zbus::{
    Connection, DynamicType, Message, OwnedObjectPath, Type, Variant,
    connection::{AuthMechanism, Builder},
};

use crate::{
    desktop::atspi::{AtspiRole, AtspiStates, Number, ROOT, Reference, Source},
    geometry::{Point, Rect},
    server::processes::connect,
};

/// How long a message bus may take to start: it usually takes 20 ms.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How often to look whether it is.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// How long a program may say nothing while it is asked.
const ANSWER: Duration = Duration::from_secs(1);

/// How long a program that said nothing is not asked again.
const LEFT_ALONE: Duration = Duration::from_secs(5);

/// How many programs to remember with the time of their last answer.
const MOST_LINES: usize = 500;

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const COMPONENT: &str = "org.a11y.atspi.Component";
const TEXT: &str = "org.a11y.atspi.Text";
const VALUE: &str = "org.a11y.atspi.Value";
const SELECTION: &str = "org.a11y.atspi.Selection";
const COLLECTION: &str = "org.a11y.atspi.Collection";
const CACHE: &str = "org.a11y.atspi.Cache";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// The relation of a label to the field that it names (`AtspiRelationType`).
const LABEL_FOR: u32 = 1;

/// The relation of a field to the label that names it.
const LABELLED_BY: u32 = 2;

/// How many numbers of 32 bits a set of roles travels in.
const ROLE_WORDS: usize = 4;

/// How a rule of `org.a11y.atspi.Collection` is matched (`AtspiCollectionMatchType`).
const MATCH_ALL: i32 = 1;
const MATCH_ANY: i32 = 2;

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

/// A widget in a program's list of all its widgets: itself, its program, what it is in,
/// where it is there, how many are in it, what can be asked of it, its name, its role, what
/// describes it, its states.
type Listed = (
    (String, OwnedObjectPath),
    (String, OwnedObjectPath),
    (String, OwnedObjectPath),
    i32,
    i32,
    Vec<String>,
    String,
    u32,
    String,
    Vec<u32>,
);

/// One widget of that list.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) widget: Reference,
    /// Where it is in what it is in.
    pub(super) index: i32,
    /// How many widgets are in it.
    pub(super) count: i32,
    pub(super) role: AtspiRole,
    /// Its own name, as it is.
    pub(super) name: String,
}

type Result<T> = std::result::Result<T, BusError>;

/// What is at a place that a program names; some toolkits answer with an object of nobody.
fn reference((program, path): (String, OwnedObjectPath)) -> Option<Reference> {
    Reference::of_pair(program, path.as_str())
}

/// A connection to the accessibility bus.
#[derive(Clone, Debug)]
pub(super) struct Bus {
    connection: Connection,
    lines: Arc<Mutex<HashMap<String, Arc<Line>>>>,
}

/// What is known of a program that is asked.
#[derive(Debug)]
struct Line(Mutex<Heard>);

#[derive(Debug)]
struct Heard {
    /// When it last answered.
    last: Instant,
    /// Until when it is not asked, because it did not answer.
    left_alone: Option<Instant>,
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, Heard> {
        // It is consistent after every statement, even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) {
        let mut heard = self.lock();
        heard.last = Instant::now();
        heard.left_alone = None;
    }

    fn is_left_alone(&self) -> bool {
        let until = self.lock().left_alone;
        until.is_some_and(|until| Instant::now() < until)
    }
}

impl Bus {
    /// Connects to the accessibility bus that has its socket there; waits for it if it
    /// is not there yet, unless it `has_ended`.
    pub(super) async fn connect(socket: &Path, has_ended: impl Fn() -> bool) -> Result<Self> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match open(socket, |builder| builder).await {
                Err(BusError::Lost(_)) if Instant::now() < deadline && !has_ended() => {
                    sleep(LOOK_AGAIN).await;
                }
                Err(error) => return Err(error),
                Ok(connection) => {
                    return Ok(Self {
                        connection,
                        lines: Arc::default(),
                    });
                }
            }
        }
    }

    /// Whether the bus is gone.
    pub(super) fn is_closed(&self) -> bool {
        self.connection.is_closed()
    }

    fn line(&self, program: &str) -> Arc<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(program) {
            return Arc::clone(line);
        }
        if lines.len() >= MOST_LINES {
            lines.retain(|_, line| line.is_left_alone());
        }
        let line = Arc::new(Line(Mutex::new(Heard {
            last: Instant::now(),
            left_alone: None,
        })));
        lines.insert(program.to_owned(), Arc::clone(&line));
        line
    }

    /// Has the registry of programs started, which may take a while where much else is
    /// starting.
    pub(super) async fn awaken(&self) -> Result<()> {
        let (registry, root) = ("org.a11y.atspi.Registry", ROOT);
        let call =
            self.connection
                .call_method(Some(registry), root, Some(ACCESSIBLE), "GetRole", &());
        match timeout(PATIENCE, call).await {
            Ok(answer) => answer.map(drop).map_err(lost),
            Err(_) => Err(BusError::Silent),
        }
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
        Ok(pairs.into_iter().filter_map(reference).collect())
    }

    /// How many children it has; less than none where they are more than can be counted.
    pub(super) async fn child_count(&self, of: &Reference) -> Result<i32> {
        self.property(of, ACCESSIBLE, "ChildCount").await
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
        Ok(reference(pair))
    }

    /// Where a widget says that it is, on the screen or in its window; what has no place
    /// says so with numbers that are not a place.
    pub(super) async fn area(&self, of: &Reference, in_window: bool) -> Result<Rect> {
        let kind = u32::from(in_window);
        let (x, y, width, height): (i32, i32, i32, i32) =
            self.ask(of, COMPONENT, "GetExtents", &kind).await?;
        let length = |length: i32| u32::try_from(length).unwrap_or_default();
        Ok(Rect::new(x, y, length(width), length(height)))
    }

    /// The widgets that label another one.
    pub(super) async fn labels(&self, of: &Reference) -> Result<Vec<Reference>> {
        self.related(of, LABELLED_BY).await
    }

    /// The widgets that are labelled by another one.
    pub(super) async fn labelled(&self, by: &Reference) -> Result<Vec<Reference>> {
        self.related(by, LABEL_FOR).await
    }

    async fn related(&self, of: &Reference, how: u32) -> Result<Vec<Reference>> {
        let relations: Vec<(u32, Vec<(String, OwnedObjectPath)>)> =
            self.ask(of, ACCESSIBLE, "GetRelationSet", &()).await?;
        let related = relations.into_iter().filter(|(kind, _)| *kind == how);
        let related = related.flat_map(|(_, related)| related);
        Ok(related.filter_map(reference).collect())
    }

    /// What a toolkit says about a widget in its own words.
    pub(super) async fn attributes(&self, of: &Reference) -> Result<HashMap<String, String>> {
        self.ask(of, ACCESSIBLE, "GetAttributes", &()).await
    }

    /// All that is in a widget and has one of these roles, in the order of the program.
    pub(super) async fn matches(
        &self,
        of: &Reference,
        roles: &[AtspiRole],
    ) -> Result<Vec<Reference>> {
        let mut set = [0_i32; ROLE_WORDS];
        for AtspiRole(role) in roles {
            let word = usize::try_from(role / 32).unwrap_or(usize::MAX);
            if let Some(word) = set.get_mut(word) {
                *word |= 1_u32.wrapping_shl(role % 32).cast_signed();
            }
        }
        let none: &[i32] = &[];
        let nothing: HashMap<&str, &str> = HashMap::new();
        let no_words: &[&str] = &[];
        let rule = (
            none,
            MATCH_ALL,
            &nothing,
            MATCH_ALL,
            &set[..],
            MATCH_ANY,
            no_words,
            MATCH_ALL,
            false,
        );
        let (in_order, as_many_as_there_are, inside) = (1_u32, 0_i32, true);
        let arguments = (rule, in_order, as_many_as_there_are, inside);
        let found: Vec<(String, OwnedObjectPath)> =
            self.ask(of, COLLECTION, "GetMatches", &arguments).await?;
        Ok(found.into_iter().filter_map(reference).collect())
    }

    /// The widgets that a program lists, each with what it is in; whole programs are left
    /// out.
    pub(super) async fn entries(&self, program: &str) -> Result<Vec<(Reference, Entry)>> {
        let list = Reference {
            program: program.to_owned(),
            path: "/org/a11y/atspi/cache".to_owned(),
        };
        let listed: Vec<Listed> = self.ask(&list, CACHE, "GetItems", &()).await?;
        let entry = |(widget, _, parent, index, count, _, name, role, ..): Listed| {
            let entry = Entry {
                widget: reference(widget)?,
                index,
                count,
                role: AtspiRole(role),
                name,
            };
            Some((reference(parent)?, entry))
        };
        Ok(listed.into_iter().filter_map(entry).collect())
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
    pub(super) async fn number(&self, of: &Reference) -> Result<Number> {
        let current = self.property(of, VALUE, "CurrentValue");
        let least = self.property(of, VALUE, "MinimumValue");
        let most = self.property(of, VALUE, "MaximumValue");
        let (current, least, most) = tokio::try_join!(current, least, most)?;
        Ok(Number {
            current,
            least,
            most,
        })
    }

    /// The entry that is chosen, if there is one.
    pub(super) async fn selected(&self, of: &Reference) -> Result<Option<Reference>> {
        let count: i32 = self.property(of, SELECTION, "NSelectedChildren").await?;
        if count < 1 {
            return Ok(None);
        }
        let first = self.ask(of, SELECTION, "GetSelectedChild", &0_i32).await?;
        Ok(reference(first))
    }

    /// Asks a program to scroll until a widget can be seen; returns whether it says that
    /// it did.
    pub(super) async fn scroll_to(&self, widget: &Reference) -> Result<bool> {
        let anywhere = 6_u32;
        self.ask(widget, COMPONENT, "ScrollTo", &anywhere).await
    }

    async fn property<T>(&self, of: &Reference, interface: &str, name: &str) -> Result<T>
    where
        T: TryFrom<Variant<'static>>,
    {
        let reply = self.call(of, PROPERTIES, "Get", &(interface, name)).await?;
        let value = owned(&reply)?;
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

    /// Asks a program, for as long as it answers anything. Those who ask at the same
    /// time wait together, so one that hangs costs the time once.
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
        let line = self.line(program);
        if line.is_left_alone() {
            return Err(BusError::Silent);
        }
        let begun = Instant::now();
        let call =
            self.connection
                .call_method(Some(program), path, Some(interface), method, arguments);
        let mut call = pin!(call);
        let reply = loop {
            let deadline = line.lock().last.max(begun) + ANSWER;
            tokio::select! {
                biased;
                reply = &mut call => break reply,
                () = sleep_until(deadline) => {
                    let mut heard = line.lock();
                    if heard.last.max(begun) + ANSWER <= Instant::now() {
                        heard.left_alone = Some(Instant::now() + LEFT_ALONE);
                        return Err(BusError::Silent);
                    }
                }
            }
        };
        line.answers();
        reply.map_err(|error| match error {
            zbus::Error::InputOutput(error) => BusError::Lost(error.to_string()),
            error => refused(error),
        })
    }
}

impl Source for Bus {
    async fn name(&self, of: &Reference) -> Option<String> {
        Self::name(self, of).await.ok()
    }

    async fn labels(&self, of: &Reference) -> Option<Vec<Reference>> {
        Self::labels(self, of).await.ok()
    }

    async fn labelled(&self, by: &Reference) -> Option<Vec<Reference>> {
        Self::labelled(self, by).await.ok()
    }

    async fn text(&self, of: &Reference, most: i32) -> Option<(String, i32)> {
        Self::text(self, of, most).await.ok()
    }

    async fn number(&self, of: &Reference) -> Option<Number> {
        Self::number(self, of).await.ok()
    }

    async fn at(&self, of: &Reference, point: Point) -> Option<Vec<Reference>> {
        let in_window = 1_u32;
        let question = (point.x, point.y, in_window);
        let answer = self.ask(of, COMPONENT, "GetAccessibleAtPoint", &question);
        Some(reference(answer.await.ok()?).into_iter().collect())
    }

    async fn selected(&self, of: &Reference) -> Option<Reference> {
        Self::selected(self, of).await.ok().flatten()
    }
}

/// A connection to the message bus that has its socket there.
pub(super) async fn open(
    socket: &Path,
    with: impl Fn(Builder<'static>) -> Builder<'static>,
) -> Result<Connection> {
    let mut failed = None;
    // A bus takes no other way from a user whom it does not know.
    for how in [AuthMechanism::External, AuthMechanism::Anonymous] {
        let stream = connect(socket).await.map_err(lost)?;
        let stream = stream.into_std().map_err(lost)?;
        let builder = Builder::unix_stream(stream).auth_mechanism(how);
        let connecting = timeout(ANSWER, with(builder).build());
        match connecting.await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => failed = Some(lost(error)),
            Err(_) => return Err(lost("it does not answer")),
        }
    }
    Err(failed.unwrap_or(BusError::Silent))
}

fn body<T: DeserializeOwned + Type>(reply: &Message) -> Result<T> {
    reply.body().deserialize().map_err(refused)
}

/// The value of a property.
fn owned(reply: &Message) -> Result<Variant<'static>> {
    let body = reply.body();
    let value: Variant<'_> = body.deserialize().map_err(refused)?;
    value.try_into_owned().map(Variant::from).map_err(refused)
}

fn lost(error: impl std::fmt::Display) -> BusError {
    BusError::Lost(error.to_string())
}

fn refused(error: impl std::fmt::Display) -> BusError {
    BusError::Refused(error.to_string())
}
