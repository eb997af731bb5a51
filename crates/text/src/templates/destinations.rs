//! Link destinations that `CommonMark` does not take and that editors write all the same.

use super::Scan;

/// A longer destination, in bytes, is left as it is.
const MAX_DESTINATION: usize = 1_024;

impl Scan<'_> {
    /// Mends `](url align="center")` and `](/a path with spaces.pdf)`.
    pub(super) fn destination(&mut self) {
        let Some(rest) = self.rest().strip_prefix("](") else { return };
        let ends = |byte: u8| matches!(byte, b')' | b'(' | b'\n' | b'<' | b'[');
        let Some(len) = rest.bytes().take(MAX_DESTINATION).position(ends) else { return };
        let inside = &rest[..len];
        if !rest[len..].starts_with(')') || !inside.contains(' ') {
            return;
        }
        let (url, after) = inside.split_once(' ').unwrap_or((inside, ""));
        let is_address = ["/", "./", "../", "http://", "https://"].iter().any(|start| url.starts_with(start));
        let end = self.at + 2 + len;
        if is_attribute(after) {
            self.replace(end, format!("]({url}"));
        } else if is_address && !after.trim().is_empty() && !after.contains(['"', '\'']) {
            self.replace(end, format!("](<{}>", inside.trim()));
        }
    }
}

/// Whether what follows on an address is `name="value"` and no title.
fn is_attribute(after: &str) -> bool {
    let value = after.trim().trim_start_matches(|c: char| c.is_ascii_alphabetic());
    value.len() < after.trim().len() && value.starts_with("=\"")
}
