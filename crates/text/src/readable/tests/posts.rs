//! Tests with real posts; they need the shared data.

use takeaways_testing::shared_data::shared_posts;

use super::{MarkupFormat, invariants, read_markup};
use crate::model::BlockKind;
use crate::testing::format_blocks;

/// Returns name, format and source of the shared posts, without front matter; none if the folder is missing.
fn posts() -> Vec<(String, MarkupFormat, String)> {
    let Some(folder) = shared_posts() else { return Vec::new() };
    let mut posts = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        let extension =
            entry.path().extension().and_then(|e| e.to_str()).and_then(MarkupFormat::from_extension);
        let is_in_folder =
            ["real", "seeds"].iter().any(|name| entry.path().parent().is_some_and(|p| p.ends_with(name)));
        if let (Some(format), true) = (extension, is_in_folder) {
            let source = std::fs::read(entry.path()).expect("a readable file");
            let source = String::from_utf8_lossy(&source).into_owned();
            posts.push((
                entry.file_name().to_string_lossy().into_owned(),
                format,
                without_front_matter(&source),
            ));
        }
    }
    posts
}

fn without_front_matter(source: &str) -> String {
    let fence =
        source.lines().next().filter(|line| matches!(line.trim(), "---" | "+++")).unwrap_or("no fence");
    let rest = source.split_once('\n').map_or("", |(_, rest)| rest);
    let body = rest.split_once(&format!("\n{}\n", fence.trim())).map(|(_, body)| body);
    body.unwrap_or(source).to_owned()
}

#[test]
fn every_post_is_read_without_debris() {
    let debris = [
        "{{",
        "{%",
        "}}",
        "%}",
        "<div",
        "</",
        "](http",
        "](/",
        "&nbsp;",
        "&amp;",
        "&rsquo;",
        "{:",
        "**",
        "__",
        "<!--",
        "import {",
        "READMORE",
        "/* truncate",
        "[^1]",
        "++++",
        "|===",
        "link:http",
        "image::",
        "`_",
        "\"`",
        "~~~",
    ];
    // Inline code, and a name.
    let intended = [
        ("2017-pycon-taiwan-tasdikrahman.md", "__"),
        ("2018-kubecon-eu-galexrt-day3.md", "__"),
        ("2025-devfest-nantes-klaukf.md", "<div"),
    ];
    let mut remaining = Vec::new();
    for (name, format, source) in posts() {
        let read = read_markup(format, &source, 1);
        assert_eq!(invariants::markup_violation(&read.body), None, "{name}");
        assert_eq!(read.problems, [], "{name}");
        for block in read.body.blocks.iter().filter(|block| block.kind != BlockKind::Code) {
            let text = read.body.slice(block.span);
            for mark in debris
                .iter()
                .filter(|mark| text.contains(**mark) && !intended.contains(&(name.as_str(), **mark)))
            {
                remaining.push(format!("{name}: {mark} in {text}"));
            }
        }
    }
    assert!(remaining.is_empty(), "{}", remaining.join("\n"));
}

#[test]
fn oddities_of_the_posts_are_read_as_intended() {
    let posts = posts();
    for (name, expected) in [
        ("2018-kubecon-na-jricho.md", "h1 Jamie's KubeCon 2018 trip notes"),
        ("2024-reinvent-aditmodi.md", "h3 Day 3: Dr Swami Sivasubramanian Keynote"),
        ("2016-containerdays-epages.md", "h3 Aaron Huslage - Docker: New…"),
        ("2016-containerdays-epages.md", "h3 Mathias Lafeldt - Jimdo: A journey through wonderland"),
        ("2016-openstack-summit-austin-elemoine.rst", "h1 Notes on the Austin OpenStack Summit"),
        ("2024-kubecon-eu-opentelemetry-ja.md", "h2 トランスクリプト"),
        ("2024-craftconf-signlanguagetech.md", "h2 A Call to Action"),
        ("2017-rustconf-matthewkmayer.html", "p Written by Matthew Mayer on August…"),
        ("2017-rustconf-matthewkmayer.html", "h2 Here’s to another great year for Rust!"),
        ("2018-pycon-kr-ash84-day2.html", "h2 Callosum: An RPC Tranport Library -김준기-"),
        ("2018-kcs-kubernetes-blog-look-back.md", "cap Seattle Contributor Summit"),
        (
            "2018-kcs-kubernetes-blog-look-back.md",
            "p Authors: Paris Pittman (Google), Jonas Rosland (VMware)",
        ),
        ("2022-kubecon-na-cilium.md", "p November 4th, 2022 Author: Bill Mulligan, Isovalent"),
        ("2017-promcon-prometheus.md", "q1 — PrometheusMonitoring (@PrometheusIO) August 17, 2017"),
        ("2024-kubecon-na-keycloak.adoc", "alt Four Keycloak contributors hosting…"),
        ("2012-vmworld-scottlowe.md", "p Scott Lowe: APP-CAP2165, Operating Cloud Foundry"),
        ("003_cc12fd1b3428900f.txt", "li1 Image scanning < Build"),
        ("002_021f19a568bba25a.txt", "cap Lee Calcote, Layer5"),
    ] {
        let Some((_, format, source)) = posts.iter().find(|(post, ..)| post == name) else { continue };
        let shown = format_blocks(*format, source);
        let is_expected = |line: &str| match expected.strip_suffix('…') {
            Some(start) => line.starts_with(start),
            None => line == expected,
        };
        assert!(shown.lines().any(is_expected), "{name}: {expected}");
    }
    let hidden = [
        ("2019-kubecon-eu-kaushikchaubal-day1.md", "Assumption here"),
        ("2015-linuxcon-eu-projectatomic.html.md", "READMORE"),
        ("2022-kubecon-na-cilium.md", "author-data"),
        ("2018-pycon-kr-ash84-day2.html", "Written by"),
        ("2017-rustconf-matthewkmayer.html", "Posts"),
    ];
    for (name, words) in hidden {
        let Some((_, format, source)) = posts.iter().find(|(post, ..)| post == name) else { continue };
        let body = read_markup(*format, source, 1).body;
        let prose = body.blocks.iter().filter(|block| block.kind != BlockKind::Code);
        assert!(prose.clone().all(|block| !body.slice(block.span).contains(words)), "{name}: {words}");
    }
}
