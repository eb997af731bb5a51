//! What takes from a sentence: praise that says nothing, a programme told again, the writer's own days, a lean on what
//! stands around it.

use std::sync::LazyLock;

use super::words::{Folded, Phrases};

/// Praise and thanks that could stand in any recap.
static PRAISE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "amis|l'occasion|retrouver|頑張|気持ち|useful|highlight|highlights|highlighted|favorite|favourite|favorites|行きたい|楽し|めっちゃ|to me|for me|great|good time|great time|learned a lot|learnt a lot|learn a lot|lots of fun|fun|memorable|\
         amazing|awesome|incredible|inspir*|buzzing|vibrant|fantastic|wonderful|blast|delighted|energy|\
         excited|exciting|excitement|unforgettable|well organized|well organised|enjoy*|love|loved|\
         lovely|nice|cool|pleasure|honor*|honour*|privilege|proud|journey|passion*|friend*|friendly|\
         welcoming|experience|memories|super|brilliant|excellent|thrilled|beautiful|success|successful|\
         successfully|toll|großartig*|spannend*|génial*|formidable*|increíble|genial|incrível|ótimo|\
         geweldig|leuk|楽しかった|楽しい|楽しみ|素晴らし|最高|精彩|开心|즐거|재미있",
    )
});

/// What somebody wants to sell.
static MARKETING: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "the most powerful|most cost effective|cost effective|state of the art|seamless*|leverag*|\
         empower*|cutting edge|easy to use|champion*|world class|game changer|game changing|innovative|\
         innovation*|revolution*|next level|robust|thrilling|unleash*|unlock*|expertise|\
         solutions provider|trusted by|industry leading|leading provider|enterprise grade|\
         we're committed|our customers|our product*|our platform|our solution*|our users|survey|\
         free trial|pricing",
    )
});

/// A story rather than what it taught.
static PAST: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "was|were|had|went|got|took|came|did|made|held|began|started|decided|seemed|wanted|stayed|left|\
         met|saw|war|waren|hatte*|wurde*|était|étaient|avait|fue|fueron|era|eran|foi|foram|werd|werden",
    )
});

/// Who told what, instead of what was told.
static REPORTS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "takes over|turns it|reviews|reminds|provides context|speculates|moves on|comes out|brings out|welcomes|invites|takes a look|delivered|launches into|starts off|suggestion*|announced|announces|announcing|recapping|reiterating|mentions|goes on to|kicked|wrapped up|thinks that|believes that|says that|presented|presents|explained|explains|gave|gives an|delved|dives into|showcased|talked|\
         talks about|spoke|introduced|mentioned|demonstrated|discussed|discuss|featured|walked|covers|\
         covered|reviewed|described|shared|shares|showed|showing|highlighted|introduction|overview|intro|\
         deep dive|demo|hosted|organized by|led by|presenter*|interview*|vorgestellt|präsentiert*|\
         a présenté|ont présenté|présenté|presentó|presentaron|apresentou|紹介|介绍|소개",
    )
});

/// The event itself rather than what it was about.
static OF_EVENT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "conference*|event|events|attendee*|attend|attended|attending|attendance|speaker*|speaking|\
         audience|crowd|organizer*|organiser*|session*|talk|talks|keynote*|edition|venue|room|rooms|\
         workshop*|panel*|track|tracks|hallway|volunteer*|scholarship*|sponsor*|participants|agenda|\
         stage|next year|this year|last year|konferenz*|veranstaltung*|besucher*|vortrag|vorträge|\
         conférence*|présentation*|salle*|conferencia*|charla*|evento*|palestra*|conferentie|カンファレンス|\
         イベント|参加|登壇|会場|大会|会议|参会|演讲|컨퍼런스|행사|참가|발표|세션",
    )
});

/// Who writes about themselves.
static OF_SELF: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "i|my|me|i'm|i've|i'd|myself|we|our|us|we're|we've|we'd|ich|mein*|wir|unser*|je|j'ai|mon|nous|\
         notre|nos|yo|mi|nosotros|nuestr*|eu|meu|minha|nosso*|nossa*|ik|wij|ons|onze|私|僕|我|我们|我們|나는|저는|\
         제가|우리",
    )
});

/// Where it says what the writer thinks, that is no harm.
static THINKS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "i think|i believe|in my opinion|i feel|i was surprised|we need|we should|we must|i'd recommend|\
         i would|ich denke|ich glaube|je pense|creo que|acho que|と思い|我认为|我觉得|생각",
    )
});

/// Points at what stands before.
static POINTS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "he|she|his|her|him|they|them|their|such|the same|that one|this one|here|\
         there's|aforementioned|the team|the project|diese|dieser|dieses|diesem|diesen|dabei|cette|cet|\
         ces|ils|elles|leur|este|esta|estos|estas|ello|esse|essa|eles|elas|deze|dit|これ|それ|この|その|这个|这些|那个|\
         该|이런|그런|이것|그것",
    )
});

/// Points at a thing that stands before.
static POINTS_AT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "this|these|those|he|she|diese*|dabei|cette|ces|estos|estas|deze|これ|それ|この|その|这|那|이런|그런",
    )
});
/// Where it begins so, it wants something from its reader.
static URGES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "travel|learn|join|discover|experience|get|check|explore|meet|come|visit|read|watch|try|find|\
         register|book|improve|build|see|stay|don't miss|make|use|let|let's|take|look|imagine|share|\
         become|if you're interested|if you are interested|if you're reading|if you want|if you have|\
         if you'd|whether you're|you can",
    )
});

/// What it loses by that.
pub(super) fn weight(text: &str, folded: &Folded) -> f32 {
    let steps = |found: usize, first: f32| match found {
        0 => 0.0,
        1 => first,
        _ => first * 1.6,
    };
    let of_self = if THINKS.any(folded) { 0 } else { OF_SELF.count(folded) };
    steps(PRAISE.count(folded), 0.35)
        + steps(REPORTS.count(folded), 0.35)
        + steps(MARKETING.count(folded), 0.4)
        + steps(PAST.count(folded), 0.2)
        + steps(OF_EVENT.count(folded), 0.25)
        + steps(of_self, 0.25)
        + steps(POINTS.count(folded), 0.15)
        + steps(POINTS_AT.count(folded), 0.4)
        + if text.ends_with(['!', '！']) { 0.2 } else { 0.0 }
        + if URGES.begin(folded) { 0.4 } else { 0.0 }
        + if names_a_title(text) { 0.4 } else { 0.0 }
        + if names_many(text) { 0.3 } else { 0.0 }
}

/// Whether three or more words stand in quotation marks, with capitals: the title of a talk.
fn names_a_title(text: &str) -> bool {
    text.split(['"', '“', '”', '„', '«', '»']).skip(1).step_by(2).any(|quoted| {
        let words: Vec<&str> = quoted.split_whitespace().collect();
        let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
        words.len() >= 3 && capitals * 2 > words.len()
    })
}

/// Whether more than every third word has a capital that no sentence begins with: a list of names.
fn names_many(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().skip(1).collect();
    let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    capitals * 3 > words.len() && words.len() > 5
}
