use super::*;
use crate::samples::{self, cited_answer, nothing_found, overview, verified};
use insta::assert_snapshot;

fn id(typed: &str) -> Box<RawValue> {
    RawValue::from_string(typed.to_owned()).expect("JSON")
}

fn asked<'a>(id: &'a RawValue, question: &'a str) -> AskedQuestion<'a> {
    AskedQuestion { id, question, understood: None, took: Duration::from_micros(412) }
}

#[test]
fn an_answer() {
    let line =
        answer(asked(&id("\"q1\""), "what about meshes?"), &verified(&cited_answer(), &[]), None, true)
            .expect("a line");
    assert!(!line.contains('\n'));
    assert_snapshot!(line.replace("{\"quote\":", "\n{\"quote\":"), @r#"
    {"id":"q1","question":"what about meshes?","answered":true,"shape":"fact","verdict":null,"confidence":0.8765,"scope":{"events":["kubecon-na-2019"],"years":[2018,2019,2020],"authors":["Ada","Grace"],"excluded_authors":[],"people":[]},"excerpts":[
    {"quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","lead_in":
    {"quote":"Three things stood out:","span":[0,23]},"kind":"post","post":"2019/mesh-notes","path":"2019/mesh-notes.md","title":"What I learned in San Diego","author":"Ada Example","speaker":null,"date":"2019-12-05","event":"KubeCon NA 2019, San Diego","section":"Networking › Meshes","url":"https://example.com/posts/what-i-learned-in-san-diego","foreign_language":null,"span":[24,111],"line":2,"answer_span":null,"items":null,"links":[{"text":"a mesh","url":"https://example.com/posts/meshes","span":[83,89]}],"score":12.3457,"id":"0123456789ab"},
    {"quote":"サービスメッシュはまだ若い。","lead_in":null,"kind":"note","post":"2019/mesh-notes","path":"2019/mesh-notes.md","title":"What I learned in San Diego","author":"Ada Example","speaker":null,"date":"2019-12-05","event":"KubeCon NA 2019, San Diego","section":null,"url":"https://example.com/posts/what-i-learned-in-san-diego","foreign_language":"ja","span":[112,154],"line":2,"answer_span":null,"items":null,"links":[],"score":12.3457,"id":"0123456789ab"},
    {"quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","lead_in":null,"kind":"post","post":"raw","path":"raw.txt","title":"raw\u001b[31m\nnotes","author":null,"speaker":null,"date":null,"event":null,"section":null,"url":null,"foreign_language":null,"span":[24,111],"line":2,"answer_span":null,"items":null,"links":[{"text":"a mesh","url":"/posts/meshes","span":[83,89]}],"score":12.3457,"id":"0123456789ab"}],"groups":[],"series":[],"newest":"2019-12-05","nearest":null,"try_instead":[],"elapsed_us":412}
    "#);
}

#[test]
fn events_of_the_table_are_apart_from_quotes() {
    let mut cited = cited_answer();
    let Answer::Cited { listed, .. } = &mut cited else { panic!("it is cited") };
    listed.push(samples::event());
    let line =
        answer(asked(&id("1"), "when was KubeCon?"), &verified(&cited, &[]), None, false).expect("a line");
    let expected = r#""listed":[{"event":"kubecon-na-2019","name":"KubeCon NA 2019","city":"San Diego","country":"United States","start":"2019-11-18","end":"2019-11-21"}],"excerpts""#;
    assert!(line.contains(expected), "{line}");
}

#[test]
fn no_answer_and_an_error() {
    assert_snapshot!(
        answer(asked(RawValue::NULL, "what about Ansible?"), &verified(&nothing_found(), &[]), None, false).expect("a line"),
        @r#"{"id":null,"question":"what about Ansible?","answered":false,"shape":"fact","verdict":null,"confidence":0.0313,"scope":{"events":["kubecon-na-2019"],"years":[],"authors":[],"excluded_authors":[],"people":[]},"excerpts":[],"groups":[],"series":[],"newest":null,"nearest":null,"try_instead":["what about GitOps?"],"elapsed_us":412}"#
    );
    assert_snapshot!(error(&id("3"), "no \"q\"").expect("a line"), @r#"{"id":3,"error":"no \"q\""}"#);
}

#[test]
fn a_digest() {
    assert_snapshot!(super::digest(Some(&samples::digest()), &[]).expect("a line"), @r#"
{"headline":"3 new recaps and 1 note on a recap on 1 event","recaps":3,"notes":1,"events":1,"groups":[{"event":"kubecon-na-2019","name":"KubeCon NA 2019, San Diego","bundles":[{"topic":"Service mesh","posts":[{"post":"2019/mesh-notes","path":"2019/mesh-notes.md","kind":"post","title":"What I learned in San Diego","author":"Ada Example","date":"2019-12-05","url":"https://example.com/posts/what-i-learned-in-san-diego","quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","span":[24,111]},{"post":"2019/more","path":"2019/mesh-notes.md","kind":"post","title":"What others say","author":"Ada Example","date":"2019-12-05","url":null,"quote":null,"span":null}]},{"topic":null,"posts":[{"post":"2019/mesh-notes","path":"2019/mesh-notes.md","kind":"note","title":"What I learned in San Diego","author":"Ada Example","date":"2019-12-05","url":"https://example.com/posts/what-i-learned-in-san-diego","quote":"サービスメッシュはまだ若い。","span":[112,154]}]}]},{"event":null,"name":null,"bundles":[{"topic":null,"posts":[{"post":"raw","path":"raw.txt","kind":"post","title":"raw\u001b[31m\nnotes","author":null,"date":null,"url":null,"quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","span":[24,111]}]}]}],"left_out":[]}
"#);
    assert_snapshot!(super::digest(None, &[]).expect("a line"), @r#"
{"headline":null,"recaps":0,"notes":0,"events":0,"groups":[],"left_out":[]}
"#);
}

#[test]
fn an_overview() {
    let line = answer(asked(&id("\"o1\""), "service mesh?"), &verified(&overview(), &[]), None, true)
        .expect("a line");
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!((&line["answered"], &line["shape"]), (&true.into(), &"trend".into()));
    assert_eq!(line["verdict"], "too_few");
    assert_eq!(line["excerpts"].as_array().expect("lines").len(), 3);
    let groups = line["groups"].as_array().expect("groups");
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0]["title"], "Service mesh");
    assert_eq!((&groups[0]["posts"], &groups[0]["of"]), (&2.into(), &3.into()));
    assert_eq!(groups[1]["lines"][0], line["excerpts"][2]);
    let reasons = serde_json::json!({"score": 1.25, "reasons": [{"kind": "grade", "value": 1.25}]});
    assert_eq!(line["reasons"]["lines"][0], reasons);
    assert_eq!(line["reasons"]["groups"][0]["reasons"][0]["kind"], "posts");
    assert_eq!(line["series"][1], serde_json::json!({"year": 2019, "posts": 4, "of": 8}));
}

#[test]
fn words_that_were_read_as_others_are_told() {
    let respelled = vec![Respelling { typed: "cluser".into(), read: "cluster".into() }];
    let verified = VerifiedAnswer { respelled, ..verified(&cited_answer(), &[]) };
    let line = answer(asked(&id("1"), "which cluser?"), &verified, None, false).expect("a line");
    let expected =
        r#""question":"which cluser?","respelled":[{"typed":"cluser","read":"cluster"}],"answered""#;
    assert!(line.contains(expected), "{line}");
}
