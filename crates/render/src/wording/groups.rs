//! The words over an overview and over its groups.

use jiff::civil::Date;

use super::month;
use takeaways_text::language::OverviewWords;
use takeaways_text::model::{
    AuthorCount, Group, GroupTitle, Language, Overview, PostCount, Shape, Stance, TrendTurn,
};

/// The posts that an overview is drawn from: `14 recaps by 9 authors`, or `14 of 213 recaps mention Istio`. If no line is about all that
/// is asked, what none of them mentions. `None` for one post, for a count on a topic, and if each word is in a line.
pub fn overview_sources(overview: &Overview) -> Option<String> {
    let words = overview.language.overviews();
    if overview.is_partial {
        let notice = |unmentioned: &Vec<String>| match overview.language.refusals().any_of(unmentioned) {
            names if names.is_empty() => words.partial.fill(&[]),
            names => words.unmentioned.fill(&[("names", &names)]),
        };
        return overview.unmentioned.as_ref().map(notice);
    }
    let posts = overview.posts.posts.to_string();
    if let Some(topic) = overview.topic.as_deref().filter(|_| overview.posts.posts < overview.posts.of) {
        return Some(naming(overview.posts, topic, overview.language));
    }
    // A count says how many of all mention the topic.
    if overview.shape == Shape::Count && overview.topic.is_some() && !overview.groups.is_empty() {
        return None;
    }
    let AuthorCount { named, are_some_unnamed } = overview.authors;
    let template = match (named, are_some_unnamed) {
        (0 | 1, true) => &words.recaps_of_unnamed,
        (_, true) => &words.recaps_of_some_named,
        (1, false) => &words.recaps_of_one,
        (_, false) => &words.recaps,
    };
    let values = [("posts", posts.as_str()), ("authors", &named.to_string())];
    // A card has its first and its last recap below, and a scope of several events or of years says when they were.
    let scope = &overview.scope;
    let says_when = overview.mentions.is_some() || scope.events.len() > 1 || scope.years.is_some();
    let days = overview.days.filter(|_| !says_when && overview.posts.posts > 1);
    let time = days.map(|days| format!(", {}", months(days, overview.language)));
    (overview.posts.posts > 1).then(|| template.fill(&values) + &time.unwrap_or_default())
}

/// How many posts mention a topic: `14 of 213 recaps mention Istio`.
pub(super) fn naming(count: PostCount, topic: &str, language: Language) -> String {
    let words = language.overviews();
    let template = if count.posts == 1 { &words.naming_one } else { &words.naming };
    let (posts, all) = (count.posts.to_string(), count.of.to_string());
    template.fill(&[("posts", &posts), ("all", &all), ("topic", topic)])
}

/// The months of two days, `May–June 2019`; their years if these differ.
pub(super) fn months((first, last): (Date, Date), language: Language) -> String {
    let (from, to) = (month(first, language), month(last, language));
    if first.year() != last.year() {
        return format!("{}–{}", first.year(), last.year());
    }
    if from == to {
        return to;
    }
    // Where the month comes first, the year stands only once.
    let name = language.citations().month_name(first.month());
    let is_first =
        !name.is_empty() && from.starts_with(name) && !name.starts_with(|c: char| c.is_ascii_digit());
    format!("{}–{to}", if is_first { name } else { &from })
}

/// What stands over a group, with how many posts mention it. `None` if it needs nothing.
pub fn group_title(group: &Group, overview: &Overview) -> Option<String> {
    let name = group_name(group, overview)?;
    let PostCount { posts, of } = group.posts;
    let is_share = match group.title {
        GroupTitle::Theme(_) | GroupTitle::Year { .. } => of > 1,
        // All posts of an event are its side.
        GroupTitle::Side(_) => posts < of,
        _ => return Some(name),
    };
    let count = if is_share { share_of(group.posts, overview.language) } else { posts.to_string() };
    Some(if of > 1 || is_share { format!("{name} · {count}") } else { name })
}

/// The same without the number of posts.
pub fn group_name(group: &Group, overview: &Overview) -> Option<String> {
    let words = overview.language.overviews();
    let name = match &group.title {
        GroupTitle::Theme(name)
        | GroupTitle::Side(name)
        | GroupTitle::Post(name)
        | GroupTitle::Numbers(name) => name.clone(),
        GroupTitle::Year { year, turn } => year_title(*year, *turn, words),
        GroupTitle::Also if overview.groups.first() != Some(group) => words.also.fill(&[]),
        GroupTitle::Stance(Stance::For) => words.views_for.fill(&[]),
        GroupTitle::Stance(Stance::Against) => words.views_against.fill(&[]),
        GroupTitle::ViewsWithout(Stance::For) => words.views_without_praise.fill(&[]),
        GroupTitle::ViewsWithout(Stance::Against) => words.views_without_criticism.fill(&[]),
        GroupTitle::Views if overview.groups.first() != Some(group) => words.other_views.fill(&[]),
        GroupTitle::Views => words.views.fill(&[]),
        GroupTitle::Advice => words.advice.fill(&[]),
        GroupTitle::Warnings => words.warnings.fill(&[]),
        GroupTitle::Also | GroupTitle::Items => return None,
    };
    Some(name)
}

/// `2019: mentioned most`.
fn year_title(year: i16, turn: Option<TrendTurn>, words: &OverviewWords) -> String {
    let year = year.to_string();
    let template = match turn {
        None => return year,
        Some(TrendTurn::First) => &words.first_year,
        Some(TrendTurn::Peak) => &words.peak_year,
        Some(TrendTurn::Rise) => &words.rising_year,
        Some(TrendTurn::Fall) => &words.falling_year,
    };
    template.fill(&[("year", &year)])
}

/// `9 of 17`.
pub fn share_of(count: PostCount, language: Language) -> String {
    let values = [("posts", count.posts.to_string()), ("all", count.of.to_string())];
    language.overviews().share.fill(&values.each_ref().map(|(key, value)| (*key, value.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use jiff::civil::date;
    use takeaways_text::model::Answer;

    #[test]
    fn the_sources_of_an_overview_have_their_time() {
        let (may, june) = (date(2019, 5, 21), date(2019, 6, 3));
        for (language, days, expected) in [
            (Language::En, (may, june), "May–June 2019"),
            (Language::De, (may, june), "Mai–Juni 2019"),
            (Language::Es, (may, june), "mayo–junio de 2019"),
            (Language::Ja, (may, june), "2019年5月–2019年6月"),
            (Language::En, (may, may), "May 2019"),
            (Language::En, (may, date(2021, 1, 1)), "2019–2021"),
        ] {
            assert_eq!(months(days, language), expected);
        }
        let Answer::Overview(overview) = samples::overview() else { panic!("an overview") };
        let overview = Overview { days: Some((may, june)), topic: None, mentions: None, ..overview };
        let sources = overview_sources(&overview).expect("sources");
        assert!(sources.ends_with("authors, May–June 2019"), "{sources}");
        for (named, are_some_unnamed, expected) in [
            (2, false, "3 recaps by 2 authors"),
            (1, false, "3 recaps by one author"),
            (2, true, "3 recaps by at least 2 authors"),
            (1, true, "3 recaps"),
            (0, true, "3 recaps"),
        ] {
            let authors = AuthorCount { named, are_some_unnamed };
            let sources = overview_sources(&Overview { authors, days: None, ..overview.clone() });
            assert_eq!(sources.as_deref(), Some(expected));
        }
        let topic = Some("Istio".to_owned());
        let count = Overview { shape: Shape::Count, topic, ..overview.clone() };
        assert_eq!(overview_sources(&count), None);
        let partial = Overview { is_partial: true, ..overview };
        assert_eq!(overview_sources(&partial), None);
        let partial = Overview { unmentioned: Some(Vec::new()), ..partial };
        let expected = "No line is about all of this. These come nearest.";
        assert_eq!(overview_sources(&partial).as_deref(), Some(expected));
        let partial = Overview { unmentioned: Some(vec!["Helm".into(), "pizza".into()]), ..partial };
        let expected = "None of these lines mentions Helm or pizza.";
        assert_eq!(overview_sources(&partial).as_deref(), Some(expected));
    }
}
