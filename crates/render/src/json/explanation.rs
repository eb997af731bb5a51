//! Why an answer is what it is, as a part of its line.

use serde::Serialize;

use super::{ScopeLine, ends, rounded, scope};
use takeaways_answer::{Explanation, Fate, Sought, Weighed};
use takeaways_text::model::Missing;

#[derive(Serialize)]
pub(super) struct ExplanationLine<'a> {
    asked: &'a str,
    scope: ScopeLine<'a>,
    series: &'a [String],
    missing: Vec<MissingLine<'a>>,
    sought: Vec<SoughtLine<'a>>,
    windows: Vec<WindowLine<'a>>,
    confidence: ConfidenceLine,
}

#[derive(Serialize)]
struct MissingLine<'a> {
    kind: &'static str,
    words: &'a str,
}

#[derive(Serialize)]
struct SoughtLine<'a> {
    text: &'a str,
    importance: f64,
    name: bool,
    known: bool,
    ways: Vec<WayLine<'a>>,
}

#[derive(Serialize)]
struct WayLine<'a> {
    terms: &'a str,
    weight: f64,
}

#[derive(Serialize)]
struct WindowLine<'a> {
    post: &'a str,
    path: &'a str,
    span: [usize; 2],
    quote: &'a str,
    score: f64,
    fate: &'static str,
    /// Of what is shown, or would be, from 1: its own, or that of what it is left for.
    place: Option<usize>,
    parts: Vec<PartLine>,
}

#[derive(Serialize)]
struct ConfidenceLine {
    value: f64,
    threshold: f64,
    bias: f64,
    sum: f64,
    signals: Vec<PartLine>,
}

#[derive(Serialize)]
struct PartLine {
    name: &'static str,
    value: f64,
    weight: f64,
    contribution: f64,
}

impl<'a> ExplanationLine<'a> {
    /// All of it.
    pub fn of(why: &'a Explanation) -> Self {
        Self {
            asked: why.asked,
            scope: scope(&why.scope),
            series: &why.series,
            missing: why.missing.iter().map(missing).collect(),
            sought: why.sought.iter().map(sought).collect(),
            windows: why.windows.iter().map(window).collect(),
            confidence: ConfidenceLine {
                value: rounded(why.confidence),
                threshold: rounded(why.threshold),
                bias: rounded(why.bias),
                sum: rounded(why.sum()),
                signals: parts(&why.signals),
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
    };
    MissingLine { kind, words: missing.words() }
}

fn sought(sought: &Sought) -> SoughtLine<'_> {
    let ways = sought.ways.iter();
    SoughtLine {
        text: &sought.text,
        importance: rounded(sought.importance),
        name: sought.name,
        known: sought.known,
        ways: ways.map(|(terms, weight)| WayLine { terms, weight: rounded(*weight) }).collect(),
    }
}

fn window(window: &Weighed) -> WindowLine<'_> {
    let (fate, place) = match window.fate {
        // Not "shown": a refusal shows nothing.
        Fate::Shown(at) => ("chosen", Some(at)),
        Fate::Same(at) => ("says_the_same", Some(at)),
        Fate::Overlaps(at) => ("overlaps", Some(at)),
        Fate::SaysLess => ("says_less", None),
        Fate::EnoughOfPost => ("enough_of_its_post", None),
        Fate::Enough => ("enough", None),
        Fate::TooFarBehind => ("too_far_behind", None),
    };
    WindowLine {
        post: &window.post.0,
        path: &window.path,
        span: ends(window.span),
        quote: &window.quote,
        score: rounded(window.score),
        fate,
        place: place.map(|at| at + 1),
        parts: parts(&window.parts),
    }
}

fn parts(parts: &[(&'static str, f32, f32)]) -> Vec<PartLine> {
    let lines = parts.iter().map(|(name, value, weight)| PartLine {
        name,
        value: rounded(*value),
        weight: rounded(*weight),
        contribution: rounded(value * weight),
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
        let line = json!(ExplanationLine::of(&explanation()));
        assert_snapshot!(line.to_string(), @r#"{"asked":"how many","confidence":{"bias":-2.044,"signals":[{"contribution":-0.1568,"name":"coverage","value":-0.1,"weight":1.568},{"contribution":2.28,"name":"margin","value":1.0,"weight":2.28},{"contribution":0.0,"name":"whole","value":0.0,"weight":0.412},{"contribution":1.8608,"name":"asks","value":1.6,"weight":1.163}],"sum":1.94,"threshold":0.28,"value":0.875},"missing":[{"kind":"author","words":"nobody"}],"scope":{"authors":[],"events":["kubecon-na-2019"],"years":[]},"series":["KubeCon"],"sought":[{"importance":2.345,"known":true,"name":false,"text":"meshes","ways":[{"terms":"mesh","weight":1.0},{"terms":"servic mesh","weight":0.8},{"terms":"istio","weight":0.5}]},{"importance":2.345,"known":false,"name":true,"text":"Ansible\u001b","ways":[]},{"importance":0.5,"known":true,"name":false,"text":"","ways":[{"terms":"mesh","weight":1.0},{"terms":"servic mesh","weight":0.8},{"terms":"istio","weight":0.5}]}],"windows":[{"fate":"chosen","parts":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"other_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":1,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"fate":"says_the_same","parts":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"other_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":1,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"fate":"overlaps","parts":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"other_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":2,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"fate":"says_less","parts":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"other_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"fate":"enough_of_its_post","parts":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"other_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"fate":"enough","parts":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"other_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]},{"fate":"too_far_behind","parts":[{"contribution":3.3,"name":"coverage","value":1.0,"weight":3.3},{"contribution":-1.5,"name":"names_unsaid","value":1.0,"weight":-1.5},{"contribution":2.6152,"name":"passage","value":0.934,"weight":2.8},{"contribution":0.015,"name":"length","value":0.1,"weight":0.15},{"contribution":-0.4,"name":"other_language","value":1.0,"weight":-0.4}],"path":"2019/mesh-notes.md","place":null,"post":"2019/mesh-notes","quote":"Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, Service mesh\u001b[31m is still young,\nand most teams that I met run a mesh for one cluster only, ","score":7.912,"span":[24,51]}]}"#);
    }
}
