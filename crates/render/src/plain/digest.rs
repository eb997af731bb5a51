//! A digest as people read it on a terminal.

use anstyle::Style;

use super::{TerminalStyle, TextPage, clean_line, non_empty};
use crate::wording;
use takeaways_digest::{Digest, DigestItem, OmittedPost};
use takeaways_text::model::{Event, PostKind};

/// The page: lines that end with a line feed. `None` is the digest with nothing new.
#[must_use]
pub fn digest(digest: Option<&Digest>, look: TerminalStyle) -> String {
    let mut page = TextPage { style: look, events: &[], lines: Vec::new() };
    match digest {
        Some(digest) => page.digest(digest),
        None => page.push_wrapped("", wording::NOTHING_NEW, Style::new()),
    }
    page.lines.join("\n") + "\n"
}

/// A line for each post that is left out.
#[must_use]
pub fn omitted_posts(left_out: &[OmittedPost], look: TerminalStyle) -> String {
    let mut page = TextPage { style: look, events: &[], lines: Vec::new() };
    for OmittedPost { post: recap, reason: why } in left_out {
        let (post, title) = (&recap.metadata.id, recap.metadata.display_title());
        page.push_wrapped(
            "  ",
            &clean_line(&format!("{post} ({title}): {}", wording::omission_reason(why))),
            Style::new(),
        );
    }
    if page.lines.is_empty() { String::new() } else { page.lines.join("\n") + "\n" }
}

impl TextPage<'_> {
    fn digest(&mut self, digest: &Digest) {
        self.push_wrapped("", &clean_line(&wording::headline(digest)), self.bold());
        for group in &digest.groups {
            if digest.groups.len() > 1 {
                let event = group.event.as_ref().map_or_else(|| wording::NO_EVENT.to_owned(), Event::label);
                self.lines.push(String::new());
                self.push_wrapped("", &clean_line(&event), self.bold());
            }
            for bundle in &group.bundles {
                if group.bundles.len() > 1 || bundle.topic.is_some() {
                    self.lines.push(String::new());
                    self.push_wrapped("  ", &clean_line(&wording::bundle(bundle)), self.dim());
                }
                bundle.items.iter().for_each(|item| self.digest_item(item));
            }
        }
    }

    fn digest_item(&mut self, item: &DigestItem) {
        let from = &item.citation;
        let by = from.author.as_ref().map(|author| format!(" by {author}"));
        let title = match from.kind {
            PostKind::Post => wording::title(from),
            PostKind::Note => format!("Notes on '{}'{}", wording::title(from), by.unwrap_or_default()),
        };
        self.lines.push(String::new());
        self.push_wrapped("  ", &clean_line(&title), Style::new());
        if let Some(quoted) = &item.quoted {
            let lead = if from.kind == PostKind::Post { "  │ " } else { "    " };
            self.push_wrapped(lead, &clean_line(&quoted.text), Style::new());
        }
        let author = from.author.clone().filter(|_| from.kind == PostKind::Post);
        let written: Vec<String> = author.into_iter().chain(from.date.map(wording::day)).collect();
        if let Some(written) = non_empty(written.join(", ")) {
            self.push_wrapped("  ", &clean_line(&written), self.dim());
        }
        if let Some(url) = &from.url {
            self.push_unwrapped(&clean_line(url));
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::samples;

    const LOOK: TerminalStyle = TerminalStyle { width: 60, colour: false };

    #[test]
    fn a_digest() {
        assert_snapshot!(super::digest(Some(&samples::digest()), LOOK), @r#"
3 new recaps and 1 note on a recap on 1 event

KubeCon NA 2019, San Diego

  2 posts on service mesh

  What I learned in San Diego
  │ Service mesh is still young, and most teams that I met
  │ run a mesh for one cluster only.
  Ada Example, 5 December 2019
  https://example.com/posts/what-i-learned-in-san-diego

  What others say
  Ada Example, 5 December 2019

  On other things

  Notes on 'What I learned in San Diego' by Ada Example
    サービスメッシュはまだ若い。
  5 December 2019
  https://example.com/posts/what-i-learned-in-san-diego

About no event in particular

  raw[31m notes
  │ Service mesh is still young, and most teams that I met
  │ run a mesh for one cluster only.
"#);
        assert_eq!(super::digest(None, LOOK), "Nothing new in the recaps since the last digest.\n");
    }
}
