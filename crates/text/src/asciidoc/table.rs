//! Reads tables of `AsciiDoc`.

use super::BodyBuilder;
use super::inline;
use crate::builder::ElementRole;

/// The maximum number of columns that a style may ask for.
const MAX_COLUMNS: usize = 100;

/// Writes a table: rows of as many cells as the style tells or the first line has. If that cannot be, each line is a row.
pub(super) fn write_table(builder: &mut BodyBuilder, text: &str, columns: Option<usize>) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match (line.strip_prefix('|'), rows.last_mut().and_then(|row| row.last_mut())) {
            (None, Some(cell)) if !line.contains('|') => {
                cell.push('\n');
                cell.push_str(line);
            }
            (rest, _) => rows.push(rest.unwrap_or(line).split('|').map(str::to_owned).collect()),
        }
    }
    let first = rows.first().map(Vec::len).filter(|count| *count > 1);
    // A cell over several columns would shift all cells below it.
    let is_whole = |columns: &usize| rows.iter().map(Vec::len).sum::<usize>().is_multiple_of(*columns);
    if let Some(columns) = columns.or(first).filter(is_whole) {
        rows = rows.concat().chunks(columns).map(<[String]>::to_vec).collect();
    }
    builder.write_element(ElementRole::Table, |builder| {
        for row in rows {
            builder.write_element(ElementRole::Row, |builder| {
                for cell in row {
                    builder.begin_cell();
                    inline::read_inline(builder, &cell);
                }
            });
        }
    });
}

/// Returns the number of columns that a style names: `cols="1,3"`, `cols=2*`.
pub(super) fn column_count(style: &str) -> Option<usize> {
    let (_, value) = style.split_once("cols=")?;
    let list = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split(',').next()?,
    };
    let count_of =
        |column: &str| column.split_once('*').map_or(Some(1), |(count, _)| count.trim().parse().ok());
    let counts = list.split([',', ';']).map(count_of).collect::<Option<Vec<usize>>>()?;
    let count = counts.into_iter().fold(0, usize::saturating_add);
    (1..=MAX_COLUMNS).contains(&count).then_some(count)
}
