//! The rows of a matrix: each is a test case of its own.

use std::sync::Arc;

use super::{Desk, Names, Parsed, Resolver};
use crate::{
    plan::Text,
    scenario::{Code, Matrix, Named, Problem, Span, Spanned, Txt, shown, ticked},
};

/// The maximum number of rows of a matrix.
const MOST_ROWS: usize = 1000;

/// One row: names with their texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    cells: Vec<(String, Text)>,
}

impl Row {
    pub(super) fn get(&self, name: &str) -> Option<&Text> {
        let mut cells = self.cells.iter();
        cells.find(|(known, _)| known == name).map(|(_, text)| text)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|(name, _)| name.as_str())
    }

    /// `lang=de, user=ann`; `None` without a matrix.
    pub(super) fn label(&self) -> Option<String> {
        let cell =
            |(name, text): &(String, Text)| format!("{name}={}", shown(&text.to_string(), 40));
        let cells: Vec<String> = self.cells.iter().map(cell).collect();
        (!cells.is_empty()).then(|| cells.join(", "))
    }

    /// The name of the scenario with this row: two test cases never have the
    /// same.
    pub(super) fn name(&self, scenario: &str) -> String {
        match self.label() {
            Some(label) => format!("{scenario} [{label}]"),
            None => scenario.to_owned(),
        }
    }
}

/// The rows of a file; one empty row if it has no matrix.
pub(super) fn of(desk: &mut Desk<'_>, file: &Arc<Parsed>) -> Vec<Row> {
    let Some(matrix) = &file.scenario.matrix else {
        return vec![Row::default()];
    };
    // A cell may name the environment, and nothing of the scenario.
    let empty = Row::default();
    let mut resolver = Resolver::new(desk, file, Names::default());
    let rows = match matrix {
        Matrix::Rows(rows) => resolver.rows(rows),
        Matrix::Axes(axes) => resolver.combinations(axes),
    };
    if rows.is_empty() { vec![empty] } else { rows }
}

impl Resolver<'_, '_> {
    fn rows(&mut self, written: &[(Span, Vec<Named>)]) -> Vec<Row> {
        let Some((_, first)) = written.first() else {
            return Vec::new();
        };
        let mut rows = Vec::with_capacity(written.len());
        for (span, row) in written {
            let has = |row: &[Named], name: &str| row.iter().any(|(key, _)| key.value == name);
            let mut alike = true;
            for (name, _) in first {
                if !has(row, &name.value) {
                    self.add(missing_cell(&name.value, *span, name.span));
                    alike = false;
                }
            }
            for (name, _) in row {
                if !has(first, &name.value) {
                    self.add(strange_cell(&name.value, name.span, first));
                    alike = false;
                }
            }
            if alike {
                rows.push(self.row(row));
            }
        }
        self.bounded(rows)
    }

    fn row(&mut self, cells: &[Named]) -> Row {
        let cell = |(name, text): &(Spanned<String>, Txt)| {
            let known = self.known(text)?;
            Some((name.value.clone(), Text::from(known.as_str())))
        };
        Row {
            cells: cells.iter().filter_map(cell).collect(),
        }
    }

    fn combinations(&mut self, axes: &[(Spanned<String>, Vec<Txt>)]) -> Vec<Row> {
        let mut rows = vec![Row::default()];
        for (name, values) in axes {
            let texts: Vec<String> = values.iter().filter_map(|v| self.known(v)).collect();
            if rows.len().saturating_mul(texts.len()) > MOST_ROWS {
                self.add(too_many_rows(name.span));
                return Vec::new();
            }
            let longer = |row: &Row| {
                let row = row.clone();
                let name = name.value.clone();
                let texts = texts.clone();
                texts.into_iter().map(move |text| {
                    let mut cells = row.cells.clone();
                    cells.push((name.clone(), Text::from(text.as_str())));
                    Row { cells }
                })
            };
            rows = rows.iter().flat_map(longer).collect();
        }
        rows
    }

    fn bounded(&mut self, rows: Vec<Row>) -> Vec<Row> {
        if rows.len() <= MOST_ROWS {
            return rows;
        }
        let span = self.file.scenario.name.span;
        self.add(too_many_rows(span));
        Vec::new()
    }
}

fn missing_cell(name: &str, row: Span, first: Span) -> Problem {
    let message = format!("this row of the matrix has no {}", ticked(name));
    Problem::new(Code::MissingKey, row, message)
        .label(format!("{} is missing", ticked(name)))
        .related(first, "the first row has it")
        .help("every row must have the same names")
}

fn strange_cell(name: &str, span: Span, first: &[Named]) -> Problem {
    let message = format!("the first row of the matrix has no {}", ticked(name));
    let names = first.iter().map(|(name, _)| name.value.as_str());
    Problem::new(Code::UnknownKey, span, message)
        .label("the other rows do not have this name")
        .help(format!(
            "every row must have the same names: {}",
            crate::scenario::list(names)
        ))
}

fn too_many_rows(span: Span) -> Problem {
    let message = format!("the matrix has more than {MOST_ROWS} rows");
    Problem::new(Code::TooLarge, span, message)
        .label("this row exceeds the limit")
        .help("each row is a test case with its own desktop; remove some rows")
}
