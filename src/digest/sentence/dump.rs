//! Temporary.
use super::*;
use crate::corpus::{Corpus, CorpusSettings};
use crate::retrieval::{CorpusFiles, Index, Options};

#[test]
#[ignore]
fn dump() {
    let now: jiff::Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
    let folders = vec!["/work/shared/posts/real".into(), "/work/shared/posts/seeds".into()];
    let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
    let files = CorpusFiles::list(&corpus, now);
    let (index, _) = Index::open(None, &files, now, &Options::default()).unwrap();
    let facets = index.facets(now).unwrap();
    let common = crate::digest::Counted::new(&index, &facets);
    let mut out = Vec::new();
    index.each_post(&mut |post| {
        let central = Central::of(post, &common);
        let mut all: Vec<_> = post.body.sentences.iter().filter_map(|s| weigh(post, s, &central)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let top: Vec<_> = all.iter().take(6).map(|(w, span)| {
            let t = post.body.slice(*span);
            serde_json::json!([w, t])
        }).collect();
        let themes: Vec<_> = crate::digest::theme::themes(post, &common).into_iter().map(|t| t.topic).collect();
        let mut c: Vec<_> = central.debug();
        c.truncate(8);
        out.push(serde_json::json!({"post": post.id, "title": post.title, "lang": post.language.code(), "sentences": post.body.sentences.len(), "fit": all.len(), "top": top, "themes": themes, "central": c, "chosen": worth_reading(post, &common).map(|q| q.quote)}).to_string());
    }).unwrap();
    std::fs::write("/tmp/ct/dump.jsonl", out.join("\n")).unwrap();
}
