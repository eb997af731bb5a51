//! Whether a sentence can be read by itself.

use std::sync::LazyLock;

use super::words::{Folded, Phrases, is_unspaced};
use takeaways_text::model::{Block, Language, Post, Sentence};

/// How long a sentence may be, in characters: shorter ones say little, longer ones are no single thing to read.
const LENGTH: std::ops::RangeInclusive<usize> = 50..=240;
/// The same where a character is a syllable or a word.
const LENGTH_UNSPACED: std::ops::RangeInclusive<usize> = 20..=120;
/// The fewest words of a sentence.
const WORDS: usize = 8;
/// A list of so many commas is not read.
const COMMAS: usize = 5;

/// A link of so many bytes is a title, a shorter one a name.
const HEADING_LINK: usize = 25;

/// Words that point at what stands before, where they begin a sentence.
static POINTING: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "more helpfully|the discussion|the discussions|the conversation|the point|the panel|the speaker|the presentation|omdat|meaning|the purpose|the idea|the result|the results|the answer|the service|the product|the company|the team|the tool|the new|the problem|the reason|the goal|the rest|the author*|the first|the two|the three|the last|fast forward|signing off|please|though|to that|great to|good|learned|talked|met|saw|attended|enjoyed|had|been|went|luckily|naturally|apparently|some of|many of|most of|all of|each of|none of|since then|at the end|at that|until then|it|it's|this|that|that's|these|those|they|they're|he|he's|she|she's|his|her|their|its|such|also|so|\
    and|but|or|then|therefore|thus|hence|however|instead|besides|furthermore|moreover|additionally|\
    likewise|similarly|otherwise|nevertheless|still|yet|again|another|both|neither|either|here|there|\
    there's|here's|meanwhile|because|which|where|who|what|how|why|see|note|first|firstly|second|\
    secondly|third|thirdly|next|finally|lastly|last|later|afterwards|after|with this|in this|in that|\
    for this|by this|to this|on this|at this|from this|as such|as a result|as well|for example|\
    for instance|in addition|on the other hand|on top of|the same|the other|the latter|the former|\
    the second|the third|the next|the following|other|others|plus|to do this|one of these|some of these|\
    all of these|all this|all that|even so|that said|of course|yes|no|well|ok|okay|oh|anyway|anyways|\
    we then|i then|of these|them|now|es|das|dies|diese|dieser|dieses|sie|er|sein|ihre|auch|und|aber|\
    oder|dann|daher|deshalb|dabei|dazu|dort|hier|außerdem|ebenso|jedoch|trotzdem|zuerst|danach|\
    zum beispiel|il|elle|ils|elles|ce|cet|cette|ces|cela|ça|c'est|son|sa|ses|leur|leurs|et|mais|ou|donc|\
    alors|ensuite|puis|enfin|aussi|ainsi|cependant|ici|en effet|par exemple|par contre|esto|esta|este|\
    estos|estas|eso|ese|esa|ellos|ellas|su|sus|también|y|pero|entonces|luego|además|aquí|allí|\
    por ejemplo|por eso|sin embargo|isso|isto|eles|elas|também|mas|então|depois|além disso|aqui|questo|\
    questa|anche|poi|quindi|het|dit|dat|deze|die|ze|zij|hij|ook|en|maar|dan|daarom|daarna|daar",
    )
});
/// The same in scripts without blanks.
static POINTING_UNSPACED: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "これ|それ|この|その|あれ|こちら|そこ|ここ|また|そして|しかし|でも|ただ|さらに|次に|最後に|なお|例えば|たとえば|だから|なので|そのため|まず|では|さて|这|那|它|他们|她|他|\
    但|而且|所以|因此|然后|另外|此外|同时|例如|比如|其中|最后|首先|其次|接下来|이것|그것|이는|그는|그래서|그리고|하지만|또한|또|예를 들어|이런|그런|이|그|이번|다음",
    )
});
/// What points outside of the sentence wherever it stands.
static ELSEWHERE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "above|below|as mentioned|mentioned earlier|mentioned before|as i said|as said|following|\
    previous section|next section|this post|this blog|this article|blog post|this talk|this session|\
    this presentation|this keynote|this slide|this picture|this image|these talks|the talk|his talk|\
    her talk|their talk|this one|that one|these are|those are|the latter|the former|respectively|\
    this is|this was|that is why|siehe|oben|unten|diesem artikel|diesem beitrag|ci dessous|ci dessus|\
    cet article|ce billet|este artículo|este artigo|この記事|本記事|以下|上記|下記|本文|这篇文章|如下|上图|下图|이 글|아래",
    )
});

/// Whether a sentence stands for itself: of readable length, whole, no question, and not leaning on its neighbours.
pub(super) fn is_whole(post: &Post, block: &Block, sentence: &Sentence, folded: &Folded) -> bool {
    let text = post.body.slice(sentence.span);
    has_length(text, post.language)
        && has_form(text)
        && !leans(folded)
        && !is_list_that_is_led_into(block)
        && !is_mostly_links(post, sentence)
}

fn has_length(text: &str, language: Language) -> bool {
    let chars = text.chars().count();
    if text.chars().filter(|c| is_unspaced(*c)).count() * 3 > chars && language != Language::Ko {
        return LENGTH_UNSPACED.contains(&chars);
    }
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let fewest = if language == Language::Ko { WORDS / 2 } else { WORDS };
    let shortest = if language == Language::Ko { LENGTH_UNSPACED } else { LENGTH };
    (*shortest.start()..=*LENGTH.end()).contains(&chars) && words >= fewest
}

/// Begins as a sentence does and ends as a statement does, with its brackets and quotation marks closed, and nothing in
/// it that belongs to code or to addresses.
fn has_form(text: &str) -> bool {
    let first = text.trim_start_matches(['"', '“', '„', '«', '「', '\'', '‘']).chars().next();
    let begins =
        first.is_some_and(|c| c.is_uppercase() || c.is_numeric() || c.is_alphabetic() && !c.is_lowercase());
    let last = text.trim_end_matches(['"', '”', '“', '»', '」', '\'', '’', ')', '）']).chars().next_back();
    let ends = last.is_some_and(|c| matches!(c, '.' | '!' | '。' | '！' | '．'));
    let is_cut = text.ends_with("...")
        || text.contains('…')
        || text.contains("://")
        || text.contains("www.")
        || text.contains("---")
        || text.starts_with('‘');
    let is_code = text.contains(['{', '}', '<', '>', '|', '\\', '=', '$', '`', '#']) || text.contains("->");
    let asks = text.contains(['?', '？']);
    let commas = text.matches([',', '、', '，', ';']).count();
    begins && ends && !is_cut && !is_code && !asks && commas < COMMAS && is_balanced(text)
}

fn is_balanced(text: &str) -> bool {
    let count = |marks: [char; 2]| text.matches(marks).count();
    let pairs = [
        (['(', '（'], [')', '）']),
        (['[', '「'], [']', '」']),
        (['“', '„'], ['”', '”']),
        (['«', '«'], ['»', '»']),
    ];
    let closes = |(open, close): ([char; 2], [char; 2])| count(open) == count(close);
    // „…“ of German closes with what opens “…”.
    let quotes = text.matches(['“', '”', '„']).count().is_multiple_of(2);
    text.matches('"').count().is_multiple_of(2)
        && quotes
        && [pairs[0], pairs[1], pairs[3]].into_iter().all(closes)
}

/// Whether it points at something that stands elsewhere.
fn leans(folded: &Folded) -> bool {
    POINTING.begin(folded) || POINTING_UNSPACED.begin(folded) || ELSEWHERE.any(folded)
}

/// An item that its list's first line has to introduce is no sentence of its own.
fn is_list_that_is_led_into(block: &Block) -> bool {
    block.lead_in.is_some() && block.depth > 1
}

/// Whether half of it or more is link text, or it begins with a longer one, as in a list of links with comments: it is there
/// to be followed.
fn is_mostly_links(post: &Post, sentence: &Sentence) -> bool {
    let links = &post.body.links;
    let from = links.partition_point(|link| link.span.end() <= sentence.span.start());
    let inside = links[from..].iter().take_while(|link| link.span.start() < sentence.span.end());
    let linked: usize = inside.map(|link| link.span.len()).sum();
    let begins_with_one = links
        .get(from)
        .is_some_and(|link| link.span.start() <= sentence.span.start() && link.span.len() >= HEADING_LINK);
    begins_with_one || linked * 2 >= sentence.span.len()
}
