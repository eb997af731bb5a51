//! Tables drawn with characters, to rows of cells.

use super::Line;

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// The cells of each row.
    pub rows: Vec<Vec<String>>,
    /// How many lines of the source it takes.
    pub lines: usize,
}

/// The table that begins at the first of these lines.
pub fn read(lines: &[Line]) -> Option<Table> {
    let first = lines.first()?.text;
    if first.starts_with('+') && first.len() > 2 && first.chars().all(|c| "+-=".contains(c)) {
        return Some(grid(lines));
    }
    let is_border = first.contains(' ') && first.starts_with("==") && is_border(first);
    is_border.then(|| simple(lines, first)).flatten()
}

fn is_border(text: &str) -> bool {
    text.starts_with('=') && text.chars().all(|c| c == '=' || c == ' ')
}

fn grid(lines: &[Line]) -> Table {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut taken = 0;
    for line in lines.iter().take_while(|line| line.text.starts_with(['+', '|'])) {
        taken += 1;
        if line.text.starts_with('+') {
            rows.push(std::mem::take(&mut row));
            continue;
        }
        let inside = line.text.trim_start_matches('|').trim_end_matches('|');
        add(&mut row, inside.split('|'));
    }
    rows.push(row);
    rows.retain(|row| !row.is_empty());
    Table { rows, lines: taken }
}

/// Columns stand where the border has gaps; a line whose first cell is empty goes on with the row above.
fn simple(lines: &[Line], border: &str) -> Option<Table> {
    let starts = columns(border);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut borders = 0;
    for (index, line) in lines.iter().enumerate() {
        let next_is_end = lines.get(index + 1).is_none_or(|next| next.text.is_empty());
        if is_border(line.text) {
            borders += 1;
            if borders > 1 && next_is_end {
                return Some(Table { rows, lines: index + 1 });
            }
        } else if !line.text.is_empty() && line.text.chars().any(|c| c != '-' && c != ' ') {
            let cells = cells(line, lines[0].indent, &starts);
            match rows.last_mut() {
                Some(row) if cells.first().is_some_and(|cell| cell.trim().is_empty()) => {
                    add(row, cells.iter().map(String::as_str));
                }
                _ => rows.push(cells),
            }
        }
    }
    None
}

/// The columns, in characters, at which the cells begin.
fn columns(border: &str) -> Vec<usize> {
    let mut before = ' ';
    let mut starts = Vec::new();
    for (at, c) in border.chars().enumerate() {
        if c == '=' && before == ' ' {
            starts.push(at);
        }
        before = c;
    }
    starts
}

fn cells(line: &Line, indent: usize, starts: &[usize]) -> Vec<String> {
    let chars: Vec<char> = line.text.chars().collect();
    let shift = line.indent.saturating_sub(indent);
    let place = |column: usize| column.saturating_sub(shift).min(chars.len());
    let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| chars[place(start)..place(end).max(place(start))].iter().collect::<String>())
        .map(|cell| cell.trim().to_owned())
        .collect()
}

fn add<'a>(row: &mut Vec<String>, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        match row.get_mut(index) {
            Some(known) => {
                known.push(' ');
                known.push_str(cell.trim());
            }
            None => row.push(cell.trim().to_owned()),
        }
    }
}
