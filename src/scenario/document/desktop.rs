//! `desktop`: what a scenario says about the desktop that it is played on.

use crate::{
    language::Language,
    profile::Profile,
    scenario::{
        DesktopWritten,
        document::memory::Memory,
        node::Node,
        notation::Package,
        reader::Reader,
        shape::{Field, Form, Shape},
    },
};

pub(in crate::scenario) const DESKTOP_FIELD: Field = Field::new(
    "desktop",
    Form::Mapping(&DESKTOP),
    "a mapping",
    "{ size: 1280x800 }",
    "the desktop to play on",
);

const SIZE: Field = Field::new(
    "size",
    Form::Size,
    "`WIDTHxHEIGHT`",
    "1280x800",
    "the size of the screen in pixels; 1440x900 by default",
);

const PROFILE: Field = Field::new(
    "profile",
    Form::Choice(Profile::NAMES),
    "`xfce` or `bare`",
    "bare",
    "what runs on the desktop: all of XFCE, or only a window manager on a plain background",
);

const ENVIRONMENT: Field = Field::new(
    "environment",
    Form::Variables,
    "a mapping of names to texts",
    "{ LANG: de_DE.UTF-8 }",
    "additional environment variables of the session",
);

const LANGUAGES: Field = Field::new(
    "languages",
    Form::Languages,
    "a list of ISO 639-2 language codes such as `deu`",
    "[deu, fra]",
    "the languages of the text on the screen, in addition to English",
);

const PACKAGES: Field = Field::new(
    "packages",
    Form::Packages,
    "a list of Debian packages",
    "[galculator]",
    "the packages of the programs that the scenario launches, in addition to those of \
     `deskhand.yaml`",
);

const REUSE: Field = Field::new(
    "reuse",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether the scenario may be played on the desktop of an earlier one that passed, also has \
     `reuse: true` and asks for the same desktop; by default, every scenario has a fresh one",
);

const ACCESSIBILITY: Field = Field::new(
    "accessibility",
    Form::Boolean,
    "`true` or `false`",
    "false",
    "whether programs report their widgets, so that they can be found by role and name; `true` \
     by default",
);

const MEMORY: Field = Field::new(
    "memory",
    Form::Memory,
    "a whole number and `MiB` or `GiB`",
    "4GiB",
    "how much memory all processes of the desktop together may take; any amount by default",
);

const PROCESSES: Field = Field::new(
    "processes",
    Form::Integer {
        least: 50,
        most: 100_000,
    },
    "a whole number from 50 to 100000",
    "200",
    "how many processes the desktop may have; 1000 by default",
);

/// The keys of `desktop`.
pub static DESKTOP: Shape = Shape::new(
    "`desktop`",
    &[
        SIZE,
        PROFILE,
        ENVIRONMENT,
        LANGUAGES,
        PACKAGES,
        REUSE,
        ACCESSIBILITY,
        MEMORY,
        PROCESSES,
    ],
);

pub(in crate::scenario) fn desktop(
    reader: &mut Reader,
    node: &Node,
    _: &Field,
) -> Option<DesktopWritten> {
    let fields = reader.fields(node, &DESKTOP, node.span)?;
    Some(DesktopWritten {
        size: fields.read(reader, &SIZE, Reader::value),
        profile: fields.read(reader, &PROFILE, Reader::value),
        environment: fields
            .read(reader, &ENVIRONMENT, Reader::texts)
            .unwrap_or_default(),
        languages: fields.read(reader, &LANGUAGES, |reader, node, field| {
            reader.entries(node, field, Reader::value::<Language>)
        }),
        packages: fields
            .read(reader, &PACKAGES, |reader, node, field| {
                reader.entries(node, field, Reader::value::<Package>)
            })
            .unwrap_or_default(),
        reuse: fields.read(reader, &REUSE, Reader::value),
        accessibility: fields.read(reader, &ACCESSIBILITY, Reader::value),
        memory: fields.read(reader, &MEMORY, Reader::value::<Memory>),
        processes: fields.read(reader, &PROCESSES, Reader::value),
    })
}
