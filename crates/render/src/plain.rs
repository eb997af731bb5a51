//! An answer as people read it on a terminal.

mod digest;
mod explanation;

use anstyle::Style;

use super::clean::one_line;
use super::said;
use super::wrapped::Wrapped;
pub use digest::{digest, left_out};
pub use explanation::explanation;
use takeaways_text::model::{Age, Answer, Citation, Event, Excerpt, Kind, Missing, Offer, Question, Scope};

/// How wide a page is and whether it has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// In columns; text that has no place to be cut may be wider.
    pub width: usize,
    /// Whether matched words and secondary lines are set apart with ANSI codes.
    pub colour: bool,
}

/// The page: lines that end with a line feed. `events` are those of the scope, as far as they are known.
///
/// An author's own words have a bar before them. Notes have none, and are headed as what they are: the words
/// are not the author's.
#[must_use]
pub fn answer(question: &Question, answer: &Answer, events: &[Event], look: Look) -> String {
    let mut page = Page { look, events, lines: Vec::new() };
    match answer {
        Answer::Cited { excerpts, scope, newest, .. } => page.cited(excerpts, scope, *newest),
        Answer::NothingFound { scope, missing, offers, .. } => {
            page.nothing_found(question, scope, missing, offers);
        }
    }
    page.lines.join("\n") + "\n"
}

struct Page<'a> {
    look: Look,
    events: &'a [Event],
    lines: Vec<String>,
}

impl Page<'_> {
    fn cited(&mut self, excerpts: &[Excerpt], scope: &Scope, newest: Option<Age>) {
        if !scope.is_everything() {
            self.text("", &format!("In {}:", self.described(scope)), self.dim());
        }
        if let Some(newest) = newest {
            self.text("", &said::age(newest), Style::new());
        }
        for excerpt in excerpts {
            if !self.lines.is_empty() {
                self.lines.push(String::new());
            }
            match excerpt.citation.kind {
                Kind::Post => self.post(excerpt),
                Kind::Note => self.note(excerpt),
            }
            self.place(&excerpt.citation);
            if let Some(also) = said::also(excerpt.also) {
                self.text("  ", &format!("({also})"), self.dim());
            }
        }
    }

    fn post(&mut self, excerpt: &Excerpt) {
        self.words("│ ", excerpt);
        let from = &excerpt.citation;
        let written =
            [from.author.clone(), from.date.map(said::day)].into_iter().flatten().collect::<Vec<_>>();
        self.source(&[Some(said::title(from)), some(written.join(", ")), label(from)]);
    }

    fn note(&mut self, excerpt: &Excerpt) {
        let from = &excerpt.citation;
        let by = from.author.as_ref().map(|author| format!(" by {author}")).unwrap_or_default();
        self.source(&[Some(format!("Notes on '{}'{by}", said::title(from)))]);
        self.words("    ", excerpt);
        self.source(&[from.date.map(said::day), label(from)]);
    }

    fn words(&mut self, lead: &str, excerpt: &Excerpt) {
        let mut lead = lead.to_owned();
        if let Some(line) = &excerpt.lead_in {
            self.text(&lead, &line.quote, self.dim());
            lead.push_str("  ");
        }
        let start = excerpt.quoted.span.start();
        let marks = excerpt.marks.iter().filter(|mark| mark.start() >= start);
        let marks: Vec<_> = marks.map(|mark| mark.start() - start..mark.end() - start).collect();
        let width = self.width_after(&lead);
        let wrapped = Wrapped::new(&excerpt.quoted.quote, &marks);
        let lines = wrapped.lines(width, Style::new(), self.bold());
        self.lines.extend(lines.into_iter().map(|line| format!("{lead}{line}")));
    }

    /// What is known of where words come from, with dashes between.
    fn source(&mut self, parts: &[Option<String>]) {
        let known: Vec<String> = parts.iter().flatten().map(|part| one_line(part)).collect();
        if !known.is_empty() {
            self.text("  ", &known.join(" — "), Style::new());
        }
    }

    /// Headings and address, on one line where they fit; an address is never cut, so that it can be followed.
    fn place(&mut self, from: &Citation) {
        let section = some(said::section(from)).map(|section| one_line(&section));
        let url = from.url.as_deref().map(one_line);
        match (section, url) {
            (Some(section), Some(url)) if width(&section) + 3 + width(&url) <= self.width_after("  ") => {
                self.uncut(&format!("{section} — {url}"));
            }
            (section, url) => {
                if let Some(section) = section {
                    self.text("  ", &section, self.dim());
                }
                if let Some(url) = url {
                    self.uncut(&url);
                }
            }
        }
    }

    fn nothing_found(&mut self, question: &Question, scope: &Scope, missing: &[Missing], offers: &[Offer]) {
        self.text("", &format!("Not in the recaps: {}", one_line(question.text())), Style::new());
        if !scope.is_everything() {
            self.text("", &format!("Looked in {}.", self.described(scope)), Style::new());
        }
        for sentence in said::missing(missing, scope) {
            self.text("", &one_line(&sentence), Style::new());
        }
        if !offers.is_empty() {
            self.lines.extend([String::new(), "Try instead:".into()]);
        }
        for offer in offers {
            self.text("  ", &one_line(&offer.question), self.bold());
        }
    }

    /// Lines that each begin with `lead`.
    fn text(&mut self, lead: &str, text: &str, style: Style) {
        let lines = Wrapped::new(text, &[]).lines(self.width_after(lead), style, style);
        self.lines.extend(lines.into_iter().map(|line| format!("{lead}{line}")));
    }

    fn uncut(&mut self, text: &str) {
        self.lines.push(format!("  {text}"));
    }

    fn width_after(&self, lead: &str) -> usize {
        self.look.width.saturating_sub(width(lead)).max(1)
    }

    fn described(&self, scope: &Scope) -> String {
        one_line(&said::scope(scope, self.events))
    }

    fn bold(&self) -> Style {
        if self.look.colour { Style::new().bold() } else { Style::new() }
    }

    fn dim(&self) -> Style {
        if self.look.colour { Style::new().dimmed() } else { Style::new() }
    }
}

/// In columns.
fn width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn label(from: &Citation) -> Option<String> {
    from.event.as_ref().map(Event::label)
}

#[cfg(test)]
mod tests;
