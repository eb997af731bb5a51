//! The questions: about the compiled-in notes, or from a file.

use anyhow::{Context, Result};
use serde_json::Value;

/// Most have an answer, some name an event, a year or a person, and a few have no answer.
const OWN: [&str; 30] = [
    "how many people attended KubeCon in San Diego?",
    "what did people say about service mesh?",
    "which company bought Docker Enterprise?",
    "what are alternatives to Docker?",
    "is Kubernetes boring?",
    "what was announced at KubeCon San Diego?",
    "how can I contribute to Kubernetes without code?",
    "how many sponsors did KubeCon Europe 2019 have?",
    "how does Kubernetes compare with OpenStack?",
    "what did Liz Rice talk about?",
    "should databases run inside Kubernetes?",
    "what happened at the Contributor Summit in Seattle?",
    "who works for Weaveworks?",
    "what did Kelsey Hightower say in his keynote?",
    "which vendors offer multi-cloud Kubernetes?",
    "what is new in EKS?",
    "how mature is container security?",
    "what was said about serverless in 2018?",
    "is it worth to run an own operations team for Kubernetes?",
    "what do people take away about tracing and monitoring?",
    "Helm 3",
    "when did Vitess graduate?",
    "what was the talk on Tungsten Fabric about?",
    "network policies and access control",
    "how big was KubeCon Copenhagen?",
    "what did Chris Short see?",
    "why are Operators useful?",
    "which tools trace security issues in a cluster?",
    "how much does a ticket to KubeCon cost?",
    "what do people say about Haskell at FOSDEM?",
];

/// Reads the questions of a file: lines of JSON with the question as `q`.
pub fn questions(file: Option<&str>) -> Result<Vec<String>> {
    let Some(file) = file else { return Ok(OWN.map(str::to_owned).to_vec()) };
    let text = std::fs::read_to_string(file).with_context(|| format!("{file} can't be read"))?;
    let question = |line: &str| -> Result<String> {
        let line: Value = serde_json::from_str(line)?;
        Ok(line["q"].as_str().context("a line has no \"q\"")?.to_owned())
    };
    let found: Result<Vec<String>> = text.lines().map(question).collect();
    found.and_then(|found| (!found.is_empty()).then_some(found).context("there are none"))
}
