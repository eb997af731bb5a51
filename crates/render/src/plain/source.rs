//! The source of an excerpt as plain text, shortened to the room that there is.

use super::{byline, display_width, event_label, wording};
use crate::terminal_text::{StyledText, clean_line};
use crate::web_address::WebAddress;
use anstyle::Style;
use takeaways_text::model::{Excerpt, Language, PostKind};
use unicode_width::UnicodeWidthChar;

/// The lengths of a title that is shortened, in columns.
const SHORT_TITLE: std::ops::RangeInclusive<usize> = 12..=40;
/// The least columns of a heading that is shortened, with the dash before it.
const SHORT_SECTION: usize = 24;

/// The source of an excerpt.
pub(super) struct Source {
    /// What stands before the title.
    before: String,
    title: String,
    /// The address that the title links to.
    link: Option<WebAddress>,
    /// Author, date, language and event.
    after: String,
    section: String,
    duplicates: String,
}

impl Source {
    pub fn new(excerpt: &Excerpt, link: Option<WebAddress>, language: Language) -> Self {
        let (from, words) = (&excerpt.citation, language.citations());
        let is_note = from.kind == PostKind::Note;
        let speaker = from.speaker.as_ref();
        let has_byline = !is_note && speaker.is_none();
        let by = from.author.as_ref().map(|author| format!(" {}", words.by.fill(&[("author", author)])));
        let by = by.unwrap_or_default();
        let (before, end) = match speaker {
            _ if is_note => (format!("{} '", words.notes_on.fill(&[])), format!("'{by}")),
            Some(speaker) => {
                let before = words.speaker_in.fill(&[("speaker", &clean_line(speaker))]);
                (format!("{before} “"), format!("”{by}"))
            }
            None => (String::new(), String::new()),
        };
        let byline = byline(from.author.clone().filter(|_| has_byline), from, language);
        let byline: Vec<String> =
            byline.into_iter().chain(wording::foreign_language(excerpt, words)).collect();
        let part = |text: Option<String>| {
            text.filter(|text| !text.is_empty())
                .map_or_else(String::new, |text| format!(" — {}", clean_line(&text)))
        };
        Self {
            before,
            title: clean_line(&from.title),
            link,
            after: wording::unpublished(from)
                + &clean_line(&end)
                + &part(Some(byline.join(", ")))
                + &part(event_label(from)),
            section: part(wording::section(excerpt).map(str::to_owned)),
            duplicates: part(wording::duplicates(excerpt.duplicate_count, words)),
        }
    }

    /// At most `max` lines. What does not fit is shortened: first the title, then the section, which may be left out, then the
    /// end.
    pub fn lines(&self, width: usize, max: usize) -> Vec<String> {
        let (shortest, short) = SHORT_TITLE.into_inner();
        let section = display_width(&self.section);
        let long = (short..=display_width(&self.title).max(short)).rev();
        let long = long.map(|title| self.wrap(width, title, section, usize::MAX));
        let heading =
            (SHORT_SECTION..section).rev().map(|section| self.wrap(width, short, section, usize::MAX));
        let short = SHORT_TITLE.rev().map(|title| self.wrap(width, title, 0, usize::MAX));
        let cut = (1..max * width).rev().map(|end| self.wrap(width, shortest, 0, end));
        long.chain(heading).chain(short).chain(cut).find(|lines| lines.len() <= max).unwrap_or_default()
    }

    /// One line with at least author, date, language and event; `None` if they don't fit.
    pub fn one_line(&self, width: usize) -> Option<String> {
        let mut short = SHORT_TITLE.rev().map(|title| self.wrap(width, title, 0, usize::MAX));
        short.find(|lines| lines.len() == 1)?.pop()
    }

    /// The lines with a title of at most `title` columns, a heading of at most `section`, and at most `end` columns after the
    /// title.
    fn wrap(&self, width: usize, title: usize, section: usize, end: usize) -> Vec<String> {
        let section = if section == 0 { String::new() } else { shorten(&self.section, section) };
        let after = format!("{}{section}{}", self.after, self.duplicates);
        let mut text = StyledText::new(&self.before, Style::new());
        text.push(&shorten(&self.title, title), Style::new(), self.link.as_ref().map(WebAddress::as_str));
        text.push(&shorten(&after, end), Style::new(), None);
        text.lines(width)
    }
}

/// A text of at most this many columns. One that is cut ends with an ellipsis.
fn shorten(text: &str, columns: usize) -> String {
    if display_width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or_default();
        used <= columns
    });
    let kept: String = kept.collect();
    format!("{}…", kept.trim_end())
}
