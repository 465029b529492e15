//! `matrix`: the rows that a scenario is played with.

use super::names::check_name;
use crate::scenario::{
    Matrix,
    node::{Kind, Node},
    notation::wrong_type_of,
    problem::{Problem, shown},
    reader::{Named, Reader, not_of_type},
    shape::{Field, Form},
};

pub(super) const MATRIX: Field = Field::new(
    "matrix",
    Form::Matrix,
    "a list of rows",
    "[{ user: ann }, { user: bob }]",
    "plays the scenario once for each row, as a separate test case, with the row's texts as \
     `${matrix.user}`; a mapping of lists means all combinations",
);

pub(super) fn matrix(reader: &mut Reader, node: &Node, field: &Field) -> Option<Matrix> {
    match &node.kind {
        Kind::Sequence(items) if !items.is_empty() => {
            let row = |reader: &mut Reader, node: &Node, field: &Field| {
                let row: Vec<Named> = reader.texts(node, field)?;
                for (name, _) in &row {
                    check_name(reader, name);
                }
                Some((node.span, row))
            };
            reader.entries(node, field, row).map(Matrix::Rows)
        }
        Kind::Mapping(pairs) if !pairs.is_empty() => {
            let entry = Field {
                takes: "a list of at least one text",
                example: "[ann, bob]",
                ..*field
            };
            let axes = reader.table(node, field, |reader, name, value| {
                check_name(reader, name);
                if let Some(problem) = no_axis(&name.value, value, &entry) {
                    reader.add(problem);
                    return None;
                }
                reader.entries(value, &entry, Reader::entry)
            });
            axes.map(Matrix::Axes)
        }
        _ => {
            reader.add(not_of_type(node, field, field.example));
            None
        }
    }
}

/// The problem of a name of the matrix that does not have a list of texts.
fn no_axis(name: &str, value: &Node, entry: &Field) -> Option<Problem> {
    let is_text = |item: &Node| matches!(item.kind, Kind::Scalar(_));
    let (described, meant) = match &value.kind {
        Kind::Sequence(items) if items.is_empty() => (value.describe(), None),
        Kind::Sequence(items) if items.iter().all(is_text) => return None,
        Kind::Sequence(_) => ("a list of something else".to_owned(), None),
        Kind::Scalar(scalar) if !value.is_nothing() => (value.describe(), Some(&scalar.text)),
        _ => (value.describe(), None),
    };
    let meant = meant.map_or_else(
        || entry.example.to_owned(),
        |text| format!("[{}]", shown(text, 40)),
    );
    Some(wrong_type_of(name, entry, value.span, &described, &meant))
}
