//! What a sentence claims: a lesson, a comparison, a number, an opinion.

use std::sync::LazyLock;

use super::words::{Folded, Phrases};
use takeaways_answer::is_number;

/// What was learned, or is to be done.
static LESSONS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "lesson*|takeaway*|take away|key|important|importance|crucial|essential|critical|should|must|\
         need to|needs to|have to|has to|recommend*|avoid|don't|never|always|make sure|the point is|\
         matters|matter|mistake*|best practice*|realised that|realized that|learned that|learnt that|\
         turns out|remember|the biggest|the most|key to|no silver bullet|pays off|worth|cannot|can't|\
         don't have to|advice|wichtig*|sollte*|muss|müssen|gelernt|erkenntnis*|am meisten|il faut|doit|\
         doivent|essentiel*|leçon*|retenir|appris que|hay que|debe*|importante*|lección|lecciones|clave|\
         deve|devem|precisa*|fundamental|belangrijk*|moet*|geleerd|重要|必要|学び|べき|大切|気づき|关键|必须|应该|需要|중요|필요|\
         배웠|해야",
    )
});

/// One thing against another, or a change.
static CONTRASTS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "than|instead of|rather than|but|while|whereas|although|even though|not only|compared|unlike|\
         no longer|still|not just|already|becoming|become|becomes|became|moving|shift*|trend*|grow*|\
         growing|growth|future|faster|slower|easier|harder|simpler|cheaper|better|worse|less|fewer|more|\
         reduce*|reducing|increase*|increasing|replace*|mature|de facto|standard|everywhere|mainstream|\
         the new|als|statt|sondern|aber|mehr|weniger|besser|plutôt|mais|moins|mieux|más|menos|mejor|pero|\
         melhor|em vez|meer|minder|beter|maar|より|ではなく|一方|増え|减少|增加|而不是|越来越|보다|아니라|점점",
    )
});

/// What somebody thinks of it, and why.
static REASONS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "i think|i believe|in my opinion|my opinion|i feel|surprised|surprising|surprisingly|because|\
         due to|the reason|so that|means|problem*|challenge*|difficult|hard|complex*|complicated|risk*|\
         fail*|benefit*|cost*|trade off*|tradeoff*|solution*|solve*|allows|enables|helps|makes it|\
         without|unfortunately|obvious*|most|many companies|most companies|adoption|adopt*|production|\
         at scale|security|ich denke|ich glaube|weil|herausforderung*|je pense|parce que|permet|défi*|\
         creo que|porque|permite|desafío*|acho que|desafio*|omdat|と思い|ため|課題|問題|面白|驚|因为|问题|挑战|때문|문제|생각",
    )
});

/// What it gains by that: up to about 1.6.
pub(super) fn weight(text: &str, folded: &Folded) -> f32 {
    let steps = |found: usize, first: f32| match found {
        0 => 0.0,
        1 => first,
        _ => first * 1.4,
    };
    let number = if text.split_whitespace().any(is_number) { 0.15 } else { 0.0 };
    steps(LESSONS.count(folded), 0.5)
        + steps(CONTRASTS.count(folded), 0.3)
        + steps(REASONS.count(folded), 0.3)
        + number
}
