//! Renders notices: help, `/about`, small talk, errors, and replies to names and schedules that can't be used.
//!
//! An `id` of an error is its id in the log.

use super::{
    day_timestamp, escape_name, escape_truncated,
    excerpt::{POST_COLOR, embeds, title_and_author},
    markdown::{self, escape_line, visible_text},
    message::{ActionRow, Embed, MAX_DESCRIPTION, MessagePayload, text_message, utf16_length},
};
use crate::wording::{self, capitalise, pluralise};
use jiff::{Timestamp, civil::Date};
use takeaways_digest::{ScheduleError, Zone, ZoneError};
use takeaways_text::model::{Citation, Excerpt, Language, Post, QuestionError, YearsError};

/// An internal error.
pub fn internal_error(id: &str) -> MessagePayload {
    text_message(format!("Something went wrong on my side. Please ask again. {}", error_code_hint(id)))
}

/// The posts are read for the first time; `progress` says how far, as "still reading the recaps, 120 of 213".
pub fn still_reading(progress: &str) -> MessagePayload {
    text_message(format!("I am {progress}. Please ask again in a moment."))
}

/// The digests can't be read or changed now.
pub fn state_error(id: &str) -> MessagePayload {
    text_message(format!(
        "I can't reach the digests now, and I changed nothing. Please try again. {}",
        error_code_hint(id)
    ))
}

/// The answer took too long.
pub fn timed_out(id: &str) -> MessagePayload {
    text_message(format!("That took too long, so I stopped. Please ask again. {}", error_code_hint(id)))
}

/// Too many questions; `again` is the time of the next one.
pub fn rate_limited(again: Timestamp) -> MessagePayload {
    text_message(format!("You sent many questions. Please ask again <t:{}:R>.", again.as_second()))
}

/// The reply to a message without words, such as an emoji or an image.
pub fn no_question() -> MessagePayload {
    text_message("I can only read text. Ask me what people took away from a conference, or write \"help\".")
}

/// The reply about a message with no topic that posts have words on.
pub fn no_shared_words() -> MessagePayload {
    text_message("I found no topic in this message that the recaps have. `/ask` asks in your own words.")
}

/// The reply to a text that can't be a question.
pub fn bad_question(why: &QuestionError) -> MessagePayload {
    match why {
        QuestionError::Empty => no_question(),
        QuestionError::TooLong { chars, max } => text_message(format!(
            "Your question has {chars} characters; I read at most {max}. Please ask in one or two sentences."
        )),
        QuestionError::Years(why) => bad_year(why),
    }
}

/// The reply to an invalid year.
pub fn bad_year(why: &YearsError) -> MessagePayload {
    match why {
        YearsError::Unreadable => text_message(
            "I can't read that year. Please write a year from 1900 to 2100, or a range: 2018-2020.",
        ),
        YearsError::Turned(years) => text_message(format!("Please write the earlier year first: {years}.")),
    }
}

/// The reply to a question that is no longer answered, because the bot is stopping.
pub fn shutting_down() -> MessagePayload {
    text_message("I am restarting. Please ask again in a minute.")
}

/// The reply to a press of another person's button.
pub fn not_yours() -> MessagePayload {
    text_message("This button is for the person who asked, and for moderators.")
}

/// The reply to a press of a button that this version does not know.
pub fn outdated_button() -> MessagePayload {
    text_message("This button is from another version of me. Please ask again with `/ask`.")
}

/// The reply to a command or a form that this version does not know, or knows with other options.
pub fn unknown_command() -> MessagePayload {
    text_message(
        "I don't know that command: it is from another version of me. Ask with `/ask`; `/help` shows more.",
    )
}

/// The reply to thanks.
pub fn welcome(language: Language) -> MessagePayload {
    text_message(language.refusals().welcome.fill(&[]))
}

/// The reply to small talk: "ok", "lol", "bye".
pub fn small_talk(language: Language) -> MessagePayload {
    text_message(language.refusals().acknowledged.fill(&[]))
}

/// What may be asked.
pub fn can_ask(language: Language) -> MessagePayload {
    text_message(language.refusals().can_ask.fill(&[]))
}

/// A private notice that an answer could not be posted. The link to the channel pings nobody, and only people who may
/// see the channel see its name.
pub fn could_not_post(channel_id: u64) -> MessagePayload {
    text_message(format!(
        "I have an answer for you, but I may not write in <#{channel_id}>. Ask me here, or ask a moderator of the server \
         to let me view that channel, send messages and embed links there."
    ))
}

fn error_code_hint(id: &str) -> String {
    format!(
        "If it happens again, please give this code to the operator of this bot: **{}**",
        escape_truncated(id)
    )
}

/// The reply to an unknown or ambiguous event.
pub fn ambiguous_event(name: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("event", name, suggestions)
}

/// The reply to an unknown or ambiguous topic.
pub fn ambiguous_topic(name: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("topic", name, suggestions)
}

/// The reply to an unknown or ambiguous author.
pub fn ambiguous_author(name: &str, suggestions: &[String]) -> MessagePayload {
    ambiguous_name("author", name, suggestions)
}

fn ambiguous_name(kind: &str, name: &str, suggestions: &[String]) -> MessagePayload {
    let known = if suggestions.is_empty() {
        format!("I don't know the {kind} {}.", escape_truncated(name))
    } else {
        let names: Vec<String> = suggestions.iter().map(|it| format!("**{}**", escape_name(it))).collect();
        format!("Which {kind} is {}? Perhaps {}.", escape_truncated(name), names.join(" or "))
    };
    text_message(format!("{known} Please choose one from the list that appears while you type."))
}

/// The reply to a schedule that can't be parsed.
pub fn bad_schedule(why: &ScheduleError) -> MessagePayload {
    let text = why.to_string();
    let problem = sentence(&text);
    if text.contains('`') {
        return text_message(problem);
    }
    text_message(format!(
        "{problem}\nFor example: `weekly on Monday at 09:00 Europe/Berlin`, `daily at 18:30`, or a cron expression such \
         as `0 9 * * 1`."
    ))
}

/// The reply to an unknown time zone.
pub fn bad_zone(why: &ZoneError) -> MessagePayload {
    text_message(format!("{} A list appears while you type.", sentence(&why.to_string())))
}

/// Renders an error that is the product's own text, with what a person may write between backticks, as a sentence.
fn sentence(error: &str) -> String {
    let end = if error.ends_with(['.', '?', '!']) { "" } else { "." };
    capitalise(&markdown::escape_with_code(error)) + end
}

/// The reply to two time zones: `at_end` in the schedule, and `named` in its option.
pub fn conflicting_zones(named: &Zone, at_end: &Zone) -> MessagePayload {
    text_message(format!(
        "The schedule has the time zone {}, but the option `timezone` is {}. Please give only one.",
        escape_name(at_end.name()),
        escape_name(named.name())
    ))
}

/// The reply to a schedule that never runs.
pub fn never_runs() -> MessagePayload {
    text_message("That schedule never runs. Please choose days that exist.")
}

/// The reply to an edit that names no option.
pub fn nothing_to_change() -> MessagePayload {
    text_message(
        "Nothing was changed. Give an option of `/digest edit` too, such as `schedule` or `channel`.",
    )
}

/// The reply to `/help` and to a greeting. `commands` are lines about the commands. `examples` are questions with an
/// answer; a question that is too long for a button is left out.
pub fn help(commands: &[&str], examples: &[String]) -> MessagePayload {
    let questions: Vec<String> = examples.iter().map(|question| visible_text(question)).collect();
    let row = ActionRow::question_buttons(&questions);
    let mut lines = vec![
        "I answer questions about conferences with quotes from the recaps of people who were there.",
        "You get one to three excerpts for a fact, and up to ten for takeaways, opinions or a trend, each with its title, author, event and date, and a link if the post has one.",
        "I only quote; I never make up a sentence. Some entries are notes on a recap, in other words: their source begins with \"Notes on\". If I find no answer, I say \
         so.",
        "",
    ];
    lines.extend(commands);
    if row.is_some() {
        lines.extend(["", "**Try** one of these:"]);
    }
    MessagePayload::from_text(lines.join("\n"), row)
}

/// A post that is new, with what stands out in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestPost {
    /// The post.
    pub citation: Citation,
    /// A sentence of it, as a digest quotes it.
    pub sentence: Option<String>,
}

impl NewestPost {
    /// A cited post with its sentence, if the post can still be read.
    pub fn new(citation: Citation, post: Option<&Post>) -> Self {
        let sentence = post.and_then(takeaways_digest::key_sentence).map(|quote| quote.text);
        Self { citation, sentence }
    }
}

/// A post in a list.
pub(super) struct PostLine<'p> {
    pub citation: &'p Citation,
    /// The numbers of the excerpts from it, if the list names them.
    pub excerpts: &'p [usize],
    /// A sentence of it.
    pub sentence: Option<&'p str>,
}

/// The posts that fit into a box, each with its title, author, day and event and what stands out in it; and how many they are.
pub(super) fn post_lines<'p>(
    posts: impl Iterator<Item = PostLine<'p>>,
    language: Language,
) -> (String, usize) {
    let (mut description, mut shown) = (String::new(), 0);
    for PostLine { citation: post, excerpts, sentence } in posts {
        let excerpts = wording::excerpt_numbers(excerpts);
        let address = post.url.as_deref().and_then(markdown::link_target);
        let post_line = title_and_author(post, address, true, language);
        let day = post.date.and_then(day_timestamp).map(|day| format!(" · {day}"));
        let event = post.event.as_ref().map(|event| format!(" · {}", escape_truncated(&event.name)));
        let sentence = sentence.map(|text| format!("\n  “{}”", escape_line(&visible_text(text))));
        let parts = [day, event, sentence].map(Option::unwrap_or_default).concat();
        let line = format!("- {excerpts}{post_line}{parts}\n");
        if utf16_length(&description) + utf16_length(&line) > MAX_DESCRIPTION {
            break;
        }
        description += &line;
        shown += 1;
    }
    (description, shown)
}

/// The newest posts, or those from a day on. Posts that don't fit are left out.
pub fn newest_posts(posts: &[NewestPost], since: Option<Date>) -> MessagePayload {
    let posts = posts.iter().map(|NewestPost { citation, sentence }| PostLine {
        citation,
        excerpts: &[],
        sentence: sentence.as_deref(),
    });
    let (description, _) = post_lines(posts, Language::En);
    if description.is_empty() {
        return text_message(wording::no_newest_posts(since));
    }
    let since = since.map(|day| format!(" since {}", wording::day_in(day, Language::En)));
    let content = format!(
        "**The newest posts{}**\nAsk about one of them, or get new ones with `/follow`.",
        since.unwrap_or_default()
    );
    let embeds = vec![Embed { description, color: POST_COLOR }];
    MessagePayload { content, embeds, ..MessagePayload::default() }
}

/// The reply to `/privacy`. `hours`: how long the words of questions are kept.
pub fn privacy(hours: u32) -> MessagePayload {
    let words = if hours == 0 {
        "- **The words of your questions**: never. Each message is a question by itself.".to_owned()
    } else {
        format!(
            "- **The words of your last ten questions in a channel**: {}, so that \"and in 2019?\" goes on with what you \
             asked. *New topic* deletes them.",
            pluralise(u64::from(hours), "hour")
        )
    };
    let lines = [
        "**What I store about you, why, and how long**",
        &words,
        "- **An answer, for its buttons**: which excerpts it and those before it showed, its topic, events, years, blogs and people, the last eight topics before it, and the ids of you, the channel and the server. 30 days.",
        "- **What you follow**, your schedule and time zone, and what I sent you, so that each post comes once. Until you `/unfollow` it.",
        "- **Who made a server's digest**, to tell you if it fails: until a day after it is removed, and at most a day after the bot left the server.",
        "- **That I have a notice for you**, until you have seen it, at most 400 days.",
        "- **Which blogs you added with `/recaps`**, and the language of your Discord, to tell you if one fails. Until it is removed.",
        "My log holds no words of questions, unless my operator looks for a fault. I read only commands, direct messages, mentions, replies that ping me, and a message on which you choose one of my *Apps*.",
        "`/forget-me` deletes all of it at once. A server's digest stays, as made by a former member, and so does a blog.",
    ];
    text_message(lines.join("\n"))
}

/// The reply to "Who said this?" with an excerpt. `share` is how much of the words it has: 1 for all of them.
pub fn quote_found(excerpt: &Excerpt, share: f32) -> MessagePayload {
    let citation = &excerpt.citation;
    let who = citation.speaker.as_deref().or(citation.author.as_deref());
    let who = who.map_or_else(
        || "The author is not named".to_owned(),
        |name| format!("**{}**", escape_truncated(name)),
    );
    let how = if share >= 1.0 {
        "word for word".to_owned()
    } else {
        format!("nearly word for word ({:.0} %)", (share * 100.0).min(99.0))
    };
    let content = format!("{who}, {how}:");
    MessagePayload {
        content,
        embeds: embeds(std::slice::from_ref(excerpt), Language::En),
        ..MessagePayload::default()
    }
}

/// The reply to "Who said this?" without one.
pub fn quote_not_found() -> MessagePayload {
    text_message("None of the recaps has these words, so I don't know who said this.")
}

/// The reply to "Who said this?" about a few words.
pub fn quote_too_short() -> MessagePayload {
    text_message("That is too short: anybody may have said it. I look for quotes of at least four words.")
}

/// The numbers and facts of `/about`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About<'a> {
    /// The number of posts and notes.
    pub posts: u64,
    /// The number of their events.
    pub events: usize,
    /// The first and the last year of the posts.
    pub years: Option<(i16, i16)>,
    /// Whether they are the notes that come with the program.
    pub are_built_in: bool,
    /// The number of notes on drafts.
    pub about_drafts: usize,
    /// The date of the newest post.
    pub newest: Option<Date>,
    /// The version of the program, without Markdown.
    pub version: &'static str,
    /// The SPDX id of the licence, without Markdown.
    pub license: &'static str,
    /// The address of the project; not shown if it is not a web address.
    pub link: &'a str,
}

/// The reply to `/about`.
pub fn about(about: &About<'_>) -> MessagePayload {
    let version = format!("**takeaways {}** · {}", about.version, about.license);
    let address = markdown::link_target(about.link).map(|address| format!("<{address}>"));
    let newest = about.newest.and_then(day_timestamp).map(|day| format!("The newest is from {day}."));
    let lines = [
        Some(corpus_size(about)),
        notes_on_drafts(about.about_drafts),
        newest,
        Some("I only quote them; I never make up a sentence. `/privacy` says what I keep of you.".to_owned()),
        Some(version),
        address,
    ];
    MessagePayload::from_text(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"), None)
}

fn notes_on_drafts(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("One of them is on a draft; its source line says so.".to_owned()),
        _ => Some(format!("{count} of them are on drafts; their source lines say so.")),
    }
}

fn corpus_size(about: &About<'_>) -> String {
    let (posts, events) = (pluralise(about.posts, "post"), pluralise(about.events, "event"));
    let years = match about.years {
        Some((first, last)) if first == last => format!(" of {first}"),
        Some((first, last)) => format!(" from {first} to {last}"),
        None => String::new(),
    };
    if about.are_built_in {
        let notes = pluralise(about.posts, "note");
        return format!(
            "I know the {notes} that come with me, about {events}{years}. Each retells somebody's recap in other words and \
             names it. Recaps of your own take their place: `/recaps add`, or a folder that the operator names."
        );
    }
    format!("I know {posts} about {events}{years}: recaps and notes on recaps.")
}
