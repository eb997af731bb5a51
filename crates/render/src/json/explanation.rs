//! Renders the explanation of an answer as a part of its JSON line.

use serde::Serialize;

use super::{ScopeLine, round_score, scope, span_bounds};
use takeaways_answer::{Decision, ExplainedCandidate, ExplainedConcept, Explanation};
use takeaways_text::model::Missing;

#[derive(Serialize)]
pub(super) struct ExplanationLine<'a> {
    answer_type: &'a str,
    scope: ScopeLine<'a>,
    series: &'a [String],
    missing: Vec<MissingLine<'a>>,
    concepts: Vec<ConceptLine<'a>>,
    candidates: Vec<CandidateLine<'a>>,
    confidence: ConfidenceLine,
}

#[derive(Serialize)]
struct MissingLine<'a> {
    kind: &'static str,
    words: &'a str,
}

#[derive(Serialize)]
struct ConceptLine<'a> {
    text: &'a str,
    importance: f64,
    name: bool,
    known: bool,
    alternatives: Vec<AlternativeLine<'a>>,
}

#[derive(Serialize)]
struct AlternativeLine<'a> {
    terms: &'a str,
    weight: f64,
    /// Absent if the terms were searched in all posts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    languages: Vec<&'static str>,
}

#[derive(Serialize)]
struct CandidateLine<'a> {
    post: &'a str,
    path: &'a str,
    span: [usize; 2],
    quote: &'a str,
    score: f64,
    decision: &'static str,
    /// The number, from 1, of this excerpt or of the excerpt for which it was left out.
    place: Option<usize>,
    features: Vec<TermLine>,
}

#[derive(Serialize)]
struct ConfidenceLine {
    value: f64,
    threshold: f64,
    bias: f64,
    sum: f64,
    signals: Vec<TermLine>,
}

#[derive(Serialize)]
struct TermLine {
    name: &'static str,
    value: f64,
    weight: f64,
    contribution: f64,
}

impl<'a> ExplanationLine<'a> {
    /// The line for an explanation.
    pub fn new(explanation: &'a Explanation) -> Self {
        Self {
            answer_type: explanation.answer_type,
            scope: scope(&explanation.scope),
            series: &explanation.series,
            missing: explanation.missing.iter().map(missing).collect(),
            concepts: explanation.concepts.iter().map(concept).collect(),
            candidates: explanation.candidates.iter().map(candidate).collect(),
            confidence: ConfidenceLine {
                value: round_score(explanation.confidence),
                threshold: round_score(explanation.threshold),
                bias: round_score(explanation.bias),
                sum: round_score(explanation.log_odds()),
                signals: terms(&explanation.signals),
            },
        }
    }
}

fn missing(missing: &Missing) -> MissingLine<'_> {
    let kind = match missing {
        Missing::Words(_) => "words",
        Missing::Event(_) => "event",
        Missing::Years(_) => "years",
        Missing::Author(_) => "author",
        Missing::Namesakes(_) => "namesakes",
    };
    MissingLine { kind, words: missing.words() }
}

fn concept(concept: &ExplainedConcept) -> ConceptLine<'_> {
    let alternatives = concept.alternatives.iter();
    ConceptLine {
        text: &concept.text,
        importance: round_score(concept.importance),
        name: concept.is_name,
        known: concept.is_known,
        alternatives: alternatives
            .map(|it| AlternativeLine {
                terms: &it.terms,
                weight: round_score(it.weight),
                languages: it.languages.iter().map(|language| language.code()).collect(),
            })
            .collect(),
    }
}

fn candidate(candidate: &ExplainedCandidate) -> CandidateLine<'_> {
    let (decision, place) = match candidate.decision {
        // Not "shown", because a refusal shows nothing.
        Decision::Shown(at) => ("selected", Some(at)),
        Decision::Duplicate(at) => ("duplicate", Some(at)),
        Decision::Overlaps(at) => ("overlaps", Some(at)),
        Decision::LowCoverage => ("low_coverage", None),
        Decision::OtherKind => ("other_kind", None),
        Decision::PostLimit => ("post_limit", None),
        Decision::Limit => ("limit", None),
        Decision::LowScore => ("low_score", None),
        Decision::LowConfidence => ("low_confidence", None),
    };
    CandidateLine {
        post: &candidate.post.0,
        path: &candidate.path,
        span: span_bounds(candidate.span),
        quote: &candidate.quote,
        score: round_score(candidate.score),
        decision,
        place: place.map(|at| at + 1),
        features: terms(&candidate.features),
    }
}

fn terms(terms: &[(&'static str, f32, f32)]) -> Vec<TermLine> {
    let lines = terms.iter().map(|(name, value, weight)| TermLine {
        name,
        value: round_score(*value),
        weight: round_score(*weight),
        contribution: round_score(value * weight),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::json;

    use super::*;
    use crate::samples::explanation;

    #[test]
    fn an_explanation() {
        let line = json!(ExplanationLine::new(&explanation()));
        assert_snapshot!(line.to_string(), @r#"{"answer_type":"how many","candidates":[{"decision":"selected","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":1,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"decision":"duplicate","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":1,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"decision":"overlaps","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":2,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"decision":"low_coverage","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"decision":"post_limit","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"decision":"limit","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"decision":"low_score","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"decision":"low_confidence","features":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"third_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]}],"concepts":[{"alternatives":[{"terms":"mesh","weight":1.0},{"languages":["en","de"],"terms":"servic mesh","weight":0.8},{"terms":"istio","weight":0.5}],"importance":2.345,"known":true,"name":false,"text":"meshes"},{"alternatives":[],"importance":2.345,"known":false,"name":true,"text":"Ansible\u001b"},{"alternatives":[{"terms":"mesh","weight":1.0},{"languages":["en","de"],"terms":"servic mesh","weight":0.8},{"terms":"istio","weight":0.5}],"importance":0.5,"known":true,"name":false,"text":""}],"confidence":{"bias":-2.044,"signals":[{"contribution":-0.1568,"name":"coverage","value":-0.1,"weight":1.568},{"contribution":2.28,"name":"margin","value":1.0,"weight":2.28},{"contribution":0.0,"name":"whole","value":0.0,"weight":0.412},{"contribution":1.8608,"name":"asks","value":1.6,"weight":1.163}],"sum":1.94,"threshold":0.28,"value":0.875},"missing":[{"kind":"author","words":"nobody"}],"scope":{"authors":[],"events":["kubecon-na-2019"],"excluded_authors":[],"people":[],"years":[]},"series":["KubeCon"]}"#);
    }
}
