//! What a sentence claims: a lesson, a comparison, a number, an opinion.

use std::sync::LazyLock;

use super::words::{Folded, Phrases};
use crate::answer::is_number;
use crate::model::Language;

/// What was learned, or is to be done.
static LESSONS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "learned|learnt|lesson*|takeaway*|take away|key|important|importance|crucial|essential|critical|\
    should|must|need to|needs to|have to|has to|recommend*|avoid|don't|never|always|make sure|\
    the point is|matters|matter|mistake*|best practice*|realised|realized|turns out|remember|\
    the biggest|the main|the most|key to|wichtig*|sollte*|muss|müssen|gelernt|erkenntnis*|am meisten|\
    il faut|doit|doivent|important*|essentiel*|leçon*|retenir|appris|hay que|debe*|importante*|lección|\
    lecciones|aprend*|clave|deve|devem|precisa*|fundamental|deve*|belangrijk*|moet*|geleerd|重要|必要|学び|べき|\
    大切|気づき|关键|必须|应该|需要|중요|필요|배웠|해야",
    )
});
/// One thing against another, or a change.
static CONTRASTS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "than|instead of|rather than|but|while|whereas|although|not only|compared|unlike|no longer|still|\
    already|becoming|become|becomes|moving|shift*|trend*|grow*|growing|future|faster|slower|easier|\
    harder|simpler|cheaper|better|worse|less|fewer|more|reduce*|reducing|increase*|increasing|replace*|\
    mature|als|statt|sondern|aber|mehr|weniger|besser|plutôt|que de|mais|plus|moins|mieux|más|menos|\
    mejor|pero|melhor|em vez|meer|minder|beter|maar|より|ではなく|一方|増え|减少|增加|更|而不是|보다|아니라|점점",
    )
});
/// What somebody thinks of it, and why.
static OPINIONS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "i think|i believe|in my opinion|i feel|surprised|surprising|surprisingly|impressed|impressive|\
    interesting*|because|since|due to|the reason|so that|means|means that|problem*|challenge*|difficult|\
    hard|complex*|risk*|fail*|success*|benefit*|cost*|trade off*|solution*|allows|enables|helps|\
    makes it|without|unfortunately|clear that|obvious*|everyone|nobody|most|ich denke|ich glaube|weil|\
    herausforderung*|je pense|parce que|car|permet|défi*|creo que|porque|permite|desafío*|acho que|\
    desafio*|omdat|と思い|ため|課題|問題|面白|驚|因为|问题|挑战|때문|문제|생각",
    )
});

/// Who writes about themselves.
static OF_SELF: LazyLock<Phrases> = LazyLock::new(|| Phrases::new("i|my|me|we|our|us|ich|wir|je|nous|yo|eu"));

/// Up to about 1.5.
pub(super) fn weight(text: &str, _language: Language) -> f32 {
    let folded = Folded::of(text);
    let steps = |found: usize, first: f32| match found {
        0 => 0.0,
        1 => first,
        _ => first * 1.4,
    };
    let number = text.split_whitespace().any(is_number);
    let is_of_self = OF_SELF.any(&folded);
    steps(LESSONS.count(&folded), 0.5)
        + steps(CONTRASTS.count(&folded), 0.3)
        + steps(OPINIONS.count(&folded), 0.3)
        + if number { 0.15 } else { 0.0 }
        - if is_of_self { 0.15 } else { 0.0 }
}
