//! Lines that are no text: modules of MDX, marks of excerpts and of tables of contents, fences of asides.

use super::{HostMarkup, TemplateScanner};

/// Lines that mark the end of an excerpt or the place of a table of contents.
const MARKER_LINES: [&str; 7] = ["READMORE", "[toc]", "[TOC]", "[[toc]]", "[[TOC]]", "[[_TOC_]]", "${toc}"];

/// How many lines an `import` may take.
const MAX_LINES: usize = 40;

/// Whether something of a line may have to go or to be mended.
pub fn may_need_edit(line: &str) -> bool {
    let marked = line.starts_with(":::") || line.starts_with('|');
    marked || is_marker_line(line) || may_be_module(line) || no_break_space_at(line).is_some()
}

/// Whether a line is nothing but a mark.
fn is_marker_line(line: &str) -> bool {
    MARKER_LINES.contains(&line.trim())
}

/// Where a no-break space follows on the marks of a heading, which `CommonMark` then takes for text.
fn no_break_space_at(line: &str) -> Option<usize> {
    let marks = line.len() - line.trim_start_matches('#').len();
    ((1..=6).contains(&marks) && line[marks..].starts_with('\u{A0}')).then_some(marks)
}

/// Whether a line may begin an `import` or `export`.
fn may_be_module(line: &str) -> bool {
    line.starts_with("import ") || line.starts_with("import{") || line.starts_with("export ")
}

impl TemplateScanner<'_> {
    /// Takes out the line that begins here if all of it is no text.
    pub(super) fn strip_line(&mut self) -> bool {
        let line = self.line();
        if is_marker_line(line) {
            self.cut(self.at + line.len());
            return true;
        }
        if line.starts_with(":::") {
            return self.strip_aside_fence(line);
        }
        if line.starts_with('|') {
            return self.add_table_head();
        }
        if let Some(space) = no_break_space_at(line) {
            self.at += space;
            self.replace(self.at + '\u{A0}'.len_utf8(), " ".to_owned());
            return true;
        }
        if may_be_module(line)
            && let Some(len) = self.module_len()
        {
            self.cut(self.at + len);
            return true;
        }
        false
    }

    /// Kramdown takes rows without a head for a table: it gets one, with nothing in it.
    fn add_table_head(&mut self) -> bool {
        let before = &self.source[..self.at];
        if !(before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n")) {
            return false;
        }
        let mut rows = self.rest().lines().take_while(|line| line.starts_with('|')).peekable();
        let is_row = rows.peek().is_some_and(|row| row.len() > 2 && row.trim_end().ends_with('|'));
        let is_rule = |row: &str| row.contains('-') && row.chars().all(|c| "|-: \t\r".contains(c));
        let mut columns = 0;
        for row in rows {
            if is_rule(row) {
                return false;
            }
            columns = columns.max(row.matches('|').count().saturating_sub(1));
        }
        if !is_row || columns == 0 {
            return false;
        }
        let head = format!("|{}\n|{}\n", " |".repeat(columns), "-|".repeat(columns));
        self.edits.push((self.at..self.at, head));
        self.at += 1;
        true
    }

    /// `:::tip Title` of Docusaurus and its kin: the title stays.
    fn strip_aside_fence(&mut self, line: &str) -> bool {
        let rest = line.trim_start_matches(':').trim_start();
        let kind =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-').len();
        let title = rest[kind..].trim_start_matches('[');
        self.cut(self.at + line.len() - title.len());
        true
    }

    /// How long the `import` or `export` is that begins here.
    fn module_len(&self) -> Option<usize> {
        let mut len = 0;
        let mut from_a_module = false;
        for line in self.rest().split_inclusive('\n').take(MAX_LINES) {
            if line.trim().is_empty() {
                break;
            }
            if len > 0 && from_a_module && !may_be_module(line) {
                break;
            }
            len += line.len();
            from_a_module = names_a_module(line);
        }
        let text = self.rest().get(..len)?;
        let is_complete = from_a_module
            || (self.syntax == HostMarkup::Mdx && (text.starts_with("export ") || names_a_module(text)));
        is_complete.then(|| text.trim_end_matches(['\n', '\r']).len())
    }
}

/// Whether a line ends with the module that an `import` names: `from 'x'` or `import 'x'`.
fn names_a_module(line: &str) -> bool {
    let line = line.trim().trim_end_matches(';').trim_end();
    let Some(quote) = line.chars().next_back().filter(|c| matches!(c, '"' | '\'')) else { return false };
    let Some(start) = line[..line.len() - 1].rfind(quote) else { return false };
    let before = line[..start].trim_end();
    before.ends_with("from") || before == "import"
}
