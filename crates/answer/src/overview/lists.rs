//! The lines of a list: each names another thing of the kind that the question asks for, such as a company.

use std::collections::HashSet;
use std::sync::Arc;

use super::card::count_events;
use super::lines::{Line, points_of_posts, topic_lines};
use super::listed_posts::add_mentions;
use super::names::kind_of;
use super::on_topic::Topic;
use super::picked_lines::PickedLines;
use super::scoped_posts::ScopedPosts;
use super::talks::{asks_for_companies, has_word_for_talk, posts_on_topic};
use super::weak_lines::keep_if_enough;
use super::{DraftGroup, MAX_LINES, announcements, assemble, drafts::Drafts, first_groups, names, talks};
use crate::{
    answer_type::AnswerType,
    engine::{AnswerError, AnswerLimits, Engine},
    people::full_names,
    plan::QueryPlan,
    question_syntax::QuestionWord,
};
use takeaways_corpus::entities::EntityTable;
use takeaways_text::language;
use takeaways_text::model::{GroupTitle, Language, Overview, Post, PostCount, Shape, Span};
use takeaways_text::phrases::Words;
use takeaways_text::sentences::is_title_like;
use takeaways_text::tokens::folding::fold;

/// With as many lines that name something of the kind, the others are left out.
const ENOUGH_LINES: usize = 2;
/// The same for people.
const ENOUGH_LINES_WITH_PEOPLE: usize = 3;
/// The first words of a question among which those are that ask who uses a thing.
const MAX_WORDS_OF_USE: usize = 3;
/// Within so many bytes before or after the name of a thing a word of use tells of its use.
const NEAR_USE: usize = 60;
/// An item of a list that begins with a name has a sign after at most as many words: `Kind: clusters in containers`.
const MAX_NAME_WORDS: usize = 5;

/// The announcements, the names or the talks that a question asks for.
pub(super) struct ThingList {
    /// The plan with the topic of the list.
    pub plan: QueryPlan,
    /// The posts that they are from.
    pub scoped: ScopedPosts,
    pub things: Things,
}

/// All things of a list, best first.
pub(super) enum Things {
    Lines(Vec<Line>),
    /// A group for each name.
    Names(Vec<DraftGroup>),
}

impl ThingList {
    /// The list that a question asks for: that of announcements, else that of names, else that of talks; `None` if there is none.
    /// "Which companies spoke?" asks for those with a talk, and not for all that are named.
    pub fn find(engine: &Engine, plan: &QueryPlan) -> Result<Option<Self>, AnswerError> {
        let [first, second] =
            if asks_for_companies(plan) { [talks::list, names::list] } else { [names::list, talks::list] };
        for list_of in [announcements::list, first, second] {
            if let Some(list) = list_of(engine, plan)? {
                return Ok(Some(list));
            }
        }
        Ok(None)
    }

    /// Whether it consists of lines, and one is of a kind.
    pub fn has_line(&self, is_of_kind: fn(&Line) -> bool) -> bool {
        matches!(&self.things, Things::Lines(lines) if lines.iter().any(is_of_kind))
    }

    /// Its overview, with as many of its things as there is room for.
    pub fn into_overview(self) -> Overview {
        let Self { plan, scoped, things } = self;
        let groups = match things {
            Things::Lines(lines) => vec![items(&lines, scoped.count.posts as usize, plan.request.limits)],
            Things::Names(groups) => first_groups(groups),
        };
        assemble(Shape::List, &plan, &scoped, groups)
    }

    /// All its lines, also those that there is no room for.
    pub fn into_lines(self) -> Vec<Line> {
        match self.things {
            Things::Lines(lines) => lines,
            Things::Names(groups) => groups.into_iter().flat_map(|group| group.lines).collect(),
        }
    }
}

/// The group of the best of some lines, of so many posts.
fn items(lines: &[Line], of: usize, limits: AnswerLimits) -> DraftGroup {
    let all = PickedLines::of_any_length().pick_fairly(lines, lines.len()).len();
    let lines = PickedLines::new(limits).pick_fairly(lines, MAX_LINES);
    let further = all.saturating_sub(lines.len());
    DraftGroup { further, ..DraftGroup::of_lines(GroupTitle::Items, of, lines) }
}

/// Puts the lines first that name something of the kind asked for that no line before them names, and that the question does
/// not name, and the items of lists that begin with a name, which no table may have. If there are enough of them, there are no
/// others. All lines stay if the question asks for no kind.
pub(super) fn naming_others(lines: Vec<Line>, asked: AnswerType, question: &str) -> Vec<Line> {
    if !matches!(asked, AnswerType::Company | AnswerType::Project | AnswerType::Who) {
        return lines;
    }
    let mut known: HashSet<String> = names_in(question, asked).into_iter().collect();
    let (mut naming, others): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| {
        let text = line.text();
        let names = names_in(text, asked);
        let before = known.len();
        known.extend(names);
        known.len() > before || asked != AnswerType::Company && line.is_list_item() && begins_with_name(text)
    });
    // A talk may be told without its speaker.
    let enough = if asked == AnswerType::Who { ENOUGH_LINES_WITH_PEOPLE } else { ENOUGH_LINES };
    if naming.len() < enough {
        naming.extend(others);
    }
    naming
}

/// Whether a question asks which companies use a thing: "who uses", "who else is using", and not "who spoke about using".
pub(super) fn asks_for_users(plan: &QueryPlan) -> bool {
    let mut words = plan.question.syntax.words.iter();
    let is_use = |word: &QuestionWord| tells_of_use(&word.text, plan.language);
    match plan.answer_type {
        AnswerType::Company => words.any(is_use),
        AnswerType::Who => words.take(MAX_WORDS_OF_USE).any(is_use),
        _ => false,
    }
}

/// Puts the wanted lines first.
pub(super) fn put_first(lines: &mut [Line], is_wanted: fn(&Line) -> bool) {
    lines.sort_by_cached_key(|line| !is_wanted(line));
}

/// Leaves only the wanted lines, if there are enough of them.
pub(super) fn keep_only(lines: &mut Vec<Line>, is_wanted: fn(&Line) -> bool) {
    keep_if_enough(lines, ENOUGH_LINES, is_wanted);
}

/// Whether a line tells of the use of the topic. The title of a talk tells of none.
pub(super) fn is_on_use(line: &Line) -> bool {
    let (text, language) = (line.text(), line.post.language);
    let is_near = |mark: &Span| tells_of_use(around(text, line.span, *mark), language);
    // Only the headings may name the thing.
    let tells = line.marks.is_empty() && tells_of_use(text, language) || line.marks.iter().any(is_near);
    tells && !is_title_like(text)
}

fn tells_of_use(text: &str, language: Language) -> bool {
    Words::new(text).has_any(&language.words().questions.uses)
}

/// The text of a line near a mark in it.
fn around(text: &str, line: Span, mark: Span) -> &str {
    let start = mark.start().saturating_sub(line.start()).saturating_sub(NEAR_USE);
    let end = mark.end().saturating_sub(line.start()).saturating_add(NEAR_USE);
    text.get(text.floor_char_boundary(start)..text.ceil_char_boundary(end)).unwrap_or(text)
}

/// Leaves the lines that tell of talks, if these are asked for and there are any: `which talks on eBPF were there?`, and `only
/// talks` of an answer on anything.
pub(super) fn telling_of_talks(lines: Vec<Line>, question: &str, shape: Shape) -> Vec<Line> {
    let is_narrowed = || Words::new(question).has_any(&language::all().conversation.narrowing);
    if !has_word_for_talk(question) || !(shape == Shape::List || is_narrowed()) {
        return lines;
    }
    let tells_of_talk = |line: &Line| {
        let body = &line.post.body;
        has_word_for_talk(body.slice(line.span))
            || body.speaker_at(line.span).is_some()
            || body.heading_path(line.section).last().is_some_and(|title| has_word_for_talk(title))
    };
    let (of_talks, others): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(tells_of_talk);
    if of_talks.is_empty() { others } else { of_talks }
}

/// Takes the word for the kind of a list out of its topic, if the topic has others: of `which chaos engineering tools` the tools are
/// wanted, and the posts need not call them so.
pub(super) fn take_kind_word(plan: &mut QueryPlan, shape: Shape) {
    if shape != Shape::List {
        return;
    }
    let questions = &language::all().questions;
    let kinds = [(AnswerType::Project, &questions.project), (AnswerType::Company, &questions.company)];
    for (kind, phrases) in kinds {
        let is_kind_asked = [kind, AnswerType::Anything].contains(&plan.answer_type);
        let is_word = |word: &str| phrases.iter().any(|phrase| phrase.split(' ').next_back() == Some(word));
        let at = plan.concepts.iter().rposition(|concept| is_word(&concept.text.to_lowercase()));
        if let Some(at) = at.filter(|_| is_kind_asked && plan.concepts.len() > 1) {
            plan.concepts.remove(at);
            plan.answer_type = kind;
            return;
        }
    }
}

/// The events at which posts name the topic of a plan, those with the most posts first, each with its best line. Counts these
/// posts.
pub(super) fn events_naming(
    engine: &Engine,
    plan: &QueryPlan,
    scoped: &mut ScopedPosts,
) -> Result<Drafts, AnswerError> {
    let ScopedPosts { posts, count: PostCount { of, .. }, .. } = posts_on_topic(engine, plan)?;
    scoped.count_naming(posts.iter().map(|post| post.id.clone()).collect());
    let mut lines = lines_naming(engine, plan, &posts)?;
    add_mentions(&mut lines, &posts, plan);
    let mut picked = PickedLines::new(plan.request.limits);
    let groups = count_events(&posts).into_iter().filter_map(|(event, posts)| {
        let of_event = |line: &&Line| line.post.main_event().is_some_and(|it| it.id == event.id);
        let lines: Vec<Line> = lines.iter().filter(of_event).cloned().collect();
        let best = picked.pick_or_shortest(&lines, 1, MAX_LINES);
        let title = GroupTitle::Theme(event.name);
        (!best.is_empty()).then(|| DraftGroup::new(title, PostCount { posts, of }, best))
    });
    let groups: Vec<DraftGroup> = groups.collect();
    let all = groups.iter().flat_map(|group| group.lines.iter().cloned()).collect();
    Ok(Drafts::new(first_groups(groups), all))
}

/// The lines on the topic of a plan, best first, then the points of some posts that name it.
pub(super) fn lines_naming(
    engine: &Engine,
    plan: &QueryPlan,
    posts: &[Arc<Post>],
) -> Result<Vec<Line>, AnswerError> {
    let topic = Topic::new(&plan.concepts);
    let mut lines = topic_lines(engine, plan, Shape::List)?;
    let points = points_of_posts(posts, plan).into_iter();
    lines.extend(points.filter(|line| !topic.marks_of(&line.post, line.span).is_empty()));
    Ok(lines)
}

/// Whether an item of a list begins with a few words before a sign, as in `Kind: clusters in containers`.
fn begins_with_name(item: &str) -> bool {
    let signs = [": ", " - ", " – ", " — ", " ("];
    let name =
        signs.iter().filter_map(|sign| item.split_once(sign)).map(|(name, _)| name).min_by_key(|it| it.len());
    name.is_some_and(|name| name.split_whitespace().count() <= MAX_NAME_WORDS)
}

/// The things of a kind that a text names.
pub(super) fn names_in(text: &str, kind: AnswerType) -> Vec<String> {
    if kind == AnswerType::Who {
        return full_names(text).map(|name| fold(&name)).collect();
    }
    let Some(wanted) = kind_of(kind) else { return Vec::new() };
    let mentions = EntityTable::builtin().mentions(text).into_iter();
    mentions.filter(|mention| mention.kind == wanted).map(|mention| mention.id.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use super::*;
    use crate::resolve::NameRole;
    use crate::samples::{engine_over, request};

    /// The lines of the answer to a question about KubeCon EU 2018, and how many more there are.
    fn lines(recaps: &[(&str, &str)], question: &str) -> (Vec<String>, u32) {
        let overview = overview_of(&engine_of_recaps(recaps), question).expect("an overview");
        assert_sound(&overview);
        assert_eq!(overview.shape, Shape::List);
        (overview.excerpts.into_iter().map(|line| line.quote.text).collect(), overview.further)
    }

    #[test]
    fn what_a_list_is_of_is_its_topic_if_it_has_no_other() {
        let recaps = [
            ("Ann", "Joe Beda signed his books for everyone who stood in the long line at the booth."),
            ("Bo", "All images should be signed, because nobody can tell otherwise who built them."),
            ("Cy", "The books of the booth were gone after an hour, and people asked for more of them."),
        ];
        let (lines, further) = lines(&recaps, "which books were signed at KubeCon EU 2018?");
        assert!(lines.len() == 2 && lines.iter().all(|line| line.contains("books")), "{lines:?}");
        assert_eq!(further, 0);
    }

    #[test]
    fn the_kind_of_a_list_is_a_part_of_its_topic() {
        let recaps = [
            ("Ann", "A bank from the north moved its clusters to Linkerd, because it costs less for them."),
            ("Bo", "We think that Linkerd needs less memory than others, and our bill fell by a third."),
            ("Cy", "The bank of my team moved to Linkerd in each of its regions, as it is easy to debug."),
            ("Di", "Everyone should look at Linkerd, because the other meshes are hard to run and to debug."),
        ];
        let (lines, _) = lines(&recaps, "which banks moved to Linkerd?");
        assert!(lines.len() >= 2 && lines.iter().take(2).all(|line| line.contains("bank")), "{lines:?}");
    }

    #[test]
    fn a_list_of_a_kind_on_a_topic_names_things_of_the_kind() {
        let recaps = [
            ("Ann", "Chaos engineering is a mindset, and each team should learn it before it breaks things."),
            ("Bo", "For chaos engineering the team of the bank uses Linkerd, as it is easy to run."),
            ("Cy", "In the talk on chaos engineering Istio broke the network of a whole cluster."),
        ];
        let (lines, _) = lines(&recaps, "which chaos engineering tools get named");
        assert!(lines.len() == 2 && !lines.iter().any(|line| line.contains("mindset")), "{lines:?}");
    }

    #[test]
    fn a_company_is_wanted_more_than_a_word_of_use() {
        let recaps = [
            ("Ann", "We used Linkerd for a whole year, and each of the teams is still glad that it did."),
            ("Bo", "My team is using Linkerd too, as it costs less than what all of us had before it."),
            ("Cy", "Spotify and its booth were beside that of Linkerd, and they had a lot of stories on it."),
            ("Di", "On Linkerd we heard Zalando, and the talk was the best of the whole conference for me."),
        ];
        let (lines, _) = lines(&recaps, "which companies use Linkerd?");
        assert!(lines.len() == 2 && !lines.iter().any(|line| line.contains("team")), "{lines:?}");
    }

    #[test]
    fn who_uses_a_thing_is_a_list_of_companies_that_do() {
        let recaps = [
            (
                "Ann",
                "Spotify told in the keynote that it uses Linkerd, as it is easy to run for each of its teams.",
            ),
            (
                "Bo",
                "At Zalando the team adopted Linkerd last year, because it costs less than what they had.",
            ),
            ("Cy", "Cloudflare had a booth beside Linkerd, and the people there were kind to everyone."),
        ];
        for question in ["who is using linkerd?", "which companies use Linkerd?"] {
            let (lines, _) = lines(&recaps, question);
            assert!(lines.len() == 2 && !lines.iter().any(|line| line.contains("booth")), "{lines:?}");
        }
        let engine = engine_of_recaps(&recaps);
        let asked = |question: &str| {
            let plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
            asks_for_users(&plan)
        };
        assert!(asked("who else uses Linkerd?"));
        assert!(!asked("who spoke about using Linkerd?"));
    }

    #[test]
    fn events_at_which_a_topic_was_told_of_are_a_list() {
        let recap = |event: &str, text: &str| {
            format!("---\ntitle: Recap of {event}\nevent: {event}\n---\n\n{text}\n")
        };
        let mesh =
            |who: &str| format!("Most teams of {who} need months to learn Istio, because it is complex.");
        let files = [
            ("a.md".to_owned(), recap("KubeCon EU 2018", &mesh("Ghent"))),
            ("b.md".to_owned(), recap("FOSDEM 2020", &mesh("Lyon"))),
            ("c.md".to_owned(), recap("KubeCon EU 2018", &mesh("Porto"))),
            ("d.md".to_owned(), recap("KubeCon NA 2019", "I believe that teams should start with a plan.")),
        ];
        let overview = overview_of(&engine_over(&files), "which conferences had talks about Istio?");
        let overview = overview.expect("an overview");
        assert_sound(&overview);
        let events: Vec<(&GroupTitle, u32)> =
            overview.groups.iter().map(|group| (&group.title, group.posts.posts)).collect();
        let title = |name: &str| GroupTitle::Theme(name.to_owned());
        assert_eq!(events, [(&title("KubeCon EU 2018"), 2), (&title("FOSDEM 2020"), 1)]);
    }

    #[test]
    fn what_was_announced_at_an_event_is_a_list() {
        let recaps = [
            ("Ann", "Google announced a new mesh for its cloud, and it was shown on the stage at once."),
            ("Bo", "On the second day the release of Helm was announced, which many had waited for."),
            ("Cy", "The evening at the lake was better than most of the keynotes of this year."),
        ];
        let (lines, _) = lines(&recaps, "what was announced at KubeCon EU 2018?");
        assert!(lines.len() == 2 && lines.iter().all(|line| line.contains("announced")), "{lines:?}");
    }

    #[test]
    fn what_somebody_announced_is_a_list_of_announcements() {
        let recaps = [
            ("Ann", "Google announced a new mesh for its cloud, and it was shown on the stage at once."),
            ("Bo", "On the second day Google launched a registry, which many teams had waited for."),
            ("Cy", "The booth of Google was better than most of the keynotes, because people had time."),
        ];
        let (lines, _) = lines(&recaps, "what did Google announce at KubeCon EU 2018?");
        assert!(lines.len() == 2 && !lines.iter().any(|line| line.contains("booth")), "{lines:?}");
    }

    #[test]
    fn a_list_says_how_many_lines_are_left() {
        let texts: Vec<String> = (0..12)
            .map(|at| {
                format!("Team number {at} told how it moved {at} clusters to Linkerd, because costs fell.")
            })
            .collect();
        let authors: Vec<String> = (0..12).map(|at| format!("Ada{at} Example{at}")).collect();
        let recaps: Vec<(&str, &str)> =
            authors.iter().zip(&texts).map(|(author, text)| (author.as_str(), text.as_str())).collect();
        let (lines, further) = lines(&recaps, "list all talks about Linkerd");
        assert_eq!((lines.len(), further), (MAX_LINES, 2));
    }

    #[test]
    fn who_asks_for_talks_is_told_of_talks() {
        let recaps = [
            ("Ann", "Linkerd is simpler than most teams believe, and it took us an hour to set it up."),
            ("Bo", "The talk on Linkerd by Ada Ito told how a bank moved to it without losing a request."),
            ("Cy", "We think that Linkerd needs less memory, and our bill fell by a third because of it."),
            (
                "Di",
                "In a keynote about Linkerd its makers asked who had moved, and half of the hall stood up.",
            ),
        ];
        let (told, _) = lines(&recaps, "which talks on Linkerd were there?");
        assert!(told.len() == 2 && !told.concat().contains("hour"), "{told:?}");
        let without = [recaps[0], recaps[2]];
        let (others, _) = lines(&without, "which talks on Linkerd were there?");
        assert_eq!(others.len(), 2, "without any, the other lines stay");
    }

    #[test]
    fn an_item_may_begin_with_a_name() {
        for (item, expected) in [
            ("Kind: clusters in containers", true),
            ("Ada Ito (Example Inc.) - meshes", true),
            ("Easy adoption and migration", false),
            ("All of this was shown on the first day: nobody liked it", false),
        ] {
            assert_eq!(begins_with_name(item), expected, "{item}");
        }
    }
}
