//! A digest as people read it on a terminal.

use anstyle::Style;

use super::{Look, Page, one_line, some};
use crate::said;
use takeaways_digest::{Digest, Item, LeftOut};
use takeaways_text::model::{Event, Kind};

/// The page: lines that end with a line feed. `None` is the digest with nothing new.
#[must_use]
pub fn digest(digest: Option<&Digest>, look: Look) -> String {
    let mut page = Page { look, events: &[], lines: Vec::new() };
    match digest {
        Some(digest) => page.digest(digest),
        None => page.text("", said::NOTHING_NEW, Style::new()),
    }
    page.lines.join("\n") + "\n"
}

/// A line for each post that is left out.
#[must_use]
pub fn left_out(left_out: &[LeftOut], look: Look) -> String {
    let mut page = Page { look, events: &[], lines: Vec::new() };
    for LeftOut { recap, why } in left_out {
        let (post, title) = (&recap.post.id, recap.post.shown_title());
        page.text("  ", &one_line(&format!("{post} ({title}): {}", said::why(why))), Style::new());
    }
    if page.lines.is_empty() { String::new() } else { page.lines.join("\n") + "\n" }
}

impl Page<'_> {
    fn digest(&mut self, digest: &Digest) {
        self.text("", &one_line(&said::headline(digest)), self.bold());
        for group in &digest.groups {
            if digest.groups.len() > 1 {
                let event = group.event.as_ref().map_or_else(|| said::NO_EVENT.to_owned(), Event::label);
                self.lines.push(String::new());
                self.text("", &one_line(&event), self.bold());
            }
            for bundle in &group.bundles {
                if group.bundles.len() > 1 || bundle.topic.is_some() {
                    self.lines.push(String::new());
                    self.text("  ", &one_line(&said::bundle(bundle)), self.dim());
                }
                bundle.items.iter().for_each(|item| self.post_of_digest(item));
            }
        }
    }

    fn post_of_digest(&mut self, item: &Item) {
        let from = &item.citation;
        let by = from.author.as_ref().map(|author| format!(" by {author}"));
        let title = match from.kind {
            Kind::Post => said::title(from),
            Kind::Note => format!("Notes on '{}'{}", said::title(from), by.unwrap_or_default()),
        };
        self.lines.push(String::new());
        self.text("  ", &one_line(&title), Style::new());
        if let Some(quoted) = &item.quoted {
            let lead = if from.kind == Kind::Post { "  │ " } else { "    " };
            self.text(lead, &one_line(&quoted.quote), Style::new());
        }
        let author = from.author.clone().filter(|_| from.kind == Kind::Post);
        let written: Vec<String> = author.into_iter().chain(from.date.map(said::day)).collect();
        if let Some(written) = some(written.join(", ")) {
            self.text("  ", &one_line(&written), self.dim());
        }
        if let Some(url) = &from.url {
            self.uncut(&one_line(url));
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::samples;

    const LOOK: Look = Look { width: 60, colour: false };

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
