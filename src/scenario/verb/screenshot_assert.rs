//! `screenshot-assert`: compares the screen with a baseline.

use super::{Action, Field, Form, NOTHING, Shape, Verb, Written};
use crate::scenario::{
    fields::Fields,
    modifier::{MASK, MAX_CLUSTER, REGION},
    reader::Reader,
    screen::Area,
    template::{Txt, Val},
};

/// A comparison with a baseline.
#[derive(Clone, Debug)]
pub struct ScreenshotAssert {
    /// The baseline's name.
    pub baseline: Txt,
    /// The part of the screen that counts.
    pub region: Option<Area>,
    /// What does not count, and how much may differ.
    pub limits: Limits,
}

/// What a comparison leaves out, and how much may differ; also the defaults of
/// a scenario.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// How far two pixels may be apart and still be equal, 0 to 1.
    pub tolerance: Option<Val<f64>>,
    /// How far areas may be apart and still be equal, 0 to 1.
    pub area_tolerance: Option<Val<f64>>,
    /// How many pixels may differ.
    pub max_pixels: Option<Val<u32>>,
    /// How large the largest patch of differing pixels may be.
    pub max_cluster: Option<Val<u32>>,
    /// What does not count.
    pub mask: Option<Vec<Area>>,
}

const TOLERANCE: Field = Field::new(
    "tolerance",
    Form::Percentage,
    "a percentage",
    "9%",
    "the colour difference up to which two pixels are equal",
);
const AREA_TOLERANCE: Field = Field::new(
    "area-tolerance",
    Form::Percentage,
    "a percentage",
    "1.3%",
    "the colour difference up to which two areas are equal",
);
const MAX_PIXELS: Field = Field::new(
    "max-pixels",
    Form::Integer {
        least: 0,
        most: 1_000_000_000,
    },
    "a whole number of pixels",
    "50",
    "how many pixels may differ",
);

/// The limits as a mapping of their own, in `defaults`.
pub static LIMITS: Shape = Shape::new(
    "`screenshot` of `defaults`",
    &[
        TOLERANCE,
        AREA_TOLERANCE,
        MAX_PIXELS,
        MAX_CLUSTER,
        Field {
            doc: "regions in which differences are ignored",
            ..MASK
        },
    ],
);

const BASELINE: Field = Field::new(
    "baseline",
    Form::Line,
    "the name of a baseline",
    "saved",
    "the picture to compare with: `baselines/<scenario>/<name>.png`",
)
.required();

static SHAPE: Shape = Shape::of_verb(
    "`screenshot-assert`",
    &[
        BASELINE,
        REGION,
        TOLERANCE,
        AREA_TOLERANCE,
        MAX_PIXELS,
        MAX_CLUSTER,
        MASK,
    ],
);

/// Its line in the table of verbs.
pub(super) static VERB: Verb = Verb {
    name: "screenshot-assert",
    doc: "waits until the screen matches a baseline",
    shape: &SHAPE,
    short: Some(BASELINE),
    bare: false,
    beside: &NOTHING,
    example: "screenshot-assert: saved",
    needs: &[],
    read,
};

fn read(reader: &mut Reader, written: &Written<'_>) -> Option<Action> {
    written.read_as(reader, ScreenshotAssert::read, Action::ScreenshotAssert)
}

impl ScreenshotAssert {
    fn read(reader: &mut Reader, fields: &Fields<'_>) -> Option<Self> {
        let region = fields.read(reader, &REGION, Reader::area);
        let limits = Limits::read(reader, fields);
        Some(Self {
            baseline: fields.read(reader, &BASELINE, Reader::line)?,
            region,
            limits,
        })
    }
}

impl Limits {
    /// Reads those that are written.
    pub(in crate::scenario) fn read(reader: &mut Reader, fields: &Fields<'_>) -> Self {
        Self {
            tolerance: fields.read(reader, &TOLERANCE, Reader::value),
            area_tolerance: fields.read(reader, &AREA_TOLERANCE, Reader::value),
            max_pixels: fields.read(reader, &MAX_PIXELS, Reader::value),
            max_cluster: fields.read(reader, &MAX_CLUSTER, Reader::value),
            mask: fields.read(reader, &MASK, Reader::areas),
        }
    }
}
