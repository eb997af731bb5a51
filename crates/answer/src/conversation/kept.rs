//! A turn as text for the state. Each answer is kept for a month, so the text is short: it leaves out what is empty, names each
//! post once, and writes numbers with the digits of base 64.

use serde::{Deserialize, Serialize};

use super::Turn;
use crate::excerpt_place::ExcerptPlace;
use takeaways_text::model::{ItemCount, PostId, Span};

/// A turn whose places stand apart.
#[derive(Serialize, Deserialize)]
struct KeptTurn {
    /// The posts of the places, each once.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    posts: Vec<PostId>,
    /// The places that are shown, of the whole answer, and further ones: three lists.
    #[serde(rename = "x", default, skip_serializing_if = "String::is_empty")]
    places: String,
    #[serde(flatten)]
    turn: Turn,
}

const BETWEEN_LISTS: char = '|';
const BETWEEN_PLACES: char = ' ';
const BETWEEN_FIELDS: char = '.';
/// In place of a second span that is the first one.
const SAME: &str = "=";

impl Turn {
    /// Returns the turn as text, which [`Turn::from_text`] reads.
    ///
    /// # Errors
    /// Never in practice: all of it can be written as JSON.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut posts = Vec::new();
        let lists = [&self.shown, &self.whole, &self.further];
        let places: Option<Vec<String>> = lists.into_iter().map(|list| pack(list, &mut posts)).collect();
        let kept = match places {
            Some(places) => KeptTurn {
                posts,
                places: places.join(&BETWEEN_LISTS.to_string()),
                turn: Self { shown: Vec::new(), whole: Vec::new(), further: Vec::new(), ..self.clone() },
            },
            None => KeptTurn { posts: Vec::new(), places: String::new(), turn: self.clone() },
        };
        serde_json::to_string(&kept)
    }

    /// Reads a turn; `None` if another version wrote it.
    pub fn from_text(text: &str) -> Option<Self> {
        let KeptTurn { posts, places, mut turn } = serde_json::from_str(text).ok()?;
        if !places.is_empty() {
            let mut lists = places.split(BETWEEN_LISTS).map(|list| unpack(list, &posts));
            turn.shown = lists.next()??;
            turn.whole = lists.next()??;
            turn.further = lists.next()??;
        }
        Some(turn)
    }
}

/// Writes places, and adds their posts; `None` if one is none that this version makes.
fn pack(places: &[ExcerptPlace], posts: &mut Vec<PostId>) -> Option<String> {
    let packed = places.iter().map(|place| {
        let ExcerptPlace { post, id, span, lead_in, answer, items } = place;
        let at = posts.iter().position(|known| known == post).unwrap_or_else(|| {
            posts.push(post.clone());
            posts.len() - 1
        });
        let hash = u64::from_str_radix(id, 16).ok().filter(|hash| hex(*hash) == *id)?;
        let ItemCount { shown, all } = items.unwrap_or(ItemCount { shown: 0, all: 0 });
        let mut fields = vec![digits(at as u64), digits(hash)];
        fields.extend(bounds(Some(*span)));
        if *answer == Some(*span) {
            fields.push(SAME.to_owned());
            fields.push(String::new());
        } else {
            fields.extend(bounds(*answer));
        }
        fields.extend(bounds(*lead_in));
        fields.extend(items.map(|_| [shown, all]).into_iter().flatten().map(|count| digits(count.into())));
        let text = fields.join(&BETWEEN_FIELDS.to_string());
        Some(text.trim_end_matches(BETWEEN_FIELDS).to_owned())
    });
    Some(packed.collect::<Option<Vec<_>>>()?.join(&BETWEEN_PLACES.to_string()))
}

/// Reads what [`pack`] writes.
fn unpack(list: &str, posts: &[PostId]) -> Option<Vec<ExcerptPlace>> {
    let places = list.split(BETWEEN_PLACES).filter(|place| !place.is_empty()).map(|place| {
        let fields: Vec<&str> = place.split(BETWEEN_FIELDS).collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let span = read_span(field(2), field(3))?;
        let items = match (field(8), field(9)) {
            ("", "") => None,
            (shown, all) => {
                Some(ItemCount { shown: number(shown)?.try_into().ok()?, all: number(all)?.try_into().ok()? })
            }
        };
        Some(ExcerptPlace {
            post: posts.get(usize::try_from(number(field(0))?).ok()?)?.clone(),
            id: hex(number(field(1))?),
            span,
            answer: if field(4) == SAME { Some(span) } else { read_span(field(4), field(5)) },
            lead_in: read_span(field(6), field(7)),
            items,
        })
    });
    places.collect()
}

/// The form of an excerpt's id.
fn hex(hash: u64) -> String {
    format!("{hash:012x}")
}

/// The beginning and the length of a span; two empty fields for none.
fn bounds(span: Option<Span>) -> [String; 2] {
    span.map_or_else(Default::default, |span| [digits(span.start() as u64), digits(span.len() as u64)])
}

fn read_span(start: &str, len: &str) -> Option<Span> {
    let (start, len) = (number(start)?, number(len)?);
    let bounds = serde_json::json!({ "start": start, "end": start.checked_add(len)? });
    serde_json::from_value(bounds).ok().filter(|_| len > 0)
}

const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/// A number in base 64, the highest digit first.
fn digits(mut number: u64) -> String {
    let mut text = Vec::new();
    loop {
        text.push(char::from(DIGITS[(number % 64) as usize]));
        number /= 64;
        if number == 0 {
            return text.into_iter().rev().collect();
        }
    }
}

/// Reads what [`digits`] writes; `None` for another text, of which an empty one is one.
fn number(text: &str) -> Option<u64> {
    let add = |number: u64, byte: u8| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        number.checked_mul(64)?.checked_add(digit as u64)
    };
    text.bytes().try_fold(0, add).filter(|_| !text.is_empty())
}

/// A scope as a field of a turn, without what is empty. It reads the names of [`Scope`] too.
pub(super) mod short_scope {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use takeaways_text::model::{EventId, Scope, Years};

    #[derive(Serialize, Deserialize)]
    struct KeptScope {
        #[serde(rename = "e", alias = "events", default, skip_serializing_if = "Vec::is_empty")]
        events: Vec<EventId>,
        #[serde(rename = "y", alias = "years", default, skip_serializing_if = "Option::is_none")]
        years: Option<Years>,
        #[serde(rename = "a", alias = "authors", default, skip_serializing_if = "Vec::is_empty")]
        authors: Vec<String>,
        #[serde(rename = "p", alias = "people", default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<String>,
    }

    /// Writes the scope.
    pub fn serialize<S: Serializer>(scope: &Scope, serializer: S) -> Result<S::Ok, S::Error> {
        let Scope { events, years, authors, people } = scope.clone();
        KeptScope { events, years, authors, people }.serialize(serializer)
    }

    /// Reads the scope.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Scope, D::Error> {
        let KeptScope { events, years, authors, people } = KeptScope::deserialize(deserializer)?;
        Ok(Scope { events, years, authors, people })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A turn of an earlier version.
    const LONG: &str = r#"{"question": "how does it compare", "topic": "Cilium", "subject": null, "series": ["KubeCon"], "shown": [
        {"post": "a/b", "id": "00aabbccddee", "span": {"start": 5, "end": 70}, "lead_in": null, "answer": null, "items": null}],
        "scope": {"events": ["kubecon-na-2019"], "years": {"first": 2018, "last": 2019}, "authors": [], "people": []},
        "further": [], "themes": [], "shown_event": null, "person": null, "is_overview": false, "offers": [], "language": "en"}"#;

    fn span(start: u32, len: u32) -> Span {
        read_span(&digits(start.into()), &digits(len.into())).expect("a span")
    }

    prop_compose! {
        fn spans()(start in 0..u32::MAX / 2, len in 1..5_000_u32) -> Span {
            span(start, len)
        }
    }

    prop_compose! {
        fn places()(
            post in "[a-c/ .|]{0,3}", hash in 0..1_u64 << 48, span in spans(), lead_in in prop::option::of(spans()),
            answer in prop::option::of(spans()), is_whole in any::<bool>(), items in prop::option::of((0..99_u32, 0..99_u32)),
        ) -> ExcerptPlace {
            let answer = if is_whole { Some(span) } else { answer };
            let items = items.map(|(shown, all)| ItemCount { shown, all });
            ExcerptPlace { post: PostId(post), id: hex(hash), span, lead_in, answer, items }
        }
    }

    fn lists() -> impl Strategy<Value = Vec<ExcerptPlace>> {
        prop::collection::vec(places(), 0..5)
    }

    proptest! {
        #[test]
        fn a_turn_comes_back_as_it_was(shown in lists(), whole in lists(), further in lists()) {
            let turn = Turn { shown, whole, further, ..Turn::from_text(LONG).expect("a turn") };
            let text = turn.to_text().expect("JSON");
            prop_assert_eq!(Turn::from_text(&text), Some(turn));
        }

        #[test]
        fn no_text_breaks_the_reader(places in "[0-9a-z=|. ]{0,40}") {
            let _ = unpack(&places, &[PostId("a".into())]);
        }
    }

    #[test]
    fn a_turn_of_an_earlier_version_is_read_and_its_text_is_shorter() {
        let turn = Turn::from_text(LONG).expect("a turn");
        assert_eq!((turn.shown.len(), turn.scope.events.len(), turn.topic.as_str()), (1, 1, "Cilium"));
        let text = turn.to_text().expect("JSON");
        assert!(text.len() * 2 < LONG.len(), "{text}");
        assert_eq!(Turn::from_text(&text), Some(turn.clone()));
        // An id that this version does not make.
        let mut other = turn;
        other.shown[0].id = "of another kind".into();
        assert_eq!(Turn::from_text(&other.to_text().expect("JSON")), Some(other));
        assert_eq!(Turn::from_text("{}"), None);
    }
}
