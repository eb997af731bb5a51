//! What recaps say around what they took away: thanks, travel, food, their own booth, where the slides are.

use std::sync::LazyLock;

use super::words::{Folded, Phrases};
use takeaways_answer::is_about_itself;

/// A sentence with one of these is about nothing that anybody took away.
static NEVER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "meetup*|gather|gathers|half day|will be held|takes place|took place|was held|were held|half day|love to hear|get in touch|get involved|community meeting*|open meetings|office hours|mailing list|find out more|for more information|more details|refer to|in depth information|posts up|live blog|liveblog|recommend you|highly recommend|recommend attending|recommend going|recommend it|afterparty|after party|sticker|costume*|lanyard*|sunny|passport|visa|vaccin*|covid|mask|masks|conference app|while writing|while i'm writing|i'm writing|birthday|giveaway*|goodies|restaurant*|bar|pub|whisk*|wine|hostel|metro|tram|uber|luggage|suitcase|ステッカー|ノベルティ|thank|thanks|thankful|grateful|kudos|congrats|congratulations|shout out|shoutout|welcome to|\
    happy to|glad to|excited to|proud to|looking forward|can't wait|see you|hope to|i hope|our booth|\
    my booth|booth|swag|t shirt*|stickers|raffle|badge*|registration|register|queue|lunch|breakfast|\
    dinner|coffee|beer*|drinks|party|hotel|airport|flight|flew|train|taxi|airbnb|jet lag|weather|slides|\
    slide deck|recording*|recorded|youtube|video*|playlist|livestream|subscribe|newsletter|follow|\
    tweet*|hiring|we're hiring|visit us|join us|sign up|contact us|check out|stay tuned|click|photo*|\
    picture*|screenshot|copyright|cookies|i gave a talk|my talk|my colleague*|my coworker*|\
    call for papers|cfp|ticket*|i arrived|we arrived|i attended|we attended|i went|we went|i headed|\
    we headed|i skipped|i missed|the room was|kicked off|took the stage|sponsored by|read more|\
    blog post*|in a future post|i'll write|i will write|disclaimer|danke*|dank|mittagessen|merci|\
    gracias|obrigado|obrigada|bedankt|grazie|hôtel|abendessen|frühstück|ありがとう|感謝|懇親会|スライド|ランチ|楽しみ|\
    参加してきました|行ってきました|謝謝|谢谢|感谢|午餐|酒店|감사|점심|호텔",
    )
});
/// Two of these in one sentence are a programme, not a thought.
static PROGRAMME: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "talk*|session*|keynote*|speaker*|presented|presentation*|track*|day|morning|afternoon|evening|\
    monday|tuesday|wednesday|thursday|friday|saturday|sunday|attendee*|workshop*|room|panel|venue|\
    conference|event|vortrag*|konférence*|charla*|palestra*|セッション|発表|会場|演讲|发表|세션",
    )
});

/// Whether it is about nothing that anybody took away.
pub(super) fn is_talk(text: &str, folded: &Folded) -> bool {
    is_about_itself(text) || NEVER.any(folded) || PROGRAMME.count(folded) >= 3
}
