//! Renders overviews as plain text: groups of excerpts, and for a trend a bar for each year.

use super::{TextPage, wording};
use crate::terminal_text::clean_line;
use anstyle::Style;
use takeaways_text::model::{Overview, YearCount};

/// The width of the bar of a year in which all posts name the topic, in columns.
const BAR: usize = 40;

impl TextPage<'_> {
    /// Renders an overview. `shows_scope`: whether its scope is not told above it already.
    pub(super) fn overview(&mut self, overview: &Overview, shows_scope: bool) {
        if let Some(card) = overview.card.as_ref().filter(|card| !card.name.is_empty()) {
            self.push_wrapped("", &clean_line(&card.name), self.bold());
        }
        let scope = (shows_scope && wording::shows_scope(overview))
            .then(|| self.scope_text(&overview.scope, overview.language));
        let head: Vec<String> = scope.into_iter().chain(wording::overview_sources(overview)).collect();
        if !head.is_empty() {
            let colon = overview.language.refusals().colon.fill(&[]);
            self.push_wrapped("", &clean_line(&head.join(&format!("{colon} "))), self.dim());
        }
        if let Some(newest) = overview.newest {
            self.push_wrapped("", &wording::age(newest, self.language), Style::new());
        }
        let mut remarks = wording::overview_remarks(overview, overview.excerpts.len());
        if let Some(last) = remarks.last_mut().filter(|_| overview.further > 0) {
            *last += " ";
            *last += &overview.language.overviews().more_in_chat.fill(&[]);
        }
        for remark in remarks {
            self.push_wrapped("", &clean_line(&remark), Style::new());
        }
        if !overview.series.is_empty() {
            self.begin_paragraph();
            for count in &overview.series {
                self.year(count, overview);
            }
        }
        for group in &overview.groups {
            if let Some(title) = wording::group_title(group, overview) {
                self.begin_paragraph();
                self.push_wrapped("", &clean_line(&title), self.bold());
            }
            let excerpts = overview.excerpts.get(group.lines.clone()).unwrap_or_default();
            self.numbered_excerpts(excerpts, group.lines.start + 1);
        }
    }

    /// Adds the line of a year: `2019  ███████ 13 of 27`.
    fn year(&mut self, count: &YearCount, overview: &Overview) {
        let posts = count.posts;
        let share = wording::share_of(posts, overview.language);
        let has_share = count.has_share();
        let filled = (posts.posts as usize * BAR).div_ceil(posts.of.max(1) as usize);
        let bar = if has_share { "█".repeat(filled) } else { String::new() };
        let few = overview.language.overviews().few_in_year.fill(&[]);
        let text = if has_share {
            [count.year.to_string(), bar, share]
                .into_iter()
                .filter(|it| !it.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        } else {
            format!("{} {share} ({few})", count.year)
        };
        let style = if has_share { Style::new() } else { self.dim() };
        self.push_wrapped("", &text, style);
    }
}
