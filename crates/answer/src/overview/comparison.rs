//! Compares two events, years, authors or things.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::both_named;
use super::lines::{Line, PickedLines, points_of_posts, sort_best_first, topic_lines};
use super::numbers::attendance_lines;
use super::themes::{ThemeCandidate, ThemeKey, excess_in_errors};
use super::trend::year_of;
use super::{DraftGroup, MAX_LINES, ScopedPosts, all_of, assemble, to_u32};
use crate::{
    attendance::{is_comparative, is_size},
    engine::{AnswerError, Engine, Request},
    find_name::find_events_by_name,
    plan::{QueryPlan, names_thing},
    resolve::{NameRole, ScopeOptions, events_of_option},
    shape_words::is_word_of_shape,
};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_search::Facets;
use takeaways_text::language;
use takeaways_text::model::{
    Event, GroupTitle, Language, Missing, Overview, Post, PostCount, Question, QuestionShape, ReasonKind,
    Shape, ThemeContrast, Years,
};
use takeaways_text::tokens::folding::folded_words;

/// The lines of each side.
const LINES_OF_SIDE: usize = MAX_LINES / 2;
/// A side with more words is no name of an event or a thing.
const MAX_SIDE_WORDS: usize = 5;
/// With fewer posts on a side there is no difference to speak of.
const MIN_POSTS_OF_SIDE: usize = 5;
/// Fewer posts of a side have no theme in common.
const MIN_POSTS_OF_THEME: u32 = 2;
/// Fewer posts are no theme that one side has more of.
const MIN_POSTS_OF_SIDE_THEME: usize = 3;
/// A side tells clearly more of a theme if it does by as many standard errors.
const MIN_EXCESS_OF_SIDE: f32 = 1.5;
/// The maximum number of themes of both sides, and of those that one tells more of or has alone.
const THEMES_OF_BOTH: usize = 5;
const THEMES_OF_ONE: usize = 3;
/// What it adds to the grade of a line if only its side mentions its topic.
const DISTINCT_GAIN: f32 = 0.6;

/// One of the two things that are compared.
struct Side {
    name: String,
    plan: QueryPlan,
    scoped: ScopedPosts,
    lines: Vec<Line>,
}

/// Compares the two sides that a question names; `None` if it names none, or if the posts mention only one.
pub(super) fn compare(
    engine: &Engine,
    request: &Request,
    plan: &QueryPlan,
    shape: &QuestionShape,
) -> Result<Option<(Overview, Vec<Event>)>, AnswerError> {
    let Some(sides) = &shape.sides else { return Ok(None) };
    let text = request.question.text();
    let word = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().trim().to_owned();
    let [left, right] = [word(&sides[0]), word(&sides[1])];
    let is_long = |side: &&String| side.split_whitespace().count() > MAX_SIDE_WORDS;
    if request.subject.is_none() && [&left, &right].iter().any(is_long) {
        return Ok(None);
    }
    let Some(mut left_side) = side(engine, request, plan.language, [&left, &right])? else { return Ok(None) };
    let Some(mut right_side) = side(engine, request, plan.language, [&right, &left])? else {
        return Ok(None);
    };
    prefer_distinct(&mut left_side.lines, &right_side.scoped.posts, &left_side.plan);
    prefer_distinct(&mut right_side.lines, &left_side.scoped.posts, &right_side.plan);
    let both = both_named::lines(engine, request, [&left_side.plan, &right_side.plan])?;
    for (at, line) in both.into_iter().enumerate() {
        let side = if at % 2 == 0 { &mut left_side } else { &mut right_side };
        side.lines.insert(at / 2, line);
    }
    let is_of_size = prefer_attendance(text, &mut left_side, &mut right_side);
    let few = left_side.scoped.posts.len().min(right_side.scoped.posts.len());
    // All posts that mention a thing are no scope to compare with.
    let is_of_scopes = [&left_side, &right_side].iter().all(|side| side.plan.concepts.is_empty());
    let mut contrast = Vec::new();
    if is_of_scopes && !is_of_size && few >= MIN_POSTS_OF_SIDE {
        let facets = engine.index().facets(request.now)?;
        contrast = contrast_sides([&mut left_side, &mut right_side], &facets);
    }
    let mut plan = plan.clone();
    plan.keep_topic(shape);
    if request.subject.is_some() && is_of_scopes {
        // The words of a name may be words of a language: "eu 19".
        plan.language = request.question.conversation_language().unwrap_or(Language::En);
    }
    let Some(mut overview) = overview_of([left_side, right_side], Shape::Comparison, &plan, request) else {
        return Ok(None);
    };
    overview.contrast = contrast;
    overview.too_few = is_of_scopes && !is_of_size && few < MIN_POSTS_OF_SIDE;
    Ok(Some((overview, plan.events)))
}

/// The sides of a comparison that a caller names and that posts tell nothing of.
pub(crate) fn missing_sides(
    engine: &Engine,
    request: &Request,
    shape: &QuestionShape,
) -> Result<Vec<Missing>, AnswerError> {
    let Some(sides) = &shape.sides else { return Ok(Vec::new()) };
    let [left, right] =
        sides.each_ref().map(|side| request.question.text().get(side.clone()).unwrap_or_default());
    let mut missing = Vec::new();
    for [name, other] in [[left, right], [right, left]] {
        if side(engine, request, Language::En, [name, other])?.is_none() {
            let is_year = name.parse::<Years>().is_ok();
            missing.push(if is_year { Missing::Years(name.into()) } else { Missing::Words(name.into()) });
        }
    }
    Ok(missing)
}

/// Compares the earlier posts of a scope with the later ones; `None` if there are too few of either.
pub(super) fn compare_times(
    engine: &Engine,
    request: &Request,
    plan: &QueryPlan,
    posts: &[Arc<Post>],
) -> Result<Option<Overview>, AnswerError> {
    let Some(halves) = halves(posts) else { return Ok(None) };
    let mut sides = halves.map(|(years, posts)| {
        let lines = points_of_posts(&posts, plan);
        let all = posts.len();
        Side { name: years.to_string(), plan: plan.clone(), scoped: ScopedPosts::new(posts, all), lines }
    });
    let contrast = contrast_sides(sides.each_mut(), &*engine.index().facets(request.now)?);
    let overview = overview_of(sides, Shape::Trend, plan, request);
    Ok(overview.map(|overview| Overview { contrast, ..overview }))
}

/// Splits posts between two years, into halves as equal as can be; `None` if there are too few for a comparison.
fn halves(posts: &[Arc<Post>]) -> Option<[(Years, Vec<Arc<Post>>); 2]> {
    let mut dated: Vec<(i16, Arc<Post>)> =
        posts.iter().filter_map(|post| Some((year_of(post)?, Arc::clone(post)))).collect();
    dated.sort_by_key(|(year, _)| *year);
    let is_between = |at: &usize| dated[at - 1].0 != dated[*at].0;
    let middle = dated.len() / 2;
    let at = (1..dated.len()).filter(is_between).min_by_key(|at| at.abs_diff(middle))?;
    let later = dated.split_off(at);
    let half = |posts: Vec<(i16, Arc<Post>)>| {
        let years = Years { first: posts.first()?.0, last: posts.last()?.0 };
        (posts.len() >= MIN_POSTS_OF_SIDE).then(|| (years, posts.into_iter().map(|(_, post)| post).collect()))
    };
    Some([half(dated)?, half(later)?])
}

/// Makes the overview of two sides, a group of lines for each; `None` if one has no lines.
fn overview_of(sides: [Side; 2], shape: Shape, plan: &QueryPlan, request: &Request) -> Option<Overview> {
    let mut seen = HashSet::new();
    let posts = sides.iter().flat_map(|side| &side.scoped.posts);
    let posts: Vec<Arc<Post>> = posts.filter(|post| seen.insert(post.id.clone())).cloned().collect();
    let all = posts.len();
    let mut picked = PickedLines::default();
    let groups = sides.map(|side| {
        let lines = picked.pick(&side.lines, LINES_OF_SIDE, 3);
        DraftGroup::new(GroupTitle::Side(side.name), all_of(side.scoped.posts.len()), lines)
    });
    if groups.iter().any(|group| group.lines.is_empty()) {
        return None;
    }
    let overview = assemble(shape, plan, &ScopedPosts::new(posts, all), groups.into(), request);
    Some(Overview { topic: None, ..overview })
}

/// Shows only how many people came to two sides, if a question asks which one was larger and posts of both tell it. Returns
/// whether it does.
fn prefer_attendance(question: &str, left: &mut Side, right: &mut Side) -> bool {
    let is_of_events = |side: &Side| side.plan.concepts.iter().all(|concept| is_size(&concept.text));
    if !asks_for_size(&folded_words(question)) || ![&*left, &*right].into_iter().all(is_of_events) {
        return false;
    }
    let lines = [&*left, &*right].map(|side| attendance_lines(&side.scoped.posts, &side.plan));
    let are_stated = lines.iter().all(|lines| !lines.is_empty());
    if are_stated {
        [left.lines, right.lines] = lines;
    }
    are_stated
}

/// Whether words ask for the size of an event, and not for "big things".
pub(super) fn asks_for_size(words: &[String]) -> bool {
    let is_of_takeaways =
        |at: usize| words.get(at + 1).is_some_and(|next| is_word_of_shape(next, Shape::Takeaways));
    (0..).zip(words).any(|(at, word)| is_size(word) && (is_comparative(word) || !is_of_takeaways(at)))
}

/// Returns the themes of two sides: those of both, then those of which the first and of which the second tells clearly more. Each
/// side keeps its lines on the latter, if it has enough.
fn contrast_sides(mut sides: [&mut Side; 2], facets: &Facets) -> Vec<ThemeContrast> {
    let themes = contrast(sides.each_ref().map(|side| side.scoped.posts.as_slice()), facets);
    for (at, side) in sides.iter_mut().enumerate() {
        let is_distinct =
            |line: &&Line| themes.iter().any(|(key, theme)| theme.more == Some(at) && key.is_of(line));
        let distinct: Vec<Line> = side.lines.iter().filter(is_distinct).cloned().collect();
        if distinct.len() >= LINES_OF_SIDE {
            side.lines = distinct;
        }
    }
    themes.into_iter().map(|(_, theme)| theme).collect()
}

fn contrast(sides: [&[Arc<Post>]; 2], facets: &Facets) -> Vec<(ThemeKey, ThemeContrast)> {
    let all: usize = sides.iter().map(|posts| posts.len()).sum();
    let mut themes: Vec<(f32, ThemeKey, ThemeContrast)> = Vec::new();
    for candidate in ThemeCandidate::all(facets) {
        let count = |posts: &[Arc<Post>]| posts.iter().filter(|post| candidate.is_in(post)).count();
        let counts = sides.map(count);
        // What nearly all posts have tells nothing.
        if counts.iter().sum::<usize>() * 4 > all * 3 {
            continue;
        }
        let excess = excess_in_errors((counts[0], sides[0].len()), (counts[1], sides[1].len()));
        let is_more = |at: usize, excess: f32| {
            let [own, other] = [counts[at], counts[1 - at]];
            own >= MIN_POSTS_OF_SIDE_THEME && (excess >= MIN_EXCESS_OF_SIDE || other == 0)
        };
        let more = if is_more(0, excess) {
            Some(0)
        } else if is_more(1, -excess) {
            Some(1)
        } else {
            None
        };
        let count = |at: usize| PostCount { posts: to_u32(counts[at]), of: to_u32(sides[at].len()) };
        let theme = ThemeContrast { name: candidate.name.to_owned(), sides: [count(0), count(1)], more };
        themes.push((excess.abs(), candidate.key, theme));
    }
    let best = |more: Option<usize>, is_wanted: fn(&ThemeContrast) -> bool, limit: usize| {
        let mut wanted: Vec<(f32, ThemeKey, ThemeContrast)> =
            themes.iter().filter(|(_, _, theme)| theme.more == more && is_wanted(theme)).cloned().collect();
        wanted.sort_by(|a, b| {
            let posts = |theme: &ThemeContrast| theme.sides.iter().map(|side| side.posts).sum::<u32>();
            let by_posts = posts(&b.2).cmp(&posts(&a.2));
            if more.is_some() { b.0.total_cmp(&a.0).then(by_posts) } else { by_posts }
        });
        wanted.truncate(limit);
        wanted.into_iter().map(|(_, key, theme)| (key, theme)).collect::<Vec<_>>()
    };
    let is_in_both = |theme: &ThemeContrast| theme.sides.iter().all(|side| side.posts >= MIN_POSTS_OF_THEME);
    let is_shared = |theme: &ThemeContrast| theme.sides.iter().all(|side| side.posts > 0);
    let is_only = |theme: &ThemeContrast| theme.sides.iter().any(|side| side.posts == 0);
    let of_side =
        |at| [best(Some(at), is_shared, THEMES_OF_ONE), best(Some(at), is_only, THEMES_OF_ONE)].concat();
    [best(None, is_in_both, THEMES_OF_BOTH), of_side(0), of_side(1)].concat()
}

/// What a side may be called in full. In "KubeCon EU 2018 and 2019" the second one leaves out the name of the first, and in
/// "KubeCon NA and EU in 2024" the first one the year of the second.
fn names_of_side(name: &str, other: &str) -> Vec<String> {
    let is_year = |word: &&str| word.len() == 4 && word.parse::<u16>().is_ok();
    let words: Vec<&str> = other.split_whitespace().collect();
    let year = words.last().filter(|word| is_year(word));
    let mut names = vec![name.to_owned()];
    match year {
        Some(_) if is_year(&name) => {
            let without_year = words.split_last().map(|(_, words)| words.join(" ")).unwrap_or_default();
            return vec![format!("{without_year} {name}")];
        }
        // "In 2024" is the year of both.
        Some(year) if words.len() > 2 && !name.split_whitespace().any(|word| is_year(&word)) => {
            let has_preposition =
                language::all().questions.in_places.contains(words[words.len() - 2].to_lowercase().as_str());
            names = if has_preposition { vec![format!("{name} {year}")] } else { names };
        }
        _ => {}
    }
    let first = words.first().copied().unwrap_or_default();
    let with_first: Vec<String> = names.iter().map(|name| format!("{first} {name}")).collect();
    names.extend(with_first);
    names
}

/// Reads the first of two sides that a question in this language names.
fn side(
    engine: &Engine,
    request: &Request,
    language: Language,
    [name, other]: [&str; 2],
) -> Result<Option<Side>, AnswerError> {
    let mut chosen = named_event(engine, request, name)?;
    // "eu 19" is shown as the name of the event, and "2019" is not.
    let event = chosen.as_ref().filter(|_| name.contains(char::is_alphabetic)).map(|(plan, _)| &plan.events);
    let event = event.filter(|events| events.len() == 1).and_then(|events| events.first());
    let event_name = event.map(|event| event.name.clone());
    let texts = if chosen.is_some() { Vec::new() } else { names_of_side(name, other) };
    for text in texts {
        let Ok(question) = text.parse::<Question>() else { continue };
        let request = Request { question, subject: None, ..request.clone() };
        let mut plan = engine.plan(&request, NameRole::Subject)?;
        plan.keep_topic(&QuestionShape::default());
        let names_event = !plan.scope.events.is_empty() || !plan.series.is_empty();
        let is_usable = plan.missing.is_empty() && plan.concepts.iter().all(|concept| concept.is_known);
        if is_usable && (chosen.is_none() || names_event) {
            let is_done = names_event;
            chosen = Some((plan, request));
            if is_done {
                break;
            }
        }
    }
    let Some((mut plan, request)) = chosen else { return Ok(None) };
    plan.language = language;
    let is_everything = plan.scope.is_everything() && plan.concepts.is_empty() && plan.series.is_empty();
    if is_everything {
        return Ok(None);
    }
    let scoped = ScopedPosts::read(engine.index(), &plan, &request)?;
    let lines = if plan.concepts.is_empty() {
        points_of_posts(&scoped.posts, &plan)
    } else {
        topic_lines(engine, &plan, Shape::Comparison, &request)?
    };
    let name = event_name.unwrap_or_else(|| name.to_owned());
    Ok(Some(Side { name, plan, scoped, lines }))
}

/// The plan of a side that a caller names as an event, by its id or its label; `None` if it is none.
fn named_event(
    engine: &Engine,
    request: &Request,
    name: &str,
) -> Result<Option<(QueryPlan, Request)>, AnswerError> {
    let facets = engine.index().facets(request.now)?;
    let today = request.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    // A part of the name of an event may be a thing.
    let find = if names_thing(name) { find_events_by_name } else { events_of_option };
    if request.subject.is_none() || find(name, &facets, today).is_empty() {
        return Ok(None);
    }
    let scope_options = ScopeOptions { events: vec![name.to_owned()], ..request.scope_options.clone() };
    let request = Request { scope_options, ..request.clone() };
    let mut plan = engine.plan(&request, NameRole::Subject)?;
    plan.concepts.clear();
    Ok(Some((plan, request)))
}

/// Raises the lines on topics that the posts of the other side tell less of. Of two things, each line names its own.
fn prefer_distinct(lines: &mut [Line], others: &[Arc<Post>], plan: &QueryPlan) {
    if !plan.concepts.is_empty() {
        return;
    }
    let table = TopicTable::builtin();
    let mut elsewhere: HashMap<u16, usize> = HashMap::new();
    for (topic, id) in (0..).zip(table.ids()) {
        let count = others.iter().filter(|post| post.topics.iter().any(|it| it == id)).count();
        elsewhere.insert(topic, count);
    }
    let is_distinct = |line: &Line| {
        line.topics.iter().any(|topic| {
            let is_theme = table.id_at(*topic).is_some_and(|id| !is_event_topic(id));
            is_theme && elsewhere.get(topic).copied().unwrap_or_default() * 4 <= others.len()
        })
    };
    for line in lines.iter_mut() {
        if is_distinct(line) {
            line.add(ReasonKind::Distinct, DISTINCT_GAIN);
        }
    }
    sort_best_first(lines);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine_over, request};
    use takeaways_text::model::Answer;

    /// Six posts of each of these years, all on one topic and each on another one.
    fn engine() -> Engine {
        let post = |at: usize| {
            let (year, topic) = if at < 6 { (2016 + at % 2, "Istio") } else { (2022 + at % 2, "Linkerd") };
            let text = format!(
                "---\ntitle: Recap {at}\nauthor: Ada{at} Example{at}\ndate: {year}-06-0{}\nevent: KubeCon EU {year}\n---\n\n\
                 Most teams should learn {topic} before anything else, because {topic} number {at} is harder than it seems.\n\n\
                 Security is a habit of {at} small steps, and nobody should leave it to others.\n",
                at % 9 + 1
            );
            (format!("recap{at}.md"), text)
        };
        let files: Vec<(String, String)> = (0..12).map(post).collect();
        engine_over(&files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
    }

    fn overview(question: &str) -> Overview {
        match engine().answer(&request(question)).expect("an answer") {
            Answer::Overview(overview) => overview,
            answer => panic!("{question}: {answer:?}"),
        }
    }

    #[test]
    fn the_size_of_things_said_is_not_that_of_events() {
        for (question, expected) in [
            ("which was bigger, kubecon 2018 or 2019", true),
            ("was kubecon larger overall than fosdem", true),
            ("how big was kubecon", true),
            ("what were the big things at kubecon", false),
            ("the biggest themes of both", false),
        ] {
            assert_eq!(asks_for_size(&folded_words(question)), expected, "{question}");
        }
    }

    #[test]
    fn a_trend_without_a_topic_compares_earlier_with_later_posts() {
        for question in ["what are the trends over the years?", "how has KubeCon changed over the years?"] {
            let overview = overview(question);
            assert_eq!(overview.shape, Shape::Trend, "{question}");
            let titles: Vec<&GroupTitle> = overview.groups.iter().map(|group| &group.title).collect();
            let sides = ["2016-2017", "2022-2023"].map(|side| GroupTitle::Side(side.into()));
            assert_eq!(titles, sides.iter().collect::<Vec<_>>(), "{question}");
            let of = |name: &str| overview.contrast.iter().find(|theme| theme.name == name);
            assert_eq!(of("Linkerd").map(|theme| theme.more), Some(Some(1)), "{:?}", overview.contrast);
            assert_eq!(of("Istio").map(|theme| theme.more), Some(Some(0)), "{:?}", overview.contrast);
            // What tells the sides apart is shown of each.
            assert!(overview.excerpts[0].quote.text.contains("Istio"));
            assert!(overview.excerpts.last().is_some_and(|line| line.quote.text.contains("Linkerd")));
        }
    }

    #[test]
    fn a_trend_of_attendance_is_the_numbers_of_people() {
        let text = |year: i16, people: u32| {
            format!(
                "---\ntitle: Recap\nauthor: A B\nevent: KubeCon EU {year}\n---\n\nThere were {people} attendees in the halls of the fair.\n"
            )
        };
        let files = [("a.md", text(2017, 1500)), ("b.md", text(2018, 4300)), ("c.md", text(2019, 7700))];
        let engine = engine_over(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
        let answer =
            engine.answer(&request("growth of KubeCon attendance over the years")).expect("an answer");
        let Answer::Overview(overview) = answer else { panic!("{answer:?}") };
        let counts = ["1500", "4300", "7700"];
        for (group, number) in overview.groups.iter().zip(counts) {
            assert!(overview.excerpts[group.lines.start].quote.text.contains(number), "{overview:?}");
        }
        assert_eq!(overview.groups.len(), counts.len());
    }
}
