//! What short texts name.

use super::{EntitiesError, EntityKind, EntityTable, NamedEntities};
use proptest::prelude::*;
use takeaways_text::phrases::Words;

fn table() -> &'static EntityTable {
    EntityTable::builtin()
}

/// The mentions in a text, such as `P helm` and `C docker`.
fn mentions(text: &str) -> Vec<String> {
    let kind = |kind| if kind == EntityKind::Project { 'P' } else { 'C' };
    table().mentions(text).into_iter().map(|found| format!("{} {}", kind(found.kind), found.id)).collect()
}

#[test]
fn the_table_is_sound() {
    for (kind, at_least) in [(EntityKind::Project, 500), (EntityKind::Company, 300)] {
        let ids: Vec<&str> = table().ids(kind).collect();
        assert!(ids.len() >= at_least, "{}", ids.len());
        for id in ids {
            assert!(table().name(kind, id).is_some_and(|name| !name.is_empty()), "{id}");
            assert!(!id.is_empty() && !id.contains(char::is_uppercase) && !id.contains(' '), "{id}");
        }
    }
    assert_eq!(table().name(EntityKind::Project, "nothing"), None);
    for near in (0..table().len()).filter_map(|at| table().entity(at)).flat_map(|entity| &entity.near) {
        let words = Words::new(near);
        assert_eq!((words.len(), words.folded(0)), (1, &**near), "{near} is not one folded word");
    }
}

#[test]
fn each_name_that_counts_alone_means_one_thing_of_a_kind() {
    let mut wrong = Vec::new();
    for kind in [EntityKind::Project, EntityKind::Company] {
        for id in table().ids(kind) {
            let name = table().name(kind, id).expect("a name");
            for mention in table().mentions(&format!("we saw {name} there")) {
                if mention.kind == kind && mention.id != id && mention.span == (7..7 + name.len()) {
                    wrong.push(format!("{name} is taken for {}", mention.id));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_text_names_projects_and_companies() {
    for (text, expected) in [
        ("k8s, Kubernetes and KUBERNETES", vec!["P kubernetes"; 3]),
        (
            "Postgres on AWS and Amazon Web Services",
            vec!["P postgresql", "C amazon-web-services", "C amazon-web-services"],
        ),
        ("Amazon EKS, Google Cloud", vec!["C amazon", "P amazon-eks", "C google"]),
        ("HashiCorp Vault and Argo CD", vec!["C hashicorp", "P vault", "P argo"]),
        ("Open Policy Agent (OPA), no opa", vec!["P open-policy-agent"; 2]),
        ("C++, C# and .NET, but not C and net", vec!["P cplusplus", "P csharp", "P dotnet"]),
        ("Node.js and node", vec!["P node-js"]),
        ("log4k8s, kubernetesio", vec![]),
        ("用Kubernetes和阿里云以及Envoy代理", vec!["P kubernetes", "C alibaba", "P envoy"]),
        ("쿠버네티스에서 구글이", vec!["P kubernetes", "C google"]),
        ("Ruby のログ", vec!["P ruby"]),
        ("", vec![]),
    ] {
        assert_eq!(mentions(text), expected, "{text}");
    }
}

#[test]
fn case_and_neighbours_decide_for_ordinary_words() {
    for (text, expected) in [
        ("we use Helm; she is at the helm", vec!["P helm"]),
        ("At the Helm of a ship", vec![]),
        ("Harbor keeps images in a harbor", vec!["P harbor"]),
        ("written in Go, so let's go to it", vec!["P go"]),
        ("Go to the booth. Let's Go! Go now.", vec![]),
        ("Go packages are small", vec!["P go"]),
        ("we like Go. Go is small. Go to bed", vec!["P go"; 2]),
        ("Spark joy with sparks", vec![]),
        ("batch jobs on Spark", vec!["P spark"]),
        ("Rust never sleeps, iron may rust", vec!["P rust"]),
        ("In Salt Lake City with a Chef", vec![]),
        ("Chef or Puppet with Salt minions", vec!["P chef", "P puppet", "P salt"]),
        ("as a CNCF Ambassador", vec![]),
        ("Ambassador is a gateway", vec!["P ambassador"]),
        ("a black box and a Target", vec![]),
        ("engineers at Target and Ada Lovelace, Box", vec!["C target", "C box"]),
        ("the Orange room, the Square, a Shell script", vec![]),
        ("Ada Lovelace (Square) spoke", vec!["C square"]),
        ("a meta talk on Meta and Facebook", vec!["C meta", "C facebook"]),
        ("un flux de logs, une vue", vec![]),
        ("KIND is kind of small", vec!["P kind"]),
    ] {
        assert_eq!(mentions(text), expected, "{text}");
    }
}

#[test]
fn what_is_both_is_a_company_where_it_acts() {
    for (text, expected) in [
        ("Docker announced it", "C docker"),
        ("a friend from Docker", "C docker"),
        ("Docker, Inc.", "C docker"),
        ("Docker's CEO", "C docker"),
        ("Ada Lovelace, Docker", "C docker"),
        ("a Director of Engineering, GitLab", "C gitlab"),
        ("we moved from Docker to it", "P docker"),
        ("images for Docker", "P docker"),
        ("Docker's layers", "P docker"),
        ("Docker Swarm", "P docker-swarm"),
        ("they use Redis", "P redis"),
    ] {
        assert_eq!(mentions(text), [expected], "{text}");
    }
    assert_eq!(mentions("they run Apache Mesos, Docker"), ["P mesos", "P docker"]);
}

#[test]
fn spans_hold_the_names() {
    let text = "with .NET, C++ or Red Hat's OpenShift";
    let names: Vec<&str> = table().mentions(text).into_iter().map(|it| &text[it.span]).collect();
    assert_eq!(names, [".NET", "C++", "Red Hat", "OpenShift"]);
}

#[test]
fn the_most_named_come_first() {
    let mentions = table().mentions("Istio, Linkerd and Linkerd by Buoyant, at Google, Google");
    let named = NamedEntities::of_mentions(&mentions);
    assert_eq!(named.projects, ["linkerd", "istio"]);
    assert_eq!(named.companies, ["google", "buoyant"]);
    assert_eq!(NamedEntities::of_mentions(&table().mentions("")), NamedEntities::default());
}

#[test]
fn broken_tables_are_refused() {
    let is_twice = |toml: &str| matches!(EntityTable::parse(toml), Err(EntitiesError::DuplicateId(_)));
    assert!(is_twice("company = []\n[[project]]\nname = \"A b\"\n[[project]]\nname = \"a-B\"\n"));
    assert!(!is_twice("[[project]]\nname = \"A\"\n[[company]]\nname = \"A\"\n"));
    assert!(matches!(EntityTable::parse("project = 1"), Err(EntitiesError::Toml(_))));
}

proptest! {
    #[test]
    fn mentions_are_in_order_and_within_the_text(
        parts in prop::collection::vec(prop::sample::select(vec![
            "Go", "go to", "C++", ".", " ", ",", "\n", "Docker", "Inc", "'s", "kubernetes", "K", "8", "s", "用", "😀", "é",
        ]), 0..30),
    ) {
        let text = parts.concat();
        let mut end = 0;
        for mention in table().mentions(&text) {
            prop_assert!(mention.span.start >= end && mention.span.start < mention.span.end);
            prop_assert!(text.get(mention.span.clone()).is_some());
            end = mention.span.end;
        }
    }
}
