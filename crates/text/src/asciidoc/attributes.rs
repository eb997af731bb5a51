//! Puts the values of a document's attributes in the place of their names: `{name}`.

use std::borrow::Cow;
use std::collections::HashMap;

/// The maximum length, in bytes, of all values that are put into one document. A value may be long and its name short.
const MAX_INSERTED: usize = 1 << 16;

/// The attributes of every document that are used in text. Others of them are for signs with a meaning in the markup.
const BUILT_IN: [(&str, &str); 6] =
    [("amp", "&amp;"), ("gt", "&gt;"), ("lt", "&lt;"), ("nbsp", "\u{a0}"), ("sp", " "), ("zwsp", "\u{200b}")];

/// The attributes of a document.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    values: HashMap<String, String>,
    /// The length of the values that were inserted so far.
    inserted: usize,
}

impl Attributes {
    /// Collects the fields of a head. The last value of a name counts.
    pub(super) fn collect(fields: &[(String, String)]) -> Self {
        Self { values: fields.iter().cloned().collect(), inserted: 0 }
    }

    /// Returns a text with values for the names in it. A name without a value stays, and so does one behind a
    /// backslash, which comes off.
    pub(super) fn insert_into<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let mut out = String::new();
        let mut written = 0;
        for (at, _) in text.match_indices('{') {
            let rest = text.get(at + 1..).unwrap_or_default();
            let len =
                rest.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            let name = rest.get(..len.count()).unwrap_or_default();
            let before = text.get(written..at).unwrap_or_default();
            let is_name = rest.get(name.len()..).is_some_and(|rest| rest.starts_with('}'));
            let Some(value) = self.value(name).filter(|_| is_name) else { continue };
            if let Some(before) = before.strip_suffix('\\') {
                // The brace is written with the rest.
                out.push_str(before);
                written = at;
                continue;
            }
            if self.inserted + value.len() > MAX_INSERTED {
                break;
            }
            out.push_str(before);
            out.push_str(value);
            self.inserted += value.len();
            written = at + name.len() + "{}".len();
        }
        if written == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(written..).unwrap_or_default());
        Cow::Owned(out)
    }

    fn value(&self, name: &str) -> Option<&str> {
        let built_in = || BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        self.values.get(&name.to_ascii_lowercase()).map(String::as_str).or_else(built_in)
    }
}
