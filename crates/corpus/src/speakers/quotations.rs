//! Finds who said a quotation: the name below it, beside it, or in the sentence that introduces it.

use super::name_index::NamePlaces;
use super::quoted_share::QuotedShare;
use super::sections::names_stand_below;
use super::{SpeakerSearch, turns::only};
use takeaways_text::language;
use takeaways_text::model::{BlockKind, Boundary, Language};
use takeaways_text::quotation::closing_marks;
use takeaways_text::script::is_cjk;

/// Maximum length of the attribution at the end of a quotation, in bytes.
const MAX_ATTRIBUTION: usize = 110;
/// The least share of a paragraph that is quoted, in percent. Below it the author tells what somebody said.
const MIN_QUOTED_PERCENT: usize = 50;
/// The least share if a name stands beside a verb of speech: the rest may report what that person said too.
const MIN_REPORTED_PERCENT: usize = 33;
/// From this share on, a paragraph is a quotation and nothing else.
const WHOLLY_QUOTED_PERCENT: usize = 95;
/// How many blocks above a quotation may say whom "he" means.
const MAX_BLOCKS_BACK: usize = 4;
/// The least number of letters of a word that titles write with a capital.
const MIN_TITLE_WORD: usize = 4;
/// Maximum length of the name and employer before a colon and a quotation, in bytes.
const MAX_LABEL: usize = 100;
/// The most people whom words beside a quotation may name. More are a list, and none of them is looked for in the words.
const MAX_PEOPLE: usize = 50;
/// What stands between the title of a talk and who gives it.
const TALK_SEPARATORS: [&str; 4] = [" - ", " – ", " — ", " by "];
/// The dashes before a name below a quotation.
const DASHES: [char; 6] = ['—', '–', '―', '-', '~', '−'];

/// Finds the speakers of all quotations.
pub(super) fn find(search: &mut SpeakerSearch<'_>) {
    let mut at = 0;
    while let Some(kind) = search.kind(at) {
        let mut end = at + 1;
        if kind == BlockKind::Quote {
            while search.kind(end) == Some(BlockKind::Quote) {
                end += 1;
            }
            quote_blocks(search, at, end);
        } else if matches!(kind, BlockKind::Paragraph | BlockKind::ListItem)
            && let Some(name) = speaker_of_paragraph(search, at)
        {
            search.set_speaker(at, &name);
        }
        at = end;
    }
}

/// Finds the speakers of block quotes that stand one after another.
fn quote_blocks(search: &mut SpeakerSearch<'_>, start: usize, end: usize) {
    // Who is introduced above may say several quotations, up to the first that names somebody else.
    let mut introduced = introduced_speaker(search, start);
    let mut first = start;
    while first < end {
        let next = (first + 1..end).find(|&at| begins_quotation(search, at)).unwrap_or(end);
        let rest = set_attributed(search, first, next);
        introduced = introduced.filter(|_| rest == first);
        if rest < next {
            let below = name_below(search, rest, next);
            let is_of_another = below.is_some();
            let name = below.or_else(|| introduced.clone());
            introduced = introduced.filter(|_| !is_of_another);
            match name {
                Some(name) => set_all(search, rest, next, &name),
                None => set_by_words(search, rest, next),
            }
        }
        first = next;
    }
}

/// Whether a block begins a quotation of its own: not if it only names who said the one above.
fn begins_quotation(search: &SpeakerSearch<'_>, at: usize) -> bool {
    let text = search.text(at);
    search.block(at).is_some_and(|block| block.boundary != Boundary::None)
        && attribution_line(search, text).is_none()
        && single_name(text).is_none()
}

/// Sets the speakers of the blocks of a quotation that end with an attribution; returns the first block behind them.
fn set_attributed(search: &mut SpeakerSearch<'_>, start: usize, end: usize) -> usize {
    let mut first = start;
    for at in start..end {
        let text = search.text(at);
        let name = attribution_line(search, text).or_else(|| single_name(text)).filter(|_| at > first);
        if let Some(name) = name.or_else(|| attribution_at_end(search, text, false)) {
            set_all(search, first, at + 1, &name);
            first = at + 1;
            if text.contains("(@") {
                search.messages.push(name);
            }
        }
    }
    first
}

/// Returns the name that stands below a quotation, as its last block or behind it.
fn name_below(search: &SpeakerSearch<'_>, first: usize, end: usize) -> Option<String> {
    let last = search.people.person_line(search.text(end - 1)).filter(|_| end - first >= 2);
    last.map(|line| line.name).or_else(|| attribution_after(search, end))
}

/// Sets the speakers of the blocks of a quotation that the blocks themselves, or the heading of a talk, name.
fn set_by_words(search: &mut SpeakerSearch<'_>, start: usize, end: usize) {
    for at in start..end {
        let name = label_of_quote(search, search.text(at)).or_else(|| reported_speaker(search, at));
        if let Some(name) = name.or_else(|| speaker_at_talk(search, at)) {
            search.set_speaker(at, &name);
        }
    }
}

/// Returns who stands before a colon at the start of a block quote. The post has to name that person elsewhere too: `Fun
/// Fact: …` looks the same.
fn label_of_quote(search: &SpeakerSearch<'_>, text: &str) -> Option<String> {
    let (label, said) = text.split_once([':', '：']).filter(|(label, _)| label.len() <= MAX_LABEL)?;
    let name = search.people.person_line(label).filter(|line| !line.has_details || label.contains('@'))?.name;
    Some(name).filter(|name| is_known(search, name) && !said.is_empty())
}

fn set_all(search: &mut SpeakerSearch<'_>, start: usize, end: usize, name: &str) {
    for at in start..end {
        search.set_speaker(at, name);
    }
}

/// Returns who says a paragraph or list item that is mostly a quotation.
fn speaker_of_paragraph(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let text = search.text(at);
    let quoted = QuotedShare::new(text);
    if let Some(name) = attribution_at_end(search, text, true) {
        return Some(name);
    }
    let is_quotation = quoted.percent >= WHOLLY_QUOTED_PERCENT;
    let beside = || {
        let introduced = || introduced_speaker(search, at).or_else(|| speaker_above(search, at));
        let below = || if quoted.is_open { speaker_below(search, at) } else { None };
        let beside = attribution_after(search, at + 1).or_else(introduced).or_else(below);
        beside.or_else(|| speaker_at_talk(search, at))
    };
    let named = labelled_quotation(search, text).or_else(|| reported_speaker(search, at));
    named.or_else(|| if is_quotation { beside() } else { None })
}

/// Returns who stands alone before a colon and a quotation: `Jane Doe, Acme: "…"`.
fn labelled_quotation(search: &SpeakerSearch<'_>, text: &str) -> Option<String> {
    let (label, said) = text.split_once([':', '：']).filter(|(label, _)| label.len() <= MAX_LABEL)?;
    let is_quotation = QuotedShare::new(said).percent >= WHOLLY_QUOTED_PERCENT && !is_title(search, said);
    let line = search.people.person_line(label).filter(|_| is_quotation)?;
    Some(line.name)
}

/// Returns who says the next paragraph, if a quotation without an end goes on there.
fn speaker_below(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let goes_on = search.section(at) == search.section(at + 1)
        && search.kind(at + 1) == Some(BlockKind::Paragraph)
        && search.text(at + 1).chars().next().is_some_and(|first| closing_marks(first, ' ').is_some());
    if goes_on { reported_speaker(search, at + 1) } else { None }
}

/// Returns whom the paragraph above quotes, if that is mostly a quotation: a quotation may go on in the next paragraph.
fn speaker_above(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let above = at.checked_sub(1).filter(|above| search.section(*above) == search.section(at))?;
    let is_quotation = QuotedShare::new(search.text(above)).percent >= MIN_QUOTED_PERCENT;
    search.speakers.get(above)?.clone().filter(|_| is_quotation)
}

/// Returns who is said to say a block that is mostly a quotation: `"…," says Jane Doe, "…"`.
fn reported_speaker(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let quoted = QuotedShare::new(search.text(at));
    let people = &search.people;
    let is_said = quoted.is_introduced || people.has_word(&quoted.rest, |words| &words.speech_verbs);
    if quoted.percent < MIN_REPORTED_PERCENT || !is_said || is_title(search, &quoted.words) {
        return None;
    }
    let name = speaking_person(search, &quoted.rest);
    if quoted.percent < MIN_QUOTED_PERCENT {
        let is_own = people.has_word(&quoted.rest, |words| &words.first_person);
        return name.filter(|name| !is_own && is_speaking(search, &quoted.rest, name));
    }
    name.or_else(|| person_of_pronoun(search, at, &quoted.rest))
}

/// Returns whom "he" or "she" means in the words beside a quotation: who is quoted above, else the one person whom the
/// last text that names people is about, the heading, or the title.
fn person_of_pronoun(search: &SpeakerSearch<'_>, at: usize, words: &str) -> Option<String> {
    let people = &search.people;
    let lower = words.to_lowercase();
    let is_speaking = |pronoun: &str| {
        pronoun.starts_with(is_cjk) && lower.contains(pronoun) || is_beside_verb(search, &lower, pronoun)
    };
    if !people.words(|words| &words.third_person).any(is_speaking) || !people.mentioned(words).is_empty() {
        return None;
    }
    let section = search.section(at)?;
    let above = (0..at).rev().take(MAX_BLOCKS_BACK).take_while(|&at| search.section(at) == Some(section));
    for above in above {
        if let Some(name) = search.speakers.get(above).cloned().flatten() {
            return Some(name);
        }
        if let Some(name) =
            speaker_in_heading(search, search.text(above)).filter(|_| search.is_heading(above))
        {
            return Some(name);
        }
        match people.mentioned(search.text(above)).as_slice() {
            [] => {}
            // The words of a title have capitals too.
            [name] if search.is_heading(above) && !is_known(search, name) => {}
            [name] => return Some(name.clone()),
            _ => return None,
        }
    }
    speaker_of_talk(search, at).or_else(|| only(people.mentioned(search.title)))
}

/// Returns who gives the talk of a section, if its heading says so.
fn speaker_of_talk(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let section = search.section(at)?;
    let of_heading = || {
        let heading = search.body.headings_above(section).next()?;
        speaker_in_heading(search, search.body.slice(heading))
    };
    search.cache.talks.get(section as usize)?.get_or_init(of_heading).clone()
}

/// Returns the person behind the title of a talk, if it is one: `Small Disks - Jane Doe, Acme`.
fn speaker_in_heading(search: &SpeakerSearch<'_>, heading: &str) -> Option<String> {
    let person = part_with_person(search, heading)?;
    let is_one = !["&", ";", " and "].iter().any(|joiner| person.contains(joiner));
    search.people.person_line(person).filter(|_| is_one).map(|line| line.name)
}

/// Returns what stands behind the title of a talk, if it begins with a person. Without an employer the post has to name
/// that person elsewhere too, since titles have parts too. Behind a known person there is an employer.
pub(super) fn part_with_person<'t>(search: &SpeakerSearch<'_>, heading: &'t str) -> Option<&'t str> {
    let parts = TALK_SEPARATORS.iter().filter_map(|separator| Some(heading.rsplit_once(separator)?.1));
    let person = parts.min_by_key(|part| part.len())?;
    let line = search.people.person_line(person)?;
    let first = search.people.person_line(heading).filter(|first| is_known(search, &first.name));
    let is_named = line.has_details || is_known(search, &line.name);
    (is_named && first.is_none()).then_some(person)
}

/// Returns who gives the talk that a quotation without a name was written down from. After a colon it is somebody else's.
fn speaker_at_talk(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let text = search.text(at);
    let is_sentence = QuotedShare::new(text).percent >= WHOLLY_QUOTED_PERCENT && !is_title(search, text);
    let is_introduced = at.checked_sub(1).is_some_and(|at| search.text(at).trim_end().ends_with([':', '：']));
    if is_sentence && !is_introduced { speaker_of_talk(search, at) } else { None }
}

/// Whether the title or several places of a post name a person.
pub(super) fn is_known(search: &SpeakerSearch<'_>, name: &str) -> bool {
    let places = || search.cache.places.get_or_init(|| NamePlaces::new(&search.body.text));
    search.title.contains(name) || places().has_twice(name)
}

/// Returns the one person in words for speaking. If there are several, or the author speaks too, it is the one
/// beside a verb.
fn speaking_person(search: &SpeakerSearch<'_>, text: &str) -> Option<String> {
    let people = &search.people;
    let names = people.mentioned(text);
    if names.len() > MAX_PEOPLE {
        return None;
    }
    let is_one_of_several = names.len() > 1 || people.has_word(text, |words| &words.first_person);
    let is_meant = |name: &&String| {
        if is_one_of_several { is_speaking(search, text, name) } else { !is_addressed(text, name) }
    };
    let mut speaking = names.iter().filter(is_meant);
    let name = speaking.next().filter(|_| speaking.next().is_none())?;
    // What two people say together is nobody's own words.
    let are_joined = names.iter().any(|other| other != name && is_joined_with(text, name, other));
    (!are_joined).then(|| name.clone())
}

/// Whether "and" stands between two names.
fn is_joined_with(text: &str, name: &str, other: &str) -> bool {
    let has = |left: &str, joiner: &str, right: &str| text.contains(&format!("{left} {joiner} {right}"));
    let mut joiners = language::all().names.conjunctions.iter().chain(["and", "&"]);
    joiners.any(|joiner| has(name, joiner, other) || has(other, joiner, name))
}

/// Whether somebody else speaks to a person: `I asked Jane Doe`.
fn is_addressed(text: &str, name: &str) -> bool {
    text.split_once(name).is_some_and(|(before, _)| is_verb_of_another(before))
}

/// Whether a text ends with a verb of speaking and with who speaks before it. In English that is a pronoun right before the
/// verb; in other languages the pronoun may be whom a person told it.
fn is_verb_of_another(text: &str) -> bool {
    let words = &Language::En.words().speakers;
    let mut last = text.split_whitespace().rev();
    let (Some(verb), Some(subject)) = (last.next(), last.next()) else { return false };
    let subject = subject.to_lowercase().replace('’', "'");
    words.speech_verbs.contains(&verb.to_lowercase())
        && (words.first_person.contains(&subject) || words.third_person.contains(&subject))
}

/// Whether a verb of speaking stands beside a person, whom a text names in full or by one word of the name.
fn is_speaking(search: &SpeakerSearch<'_>, text: &str, name: &str) -> bool {
    let called = [name].into_iter().chain(name.split(' ')).find(|called| text.contains(*called));
    called.is_some_and(|called| is_beside_verb(search, text, called))
}

/// Whether a verb of speaking stands before or behind a name or a pronoun.
fn is_beside_verb(search: &SpeakerSearch<'_>, text: &str, called: &str) -> bool {
    let is_sign = |c: char| !c.is_alphabetic();
    let is_verb = |word: &str| search.people.has_word(word, |words| &words.speech_verbs);
    text.match_indices(called).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + called.len()..).unwrap_or_default();
        let is_word = !before.ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphabetic);
        let last = before.trim_end_matches(is_sign).rsplit(is_sign).next().unwrap_or_default();
        let first = after.trim_start_matches(is_sign).split(is_sign).next().unwrap_or_default();
        let (before, after) = (before.trim_end(), after.trim_start());
        let is_phrase = |verb: &str| {
            let end = before.len().checked_sub(verb.len()).and_then(|start| before.get(start..));
            let start = after.get(..verb.len());
            verb.contains(' ') && [end, start].into_iter().flatten().any(|part| part.to_lowercase() == verb)
        };
        let is_beside = is_verb(last) && !is_verb_of_another(before) || is_verb(first);
        is_word && (is_beside || search.people.words(|words| &words.speech_verbs).any(is_phrase))
    })
}

/// Whether a block is a quotation and nothing else.
pub(super) fn is_quotation(search: &SpeakerSearch<'_>, at: usize) -> bool {
    search.kind(at) == Some(BlockKind::Quote)
        || QuotedShare::new(search.text(at)).percent >= WHOLLY_QUOTED_PERCENT
}

/// Returns whom the block above a quotation introduces: with a colon, or with a name beside a verb of speaking.
fn introduced_speaker(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let before = at.checked_sub(1)?;
    let is_text = matches!(search.kind(before)?, BlockKind::Paragraph | BlockKind::ListItem);
    let text = search.text(before).trim_end();
    let has_colon = text.ends_with([':', '：']);
    let is_open = has_colon || text.ends_with([',', '，', '…']) || search.kind(at) == Some(BlockKind::Quote);
    if !is_text || !is_open {
        return None;
    }
    let sentence = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '”' | '"'));
    let start = sentence.rfind(['.', '!', '?', '。']).map_or(0, |at| at + 1);
    let sentence = sentence.get(start..).unwrap_or(sentence);
    if has_colon {
        let named = speaking_person(search, sentence).or_else(|| person_of_pronoun(search, before, sentence));
        return named.or_else(|| quoted_person(search, text, sentence));
    }
    let speaker = speaking_person(search, sentence)?;
    is_speaking(search, sentence, &speaker).then_some(speaker)
}

/// Returns the one person in a paragraph whose last sentence introduces a quotation without a name: `I liked this line:`.
/// Of several it is the one behind a word such as "from", since other names are of products and talks.
fn quoted_person(search: &SpeakerSearch<'_>, text: &str, sentence: &str) -> Option<String> {
    let people = &search.people;
    let is_announced = people.has_word(sentence, |words| &words.quotation_words)
        && !people.has_word(sentence, |words| &words.speech_verbs)
        && people.mentioned(sentence).is_empty();
    let mut names = if is_announced { people.full_names(text) } else { Vec::new() };
    if names.len() > MAX_PEOPLE {
        return None;
    }
    if names.len() > 1 {
        names.retain(|name| {
            let before = text.split_once(name.as_str()).map_or("", |(before, _)| before);
            let last = before.trim_end().rsplit(|c: char| !c.is_alphabetic()).next();
            last.is_some_and(|word| people.is_listed(word, |words| &words.before_names))
        });
    }
    only(names)
}

/// Parses the line below a quotation: a dash, a name, and perhaps an employer or a day.
pub(super) fn attribution_line(search: &SpeakerSearch<'_>, text: &str) -> Option<String> {
    let rest = text.trim().strip_prefix(DASHES)?.trim_start_matches(DASHES);
    search.people.attributed_name(rest)
}

/// Parses the line below a block quote that has one name only: `— jane`.
fn single_name(text: &str) -> Option<String> {
    let name = text.trim().strip_prefix(DASHES)?.trim_start_matches(DASHES).trim();
    let is_name = (3..=20).contains(&name.len()) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| name.to_owned())
}

/// Returns the name in the block after a quotation, if that block holds nothing else.
fn attribution_after(search: &SpeakerSearch<'_>, at: usize) -> Option<String> {
    let text = search.text(at);
    match search.kind(at)? {
        BlockKind::Paragraph => attribution_line(search, text).or_else(|| {
            let line = search.people.person_line(text)?;
            (line.has_details && names_stand_below(search)).then_some(line.name)
        }),
        BlockKind::Caption => {
            attribution_line(search, text).or_else(|| search.people.person_line(text).map(|line| line.name))
        }
        _ => None,
    }
}

/// Returns the name behind the last dash of a block: `"…" – Jane Doe`. Outside of block quotes, quotation marks must be
/// around all that stands before it.
fn attribution_at_end(search: &SpeakerSearch<'_>, text: &str, needs_marks: bool) -> Option<String> {
    let (at, dash) = text.char_indices().rev().find(|(at, c)| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        // A hyphen within a word is no dash.
        DASHES.contains(c)
            && (!matches!(c, '-' | '~') || before.is_some_and(char::is_whitespace) || before == Some('"'))
    })?;
    let name = text.get(at + dash.len_utf8()..)?;
    let said = text.get(..at)?.trim_end().trim_end_matches(DASHES).trim_end();
    if name.len() > MAX_ATTRIBUTION || said.is_empty() {
        return None;
    }
    let is_message = name.contains("(@");
    let ends_sentence = said.ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | ')' | ']' | ':'));
    let is_quotation = if needs_marks {
        QuotedShare::new(said).percent >= WHOLLY_QUOTED_PERCENT && !is_title(search, said)
    } else {
        let is_marked = said.chars().next().is_some_and(|first| closing_marks(first, ' ').is_some());
        ends_sentence || is_message || is_marked && !is_title(search, said)
    };
    if is_quotation { search.people.attributed_name(name) } else { None }
}

/// Whether a text is written as the title of a talk is: with capitals, and without the end of a sentence.
fn is_title(search: &SpeakerSearch<'_>, text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).skip_while(|word| word.is_empty()).skip(1);
    let words: Vec<&str> = words.filter(|word| word.chars().count() >= MIN_TITLE_WORD).collect();
    let capitalised = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '!' | '…'));
    let is_capitalised = !words.is_empty() && capitalised * 3 >= words.len() * 2;
    is_capitalised && !search.people.has_capital_nouns && !text.ends_with(['.', '!', '…'])
}
