//! Renders answers and digests as plain text for a terminal.
//!
//! Every page has lines that end with a line feed.

mod excerpts;
mod explanation;
mod glossary;
mod overview;
mod overview_reasons;
mod source;

use crate::{
    discord::NewestPost,
    terminal_text::{StyledText, clean_line},
    wording,
};
use anstyle::Style;
pub use excerpts::{quoted_argument, readable_at};
pub use explanation::explanation;
use jiff::civil::Date;
pub use overview_reasons::overview_reasons;
use std::collections::BTreeSet;
use takeaways_answer::{ListedRecap, Notice, RecapList, TurnAnswer, VerifiedAnswer};
use takeaways_digest::{Bundle, Digest, DigestItem, OmittedPost};
use takeaways_text::language::RefusalWords;
use takeaways_text::model::{
    Answer, Citation, Event, Excerpt, ExcerptDate, Language, Missing, PostId, PostKind, Question, Scope,
    Suggestion,
};

/// The width and the colours of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalStyle {
    /// In columns; words that can't be cut may be wider.
    pub width: usize,
    /// Whether matched words and secondary lines are marked with ANSI codes.
    pub colour: bool,
    /// Whether links are hyperlinks of the terminal (OSC 8). Else their addresses are shown.
    pub hyperlinks: bool,
    /// How this program is run over the same posts: `takeaways`, or `takeaways --corpus posts`.
    pub program: &'static str,
}

/// Renders an answer.
///
/// An author's own words have a bar before them. The words of a note have none, because they are not the author's.
pub fn answer(question: &Question, verified: &VerifiedAnswer, style: TerminalStyle) -> String {
    let mut page = TextPage::new(style, &verified.events, verified.answer.language());
    page.respelled(verified);
    page.answer(question, &verified.answer);
    page.lines.join("\n") + "\n"
}

/// Renders an answer within a conversation: above it stands what was understood, if the message went on with the turn before.
pub fn turn_answer(answered: &TurnAnswer, style: TerminalStyle) -> String {
    let TurnAnswer { question, verified, .. } = answered;
    let Some(understood) = wording::heading(answered) else {
        return answer(question, verified, style);
    };
    let mut page = TextPage::new(style, &verified.events, verified.answer.language());
    page.respelled(verified);
    page.push_wrapped("", &clean_line(&understood), page.bold());
    page.lines.push(String::new());
    match &verified.answer {
        Answer::Cited { excerpts, newest, .. } => {
            page.listed(&verified.answer);
            page.unsure(&verified.answer);
            page.cited_excerpts(excerpts, *newest);
        }
        Answer::Overview(overview) => page.overview(overview, false),
        Answer::NothingFound { .. } => page.answer(question, &verified.answer),
    }
    page.lines.join("\n") + "\n"
}

/// Renders what a person reads instead of an answer in a conversation.
pub fn notice(notice: Notice, language: Language, style: TerminalStyle) -> String {
    let mut page = TextPage::new(style, &[], language);
    page.push_wrapped("", &wording::notice(notice, language), Style::new());
    page.lines.join("\n") + "\n"
}

struct TextPage<'a> {
    style: TerminalStyle,
    /// The language of the page.
    language: Language,
    events: &'a [Event],
    lines: Vec<String>,
    /// The addresses of the footnotes.
    footnotes: Vec<String>,
    /// The numbers of those that the current excerpt has.
    cited: BTreeSet<usize>,
}

impl<'a> TextPage<'a> {
    fn new(style: TerminalStyle, events: &'a [Event], language: Language) -> Self {
        Self { style, language, events, lines: Vec::new(), footnotes: Vec::new(), cited: BTreeSet::new() }
    }

    fn answer(&mut self, question: &Question, answer: &Answer) {
        self.listed(answer);
        match answer {
            Answer::Cited { excerpts, scope, newest, listed, language, .. } => {
                if !scope.is_everything() && listed.is_empty() {
                    let scope = self.scope_text(scope, *language);
                    self.push_wrapped("", &(scope + &language.refusals().colon.fill(&[])), self.dim());
                }
                self.unsure(answer);
                self.cited_excerpts(excerpts, *newest);
            }
            Answer::Overview(overview) => self.overview(overview, true),
            Answer::NothingFound { unanswerable: Some(reason), newest, suggestions, language, .. } => {
                for sentence in wording::unanswerable(*reason, *newest, *language) {
                    self.push_wrapped("", &sentence, Style::new());
                }
                self.suggestions(suggestions, language.refusals());
            }
            Answer::NothingFound { scope, missing, nearest, suggestions, language, .. } => {
                if !answer.is_answered() {
                    self.nothing_found(question, scope, missing, *language);
                }
                if let Some(nearest) = nearest {
                    self.lines.push(String::new());
                    self.push_wrapped("", &language.refusals().nearest.fill(&[]), Style::new());
                    self.excerpts(std::slice::from_ref(nearest));
                }
                self.suggestions(suggestions, language.refusals());
            }
        }
    }

    /// Adds which words were read as others.
    fn respelled(&mut self, verified: &VerifiedAnswer) {
        if let Some(respelled) = wording::respelled(verified) {
            self.push_wrapped("", &clean_line(&respelled), self.dim());
        }
    }

    /// Adds the place and the days of the events of which the question asks.
    fn listed(&mut self, answer: &Answer) {
        for line in wording::listed(answer.listed(), answer.language()) {
            self.push_wrapped("", &clean_line(&line), self.bold());
        }
        // Everything but excerpts has a blank line above it.
        if !answer.listed().is_empty() && !answer.excerpts().is_empty() {
            self.lines.push(String::new());
        }
    }

    /// Adds that an answer may be none.
    fn unsure(&mut self, answer: &Answer) {
        if answer.is_unsure() {
            self.push_wrapped("", &answer.language().refusals().unsure.fill(&[]), Style::new());
            self.lines.push(String::new());
        }
    }

    fn cited_excerpts(&mut self, excerpts: &[Excerpt], newest: Option<ExcerptDate>) {
        if let Some(newest) = newest {
            self.push_wrapped("", &wording::age(newest, self.language), Style::new());
        }
        self.excerpts(excerpts);
    }

    fn nothing_found(&mut self, question: &Question, scope: &Scope, missing: &[Missing], language: Language) {
        let words = language.refusals();
        let nothing_found = words.nothing_found.fill(&[("question", &clean_line(question.text()))]);
        self.push_wrapped("", &nothing_found, Style::new());
        if wording::was_searched(scope, missing) {
            let searched_in = words.searched_in.fill(&[("scope", &self.scope_text(scope, language))]);
            self.push_wrapped("", &searched_in, Style::new());
        }
        for sentence in wording::missing(missing, scope, words) {
            self.push_wrapped("", &clean_line(&sentence), Style::new());
        }
    }

    fn suggestions(&mut self, suggestions: &[Suggestion], words: &RefusalWords) {
        if !suggestions.is_empty() {
            self.lines.extend([String::new(), words.try_instead.fill(&[])]);
        }
        for suggestion in suggestions {
            self.push_wrapped("  ", &clean_line(&suggestion.question), self.bold());
        }
    }

    /// Adds wrapped lines that each begin with `lead`.
    fn push_wrapped(&mut self, lead: &str, text: &str, style: Style) {
        let lines = StyledText::new(text, style).lines(self.width_after(lead));
        self.lines.extend(lines.into_iter().map(|line| format!("{lead}{line}")));
    }

    fn push_unwrapped(&mut self, text: &str) {
        self.lines.push(format!("  {text}"));
    }

    fn width_after(&self, lead: &str) -> usize {
        self.style.width.saturating_sub(display_width(lead)).max(1)
    }

    fn scope_text(&self, scope: &Scope, language: Language) -> String {
        clean_line(&wording::scope(scope, self.events, language))
    }

    fn bold(&self) -> Style {
        if self.style.colour { Style::new().bold() } else { Style::new() }
    }

    fn dim(&self) -> Style {
        if self.style.colour { Style::new().dimmed() } else { Style::new() }
    }
}

/// The width of a text in columns.
fn display_width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

fn non_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// `Ada Example, 5 December 2019`.
fn byline(author: Option<String>, from: &Citation, language: Language) -> Option<String> {
    let date = from.date.map(|date| wording::day_in(date, language));
    let parts: Vec<String> = author.into_iter().chain(date).collect();
    non_empty(parts.join(", "))
}

fn note_title(from: &Citation) -> String {
    let by = from.author.as_ref().map(|author| format!(" by {author}")).unwrap_or_default();
    format!("Notes on '{}'{by}", wording::title(from))
}

fn event_label(from: &Citation) -> Option<String> {
    from.event.as_ref().map(Event::label)
}

/// Renders posts that an answer rests on, below what was understood.
pub fn recap_list(list: &RecapList, style: TerminalStyle) -> String {
    let language = list.turn.language;
    let mut page = TextPage::new(style, &[], language);
    let heading = wording::understood(&list.turn, &list.events);
    page.push_wrapped("", &clean_line(&heading.unwrap_or_default()), page.bold());
    page.push_wrapped("", &wording::recaps_shown(list, list.recaps.len()), page.dim());
    page.lines.push(String::new());
    for ListedRecap { citation, excerpts } in &list.recaps {
        page.listed_post(citation, &wording::excerpt_numbers(excerpts), None, language);
    }
    page.lines.join("\n") + "\n"
}

/// Renders the newest posts: title, byline, event and address of each.
pub fn newest_posts(posts: &[NewestPost], since: Option<Date>, style: TerminalStyle) -> String {
    let mut page = TextPage::new(style, &[], Language::En);
    if posts.is_empty() {
        page.push_wrapped("", &wording::no_newest_posts(since), Style::new());
    }
    for NewestPost { citation, sentence } in posts {
        page.listed_post(citation, "", sentence.as_deref(), Language::En);
    }
    page.lines.join("\n") + "\n"
}

impl TextPage<'_> {
    /// A post of a list: the numbers of its excerpts, whose words they are, title, byline, event and address.
    fn listed_post(&mut self, from: &Citation, excerpts: &str, sentence: Option<&str>, language: Language) {
        let is_post = from.kind == PostKind::Post;
        let title = if is_post { wording::title(from) } else { note_title(from) };
        let speaker_in = &language.citations().speaker_in;
        let speaker = from.speaker.as_ref().map(|speaker| speaker_in.fill(&[("speaker", speaker)]) + " ");
        let title = format!("{excerpts}{}{title}", speaker.unwrap_or_default());
        self.push_wrapped("", &clean_line(&title), self.bold());
        let byline = byline(from.author.clone().filter(|_| is_post), from, language);
        let parts: Vec<String> = byline.into_iter().chain(event_label(from)).collect();
        self.push_wrapped("  ", &clean_line(&parts.join(" — ")), self.dim());
        if let Some(sentence) = sentence {
            self.push_wrapped("  ", &format!("“{}”", clean_line(sentence)), Style::new());
        }
        self.push_unwrapped(&clean_line(from.url.as_ref().unwrap_or(&from.path)));
    }
}

/// Renders a digest without the posts that its message hides behind a button, which are counted.
pub fn digest(digest: &Digest, hidden: &[PostId], style: TerminalStyle) -> String {
    let mut page = TextPage::new(style, &[], Language::En);
    page.digest(digest, hidden);
    if !hidden.is_empty() {
        page.lines.push(String::new());
        page.push_wrapped(
            "",
            &format!("… and {} more, behind a button in Discord", hidden.len()),
            page.dim(),
        );
    }
    page.lines.join("\n") + "\n"
}

/// Renders one line per omitted post.
pub fn omitted_posts(omitted: &[OmittedPost], style: TerminalStyle) -> String {
    let mut page = TextPage::new(style, &[], Language::En);
    for OmittedPost { post, reason } in omitted {
        let (id, title) = (&post.metadata.id, post.metadata.display_title());
        let line = format!("{id} ({title}): {}", wording::omission_reason(reason));
        page.push_wrapped("  ", &clean_line(&line), Style::new());
    }
    if page.lines.is_empty() { String::new() } else { page.lines.join("\n") + "\n" }
}

impl TextPage<'_> {
    fn digest(&mut self, digest: &Digest, hidden: &[PostId]) {
        self.push_wrapped("", &clean_line(&wording::headline(digest)), self.bold());
        let is_shown = |item: &&DigestItem| !hidden.contains(&item.citation.post);
        let has_items = |bundle: &Bundle| bundle.items.iter().any(|item| is_shown(&item));
        for group in digest.groups.iter().filter(|group| group.bundles.iter().any(has_items)) {
            if digest.groups.len() > 1 {
                let event = group.event.as_ref().map_or_else(|| wording::NO_EVENT.to_owned(), Event::label);
                self.lines.push(String::new());
                self.push_wrapped("", &clean_line(&event), self.bold());
            }
            for bundle in group.bundles.iter().filter(|bundle| has_items(bundle)) {
                if group.bundles.len() > 1 || bundle.topic.is_some() {
                    self.lines.push(String::new());
                    self.push_wrapped("  ", &clean_line(&wording::bundle(bundle)), self.dim());
                }
                bundle.items.iter().filter(is_shown).for_each(|item| self.digest_item(item));
            }
        }
    }

    fn digest_item(&mut self, item: &DigestItem) {
        let from = &item.citation;
        let is_post = from.kind == PostKind::Post;
        let title = if is_post { wording::title(from) } else { note_title(from) };
        self.lines.push(String::new());
        self.push_wrapped("  ", &clean_line(&title), Style::new());
        if let Some(quoted) = &item.quoted {
            let lead = if is_post { "  │ " } else { "    " };
            self.push_wrapped(lead, &clean_line(&quoted.text), Style::new());
        }
        if let Some(byline) = byline(from.author.clone().filter(|_| is_post), from, self.language) {
            self.push_wrapped("  ", &clean_line(&byline), self.dim());
        }
        match &from.url {
            Some(url) => self.push_unwrapped(&clean_line(url)),
            // Without a sentence and an address there would be nothing to do with the post.
            None if item.quoted.is_none() => self.push_unwrapped(&clean_line(&from.path)),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod digest_tests {
    use super::*;
    use crate::samples;
    use insta::assert_snapshot;

    const STYLE: TerminalStyle =
        TerminalStyle { width: 60, colour: false, hyperlinks: false, program: "takeaways" };

    #[test]
    fn an_answer_may_say_that_it_is_none() {
        let text = |confidence: f32| {
            let mut answer = Answer::of_excerpts(vec![samples::post_excerpt()]);
            if let Answer::Cited { confidence: of_answer, .. } = &mut answer {
                *of_answer = confidence;
            }
            let mut page = TextPage::new(STYLE, &[], Language::En);
            page.answer(&samples::question(), &answer);
            page.lines.join("\n")
        };
        let says_so = |confidence| text(confidence).contains("I am not sure that this answers the question.");
        assert_eq!((says_so(0.59), says_so(0.61)), (true, false));
    }

    #[test]
    fn a_digest() {
        assert_snapshot!(super::digest(&samples::digest(), &[], STYLE), @"
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
          2019/mesh-notes.md

          On other topics

          Notes on 'What I learned in San Diego' by Ada Example
            サービスメッシュはまだ若い。
          5 December 2019
          https://example.com/posts/what-i-learned-in-san-diego

        Without an event

          raw[31m notes
          │ Service mesh is still young, and most teams that I met
          │ run a mesh for one cluster only.
        ");
    }

    #[test]
    fn a_digest_leaves_out_what_its_message_hides() {
        let digest = samples::digest();
        let all: Vec<PostId> = digest
            .groups
            .iter()
            .flat_map(|group| &group.bundles)
            .flat_map(|it| &it.items)
            .map(|item| item.citation.post.clone())
            .collect();
        let page = super::digest(&digest, &all, STYLE);
        assert_eq!(
            page,
            format!(
                "3 new recaps and 1 note on a recap on 1 event\n\n… and {} more, behind a button in Discord\n",
                all.len()
            )
        );
    }
}
