//! Makes one habit of hand-written YAML valid: text in quotes that goes on at the start of the next line.
//!
//! YAML wants the lines that go on indented; the parsers of most site generators don't.

/// The text with such lines indented by one space; `None` where there are none, or a quote never ends.
pub(super) fn quoted_lines(head: &str) -> Option<String> {
    let mut out = String::with_capacity(head.len() + 64);
    let mut open: Option<char> = None;
    let mut changed = false;
    for line in head.split_inclusive('\n') {
        match open {
            Some(quote) => {
                if !line.starts_with([' ', '\t', '\n', '\r']) {
                    out.push(' ');
                    changed = true;
                }
                if ends(line, quote) {
                    open = None;
                }
            }
            None => open = opens(line),
        }
        out.push_str(line);
    }
    (changed && open.is_none()).then_some(out)
}

/// The quote that the value of this line opens and does not end.
fn opens(line: &str) -> Option<char> {
    let (_, value) = line.split_once(": ").or_else(|| line.trim_start().split_once("- "))?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    (!ends(value.get(1..)?, quote)).then_some(quote)
}

/// Whether a quote ends in this line: a doubled `'` and a `"` behind a backslash are part of the text.
fn ends(line: &str, quote: char) -> bool {
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\\' if quote == '"' => drop(letters.next()),
            _ if c == quote && quote == '\'' && letters.peek() == Some(&'\'') => drop(letters.next()),
            _ if c == quote => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_go_on_are_indented() {
        for (head, out) in [
            ("a: \"b\nc\"\nd: e\n", Some("a: \"b\n c\"\nd: e\n")),
            ("a: 'it''s\n\n# b\n  c'\nd: e", Some("a: 'it''s\n\n # b\n  c'\nd: e")),
            ("a: \"b \\\" \nc\"", Some("a: \"b \\\" \n c\"")),
            ("- 'b\nc'\n", Some("- 'b\n c'\n")),
            ("a: 'b'\nc: d\n", None),
            ("a: \"b\n  c\"\n", None),
            ("a: \"b\nc: d\n", None),
            ("a: it's\nb: c\n", None),
        ] {
            assert_eq!(quoted_lines(head).as_deref(), out, "{head:?}");
        }
    }
}
