//! Finds the turns of a conversation: paragraphs that begin with the name of who speaks, or with `Q:` and `A:`.

use super::SpeakerSearch;
use std::collections::HashSet;
use takeaways_text::model::{BlockKind, Section};

/// Maximum length of the label before the colon, in bytes.
const MAX_LABEL: usize = 60;
/// The least number of turns; fewer are notes with a name before them.
const MIN_TURNS: usize = 3;
/// The least number of questions without labels.
const MIN_QUESTIONS: usize = 3;
/// How many blocks may say that a post is an interview.
const MAX_INTRODUCTION: usize = 5;
/// Maximum length of a question without a label, in bytes.
const MAX_QUESTION: usize = 400;

/// A turn, from its labelled block on.
struct SpeakerTurn {
    start: usize,
    end: usize,
    /// Who speaks; `None` for the person who asks.
    speaker: Option<String>,
    /// Whether `Q` or `A` stands before it.
    is_marked: bool,
}

/// What stands before a turn.
enum TurnLabel {
    /// The name of who speaks, or the sign of an answer of that person.
    Person(String),
    /// The sign of a question of somebody.
    Question,
}

/// Finds the speakers of all turns.
pub(super) fn find(search: &mut SpeakerSearch<'_>) {
    let turns = labelled_turns(search);
    let turns = if is_conversation(search, &turns) { turns } else { unlabelled_answers(search) };
    for turn in turns {
        let Some(name) = turn.speaker else { continue };
        for at in turn.start..turn.end {
            search.set_speaker(at, &name);
        }
    }
}

fn labelled_turns(search: &SpeakerSearch<'_>) -> Vec<SpeakerTurn> {
    let mut turns: Vec<SpeakerTurn> = Vec::new();
    for at in 0..search.body.blocks.len() {
        // A question above a labelled answer needs no label.
        let asks = || {
            is_question(search, at) && !search.is_heading(at) && labelled_speaker(search, at + 1).is_some()
        };
        let label = labelled_speaker(search, at).or_else(|| asks().then_some(TurnLabel::Question));
        if let Some(label) = label {
            let speaker = match label {
                TurnLabel::Person(name) => Some(name),
                TurnLabel::Question => None,
            };
            turns.push(SpeakerTurn { start: at, end: at + 1, speaker, is_marked: is_marked(search, at) });
        } else if let Some(turn) = turns.last_mut()
            && turn.end == at
            && !search.is_heading(at)
            && !search.is_below_rule(at)
            && search.section(at) == search.section(turn.start)
        {
            turn.end = at + 1;
        }
    }
    end_last_turns(search, &mut turns);
    turns
}

/// Ends the turns behind which the author goes on: after the last turn, and before text that is no turn.
fn end_last_turns(search: &SpeakerSearch<'_>, turns: &mut [SpeakerTurn]) {
    let is_text = |at: usize| !search.is_heading(at) && !is_question(search, at);
    let is_last: Vec<bool> = (0..turns.len())
        .map(|at| turns.get(at + 1).is_none_or(|next| (turns[at].end..next.start).any(is_text)))
        .collect();
    let inner = turns.iter().zip(&is_last).filter(|(_, is_last)| !**is_last);
    let longest = longest_turn(inner.map(|(turn, _)| turn));
    let names = words_of_names(turns.iter().filter_map(|turn| turn.speaker.as_deref()));
    for (turn, _) in turns.iter_mut().zip(is_last).filter(|(_, is_last)| *is_last) {
        let goes_on = (turn.start + 1..turn.end.min(turn.start + longest)).take_while(|&at| {
            search.people.has_word(search.text(at), |words| &words.first_person)
                && !is_of_author(search, at, &names)
        });
        turn.end = turn.start + 1 + goes_on.count();
    }
}

/// Returns the number of blocks of the longest turn; at least 1.
fn longest_turn<'t>(turns: impl Iterator<Item = &'t SpeakerTurn>) -> usize {
    turns.map(|turn| turn.end - turn.start).max().unwrap_or_default().max(1)
}

/// Returns the words of the names of those who speak, each once.
fn words_of_names<'n>(names: impl Iterator<Item = &'n str>) -> HashSet<String> {
    names.flat_map(|name| name.split(' ')).map(str::to_owned).collect()
}

/// Whether a block behind the last answer is the author's: it speaks of those who spoke, or stands below a rule.
fn is_of_author(search: &SpeakerSearch<'_>, at: usize, names: &HashSet<String>) -> bool {
    let text = search.text(at);
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    let is_name = |word: &str| word.starts_with(char::is_uppercase) && names.contains(word);
    search.is_below_rule(at)
        || search.people.has_word(text, |words| &words.third_person)
        || words.any(is_name)
}

/// Returns who speaks in a block with a label.
fn labelled_speaker(search: &SpeakerSearch<'_>, at: usize) -> Option<TurnLabel> {
    if !matches!(search.kind(at)?, BlockKind::Paragraph | BlockKind::Quote) {
        return None;
    }
    let text = search.text(at);
    let people = &search.people;
    let is_name_alone = text.len() <= MAX_LABEL && search.kind(at + 1) == Some(BlockKind::Paragraph);
    if is_name_alone && let Some(line) = people.person_line(text).filter(|line| !line.has_details) {
        return Some(TurnLabel::Person(line.name));
    }
    let (label, _) = text.split_once([':', '：']).filter(|(label, _)| label.len() <= MAX_LABEL)?;
    let label = label.trim_matches(|c: char| !c.is_alphabetic() && c != ')');
    if people.is_listed(label, |words| &words.question_labels) {
        return Some(TurnLabel::Question);
    }
    if people.is_listed(label, |words| &words.answer_labels) {
        return answering_person(search, at).map(TurnLabel::Person);
    }
    let name = people.person_line(label).map(|line| line.name);
    let name = name
        .or_else(|| people.full_name_of(label))
        .or_else(|| people.name_with_initials(label))
        .or_else(|| interviewed_by_first_name(search, label));
    // A magazine asks under its own name.
    let is_asking = label.starts_with(char::is_uppercase) && text.ends_with(['?', '？']);
    name.map(TurnLabel::Person).or_else(|| is_asking.then_some(TurnLabel::Question))
}

/// Whether `Q` or `A` stands before a block.
fn is_marked(search: &SpeakerSearch<'_>, at: usize) -> bool {
    let label = search.text(at).split([':', '：']).next().unwrap_or_default();
    let label = label.trim_matches(|c: char| !c.is_alphabetic());
    search.people.is_listed(label, |words| &words.question_labels)
        || search.people.is_listed(label, |words| &words.answer_labels)
}

/// Whether a block is a question and nothing else.
fn is_question(search: &SpeakerSearch<'_>, at: usize) -> bool {
    let text = search.text(at);
    let is_text = search.is_heading(at) || search.kind(at) == Some(BlockKind::Paragraph);
    is_text && text.len() <= MAX_QUESTION && text.trim_end().ends_with(['?', '？'])
}

/// Whether labelled blocks are a conversation: several people speak, most of them of themselves or with questions, and
/// somebody speaks twice unless all do.
fn is_conversation(search: &SpeakerSearch<'_>, turns: &[SpeakerTurn]) -> bool {
    let speakers: HashSet<Option<&str>> = turns.iter().map(|turn| turn.speaker.as_deref()).collect();
    let is_spoken = |turn: &&SpeakerTurn| {
        (turn.start..turn.end).any(|at| {
            let text = search.text(at);
            text.contains(['?', '？']) || search.people.has_word(text, |words| &words.first_person)
        })
    };
    let spoken = turns.iter().filter(is_spoken).count();
    let is_enough = spoken == turns.len() || speakers.len() < turns.len() && spoken * 2 >= turns.len();
    // A question and its answer are enough where they are marked as such.
    let is_long = turns.len() >= MIN_TURNS || turns.len() > 1 && turns.iter().all(|turn| turn.is_marked);
    is_long && speakers.len() >= 2 && is_enough
}

/// Returns who answers in an interview: the one person in the heading above, in the title, or in the introduction.
fn answering_person(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let announced = person_in_headings(search, search.section(at)?).or_else(|| person_in_title(search));
    announced.or_else(|| {
        let person = |at: usize| Some((at, only(search.people.interviewed(search.text(at)))?));
        let first = || (0..search.body.blocks.len()).find_map(person);
        let (introduction, name) = search.cache.introduced.get_or_init(first).as_ref()?;
        (*introduction < at).then(|| name.clone())
    })
}

/// Returns the one person in the headings above a section, from the innermost on.
fn person_in_headings(search: &SpeakerSearch<'_>, section: u32) -> Option<String> {
    let of_section = || {
        let Section { heading, parent, .. } = search.body.sections.get(section as usize)?;
        let own = heading.and_then(|span| only(search.people.interviewed(search.body.slice(span))));
        own.or_else(|| person_in_headings(search, (*parent)?))
    };
    search.cache.interviews.get(section as usize)?.get_or_init(of_section).clone()
}

/// Returns the one person in the title.
fn person_in_title(search: &SpeakerSearch<'_>) -> Option<String> {
    search.cache.announced.get_or_init(|| only(search.people.interviewed(search.title))).clone()
}

/// Returns the person of a title that announces an interview with somebody of this first name.
fn interviewed_by_first_name(search: &SpeakerSearch<'_>, label: &str) -> Option<String> {
    let name = person_in_title(search)?;
    (name.split(' ').next() == Some(label)).then_some(name)
}

/// Returns the name of a list that has no other.
pub(super) fn only(names: Vec<String>) -> Option<String> {
    let mut names = names.into_iter();
    names.next().filter(|_| names.next().is_none())
}

/// Returns the answers of an interview whose questions are headings or paragraphs of their own. Its title, or a paragraph
/// before the first question, says that it is one, and with whom.
fn unlabelled_answers(search: &SpeakerSearch<'_>) -> Vec<SpeakerTurn> {
    let people = &search.people;
    let count = search.body.blocks.len();
    let questions: Vec<usize> = (0..count).filter(|&at| is_question(search, at)).collect();
    if questions.len() < MIN_QUESTIONS {
        return Vec::new();
    }
    let introduction = (0..questions[0].min(MAX_INTRODUCTION)).map(|at| search.text(at));
    // Who only tells whom they met asks the readers, or themselves.
    let has_you = |at: &&usize| people.has_word(search.text(**at), |words| &words.second_person);
    let are_to_person = questions.iter().filter(has_you).count() * 2 >= questions.len();
    let is_interview = |text: &str| {
        people.has_word(text, |words| &words.interviews)
            || are_to_person && people.has_word(text, |words| &words.conversations)
    };
    let interviewed = [search.title]
        .into_iter()
        .chain(introduction)
        .find_map(|text| only(people.interviewed(text)).filter(|_| is_interview(text)));
    let Some(name) = interviewed else { return Vec::new() };
    let ends = questions.iter().skip(1).copied().chain([count]);
    let is_first_person = |turn: &&SpeakerTurn| {
        (turn.start..turn.end).any(|at| people.has_word(search.text(at), |words| &words.first_person))
    };
    let answers = questions.iter().zip(ends).map(|(&question, next)| {
        let ends = |at: &usize| search.is_heading(*at) || search.is_below_rule(*at);
        let end = (question + 1..next).find(ends).unwrap_or(next);
        SpeakerTurn { start: question + 1, end, speaker: Some(name.clone()), is_marked: false }
    });
    let mut answers: Vec<SpeakerTurn> = answers.collect();
    if let Some((last, others)) = answers.split_last_mut() {
        // Behind the last answer the author may go on.
        let names = words_of_names([name.as_str()].into_iter());
        let most = last.end.min(last.start + longest_turn(others.iter()));
        last.end = (last.start + 1..most).find(|&at| is_of_author(search, at, &names)).unwrap_or(most);
    }
    if answers.iter().filter(is_first_person).count() * 2 >= answers.len() { answers } else { Vec::new() }
}
