//! How an object of a program is named on the accessibility bus.

/// The object that stands for a whole program, or for the desktop.
pub(crate) const ROOT: &str = "/org/a11y/atspi/accessible/root";

/// An object of a program: one widget.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct Reference {
    /// The name of its program's connection, `:1.7`.
    pub(crate) program: String,
    /// Its path there.
    pub(crate) path: String,
}

impl Reference {
    /// The object that stands for a whole program.
    pub(crate) fn root(program: &str) -> Self {
        Self {
            program: program.to_owned(),
            path: ROOT.to_owned(),
        }
    }

    /// What clients know it by.
    pub(crate) fn id(&self) -> String {
        format!("{}{}", self.program, self.path)
    }

    /// What this id stands for.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        let at = id.find('/')?;
        let (program, path) = id.split_at(at);
        let is_name = program.starts_with(':')
            && program[1..]
                .chars()
                .all(|char| char.is_ascii_digit() || char == '.');
        (is_name && program.len() > 2 && is_path(path)).then(|| Self {
            program: program.to_owned(),
            path: path.to_owned(),
        })
    }

    /// What is at this path of a program; some toolkits answer with an object of nobody.
    pub(crate) fn of_pair(program: String, path: &str) -> Option<Self> {
        let is_null = program.is_empty() || path.ends_with("/null");
        (!is_null).then(|| Self {
            program,
            path: path.to_owned(),
        })
    }
}

/// Whether a text is the path of an object (D-Bus Specification, "Valid Object Paths").
fn is_path(text: &str) -> bool {
    let is_element = |element: &str| {
        let mut bytes = element.bytes();
        !element.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    text == "/"
        || text
            .strip_prefix('/')
            .is_some_and(|rest| rest.split('/').all(is_element))
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
            ":1.7//x",
        ] {
            assert_eq!(Reference::of_id(wrong), None, "{wrong}");
        }
    }
}
