//! What names stand for in a document: link targets and substitutions.

use std::collections::HashMap;

use super::Line;

/// The names of a document.
#[derive(Debug, Default)]
pub struct Names {
    targets: HashMap<String, String>,
    substitutions: HashMap<String, String>,
}

impl Names {
    /// Looks for definitions in a document.
    pub fn of(lines: &[Line]) -> Self {
        let mut names = Self::default();
        for (index, line) in lines.iter().enumerate() {
            let Some(rest) = line.text.strip_prefix(".. ") else { continue };
            if let Some(target) = rest.strip_prefix('_') {
                names.add_target(target, &lines[index + 1..], line.indent);
            } else if let Some((name, text)) = rest.strip_prefix('|').and_then(|rest| rest.split_once("| ")) {
                // What stands for an image, or for a character by its number, has no words.
                let text = text.trim().strip_prefix("replace::").unwrap_or_default().trim();
                names.substitutions.insert(key(name), text.to_owned());
            }
        }
        names
    }

    fn add_target(&mut self, target: &str, below: &[Line], indent: usize) {
        let named = match target.strip_prefix('`') {
            Some(quoted) => quoted.split_once("`:"),
            None => target.split_once(':').filter(|(_, url)| url.is_empty() || url.starts_with(' ')),
        };
        let Some((name, url)) = named else { return };
        let mut url = url.trim().to_owned();
        // An address may be broken over lines; a long one is none.
        let more = below.iter().take_while(|line| !line.text.is_empty() && line.indent > indent).take(8);
        url.extend(more.map(|line| line.text));
        if !url.is_empty() {
            self.targets.insert(key(name), url);
        }
    }

    /// Where the name of a link leads; another name's address where it stands for that.
    pub fn target(&self, name: &str) -> Option<&str> {
        let url = self.targets.get(&key(name))?;
        let other = url.strip_suffix('_').and_then(|name| self.targets.get(&key(name.trim_matches('`'))));
        Some(other.unwrap_or(url))
    }

    /// What a substitution stands for: no words for images; `None` where nothing says what.
    pub fn substitution(&self, name: &str) -> Option<&str> {
        self.substitutions.get(&key(name)).map(String::as_str)
    }
}

fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
