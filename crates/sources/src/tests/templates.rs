//! A post in the templates of generators.

/// What is true of a page.
pub(crate) struct ExpectedPost {
    pub title: &'static str,
    pub author: &'static str,
    pub date: &'static str,
    pub path: &'static str,
    pub licence: &'static str,
}

pub(crate) const EXPECTED: ExpectedPost = ExpectedPost {
    title: "What I saw at KubeCon",
    author: "Ann Lee",
    date: "2019-11-21",
    path: "/2019/kubecon",
    licence: "https://creativecommons.org/licenses/by/4.0/",
};

pub(crate) const TEXT: [&str; 7] = [
    "I went to KubeCon in San Diego last week, and it was larger than all that I had seen before.",
    "More than 12,000 people came, and most of the talks on service meshes were full before they began.",
    "What I liked most was a talk about what goes wrong when a control plane loses its disk for an hour.",
    "People asked for less novelty, and for upgrades that do not need a weekend of their own.",
    "The two days of smaller meetings before it were worth the longer trip, for whoever runs clusters of their own.",
    "Those who had come for the first time told me that they will come again, if their employers pay for it.",
    "Next year I want to spend more of my time in the hallway, where the useful words are said.",
];

/// Text around the post that must not come in.
pub(crate) const FOREIGN: [&str; 6] = [
    "We use cookies to make this site better for you, and to count our visitors.",
    "Subscribe to our newsletter and never miss another post of ours again.",
    "Share this post with your friends on all of the networks",
    "Ten tips for Helm charts that everybody must know before Monday",
    "Copyright 2019 by the people who made this site, all rights reserved.",
    "Home of the blog with all of its categories and its archive",
];

/// The paragraphs of the post, one a line.
pub(crate) fn paragraphs() -> String {
    let lines: Vec<String> = TEXT.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    lines.concat()
}

/// Blocks as page builders and themes write them: each in elements of its own, whose names sound like other things.
pub(crate) fn in_boxes(name: &str, blocks: &str) -> String {
    let (before, after) = match name {
        "elementor" | "elementor canvas" => (
            "<div class=\"elementor-element elementor-element-1a2b elementor-widget elementor-widget-text-editor\" \
             data-widget_type=\"text-editor.default\"><div class=\"elementor-widget-container\">",
            "</div></div>",
        ),
        "siteorigin" => (
            "<div class=\"panel-grid\"><div id=\"panel-1-0\" class=\"so-panel widget widget_sow-editor panel-first-child\">",
            "</div></div>",
        ),
        "named" => {
            ("<div class=\"social-life\"><div class=\"shared-memories\" id=\"banner-year\">", "</div></div>")
        }
        // The theme has bad luck with its names: nothing of the post would be left.
        "misnamed" => ("<div class=\"post-social share-box\">", "</div>"),
        _ => return blocks.to_owned(),
    };
    let boxes: Vec<String> =
        blocks.split_inclusive("\n\n").map(|block| format!("{before}{block}{after}\n")).collect();
    boxes.concat()
}

/// The blocks of the post with an empty line between them.
pub(crate) fn blocks() -> String {
    paragraphs().replace('\n', "\n\n")
}

/// The templates of generators and page builders: where each puts title, author, day and text.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn templates() -> Vec<(&'static str, String)> {
    let ExpectedPost { title, author, licence, .. } = EXPECTED;
    let text = paragraphs();
    let nav = format!("<nav class=\"menu\"><a href=\"/\">{}</a></nav>", FOREIGN[5]);
    let cookie =
        format!("<div class=\"cookie-notice\" id=\"cookies\"><p>{}</p><button>OK</button></div>", FOREIGN[0]);
    let letter = format!("<div class=\"newsletter-signup\"><p>{}</p><form><input></form></div>", FOREIGN[1]);
    let share = format!("<div class=\"share-buttons\"><a href=\"#\">{}</a></div>", FOREIGN[2]);
    let related = format!(
        "<section class=\"related-posts\"><h3>Related</h3><ul><li><a href=\"/x\">{}</a></li></ul></section>",
        FOREIGN[3]
    );
    let end = format!("{share}{related}{letter}");
    let foot = format!(
        "<footer><p>{}</p><a rel=\"license\" href=\"{licence}\">Licence</a></footer>{cookie}",
        FOREIGN[4]
    );
    let canonical = "<link rel=\"canonical\" href=\"/2019/kubecon\">";
    let json_ld = |kind: &str| {
        format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"{kind}\",\"headline\":\"{title}\",\"author\":{{\"@type\":\"Person\",\"name\":\"{author}\"}},\"datePublished\":\"2019-11-21T08:00:00+01:00\"}}</script>"
        )
    };
    let og = format!(
        "<meta property=\"og:title\" content=\"{title}\"><meta property=\"og:type\" content=\"article\"><meta property=\"og:site_name\" content=\"A Blog\"><meta property=\"article:published_time\" content=\"2019-11-21T08:00:00Z\"><meta name=\"author\" content=\"{author}\">"
    );
    vec![
        (
            "hugo",
            format!(
                "<html><head><title>{title} | A Blog</title>{canonical}{og}</head><body>{nav}<main><article><header><h1>{title}</h1></header><div class=\"post-content\">{text}</div></article></main>{end}{foot}</body></html>"
            ),
        ),
        (
            "jekyll",
            format!(
                "<html><head><title>{title} | A Blog</title>{canonical}{}</head><body>{nav}<article class=\"post h-entry\" itemscope itemtype=\"http://schema.org/BlogPosting\"><header><h1 class=\"p-name\">{title}</h1></header><div class=\"post-content e-content\" itemprop=\"articleBody\">{text}</div></article>{end}{foot}</body></html>",
                json_ld("BlogPosting")
            ),
        ),
        (
            "wordpress",
            format!(
                "<html><head><title>{title} - A Blog</title>{canonical}{og}</head><body class=\"single\">{nav}<div id=\"primary\"><article id=\"post-1\"><h1 class=\"entry-title\">{title}</h1><div class=\"entry-meta\">Posted on <time class=\"entry-date published\" datetime=\"2019-11-21\">21</time></div><div class=\"entry-content\">{text}<div class=\"sharedaddy\">{}</div><div class=\"jp-relatedposts\">{}</div></div></article></div><aside class=\"widget-area\">{}</aside>{foot}</body></html>",
                FOREIGN[2], FOREIGN[3], FOREIGN[1]
            ),
        ),
        (
            "ghost",
            format!(
                "<html><head><title>{title}</title>{canonical}{}</head><body>{nav}<article class=\"gh-article\"><h1>{title}</h1><section class=\"gh-content\">{text}</section></article>{end}{foot}</body></html>",
                json_ld("Article")
            ),
        ),
        (
            "medium",
            format!(
                "<html><head><title>{title} | by {author} | Medium</title>{canonical}{og}</head><body><div id=\"root\">{nav}<div><div><div><article><section><div><h1>{title}</h1>{text}</div></section></article></div></div></div></div>{end}{foot}</body></html>"
            ),
        ),
        (
            "blogger",
            format!(
                "<html><head><title>A Blog: {title}</title>{canonical}<meta property='og:title' content='{title}'/></head><body>{nav}<div class='post hentry'><h3 class='post-title entry-title'>{title}</h3><div class='post-body entry-content' itemprop='articleBody'>{text}</div><div class='post-footer'><span itemprop='author' itemscope itemtype='http://schema.org/Person'><span itemprop='name'>{author}</span></span><abbr class='published' itemprop='datePublished' content='2019-11-21T08:00:00Z' title='x'>8:00</abbr></div></div>{end}{foot}</body></html>"
            ),
        ),
        (
            "astro",
            format!(
                "<!DOCTYPE html><html lang=\"en\"><head><title>{title}</title>{canonical}<meta property=\"og:title\" content=\"{title}\"></head><body>{nav}<main><article><h1>{title}</h1><p class=\"byline\">By <a rel=\"author\" href=\"/a\">{author}</a></p><time datetime=\"2019-11-21T00:00:00.000Z\">Nov 21, 2019</time><hr>{text}</article></main>{end}{foot}</body></html>"
            ),
        ),
        (
            "docusaurus",
            format!(
                "<html><head><title>{title} | A Blog</title>{canonical}{}</head><body>{nav}<aside class=\"sidebar\">{}</aside><main itemscope itemtype=\"https://schema.org/Blog\"><article itemscope itemtype=\"https://schema.org/BlogPosting\"><header><h1 itemprop=\"headline\">{title}</h1></header><div class=\"markdown\" itemprop=\"articleBody\">{text}</div></article></main>{end}{foot}</body></html>",
                json_ld("BlogPosting"),
                FOREIGN[5]
            ),
        ),
        (
            "hexo",
            format!(
                "<html><head><title>{title} | A Blog</title>{canonical}{og}</head><body><div id=\"wrap\">{nav}<section id=\"main\"><article class=\"article\"><div class=\"article-inner\"><h1 class=\"article-title\">{title}</h1><div class=\"article-entry\" itemprop=\"articleBody\">{text}</div></div></article></section>{end}</div>{foot}</body></html>"
            ),
        ),
        (
            "zola",
            format!(
                "<html><head><title>{title}</title>{canonical}{og}</head><body><div class=\"content\">{nav}<main><h1>{title}</h1>{text}</main></div>{end}{foot}</body></html>"
            ),
        ),
        (
            "devto",
            format!(
                "<html><head><title>{title} - DEV</title>{canonical}{}</head><body>{nav}<main><article class=\"crayons-article\"><div class=\"crayons-article__header\"><h1>{title}</h1></div><div class=\"crayons-article__body\" id=\"article-body\">{text}</div></article></main><aside class=\"crayons-layout__sidebar-right\">{}</aside>{end}{foot}</body></html>",
                json_ld("Article"),
                FOREIGN[3]
            ),
        ),
        (
            "eleventy",
            format!(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>{canonical}<meta name=\"generator\" content=\"Eleventy v2.0.1\"><meta name=\"author\" content=\"{author}\"></head><body><a href=\"#skip\" class=\"visually-hidden\">Skip</a><header>{nav}</header><main id=\"skip\"><h1>{title}</h1><ul class=\"post-metadata\"><li><time datetime=\"2019-11-21\">21 November 2019</time></li></ul>{text}<ul class=\"links-nextprev\"><li>Previous: <a href=\"/x\">x</a></li></ul></main>{end}{foot}</body></html>"
            ),
        ),
        (
            "squarespace",
            format!(
                "<!doctype html><html><head><title>{title} &mdash; A Blog</title>{canonical}{og}<meta itemprop=\"datePublished\" content=\"2019-11-21T08:00:00-0800\"><meta itemprop=\"author\" content=\"{author}\"></head><body class=\"view-item\">{nav}<main id=\"page\"><article class=\"BlogItem hentry\"><h1 class=\"BlogItem-title\">{title}</h1><div class=\"sqs-layout\"><div class=\"sqs-block html-block\"><div class=\"sqs-block-content\"><div class=\"sqs-html-content\">{text}</div></div></div></div></article></main>{end}{foot}</body></html>"
            ),
        ),
        (
            "substack",
            format!(
                "<html><head><title>{title} - by {author}</title>{canonical}{}</head><body>{nav}<div class=\"single-post newsletter-post\"><article><h1 class=\"post-title\">{title}</h1><div class=\"available-content\"><div class=\"body markup\">{text}<div class=\"subscription-widget-wrap\"><p>{}</p></div></div></div></article></div>{end}{foot}</body></html>",
                json_ld("NewsArticle"),
                FOREIGN[1]
            ),
        ),
        (
            "elementor",
            format!(
                "<html><head><title>{title} - A Blog</title>{canonical}{og}</head><body class=\"elementor-page\"><header>{nav}</header><main id=\"content\"><h1 class=\"entry-title\">{title}</h1><div class=\"page-content\"><div data-elementor-type=\"wp-post\" class=\"elementor elementor-12\"><section class=\"elementor-section elementor-top-section\"><div class=\"elementor-container\"><div class=\"elementor-column\"><div class=\"elementor-widget-wrap elementor-element-populated\">{}<div class=\"elementor-element elementor-widget elementor-widget-share-buttons\"><div class=\"elementor-widget-container\"><p>{}</p></div></div></div></div></div></section></div></div></main>{end}{foot}</body></html>",
                in_boxes("elementor", &blocks()),
                FOREIGN[2]
            ),
        ),
        (
            "elementor canvas",
            format!(
                "<html><head><title>{title} - A Blog</title>{canonical}{og}</head><body class=\"elementor-template-canvas\">{nav}<div class=\"elementor elementor-12\"><div class=\"e-con-inner\"><div class=\"elementor-element elementor-widget elementor-widget-heading\"><h1 class=\"elementor-heading-title\">{title}</h1></div>{}</div></div>{end}{foot}</body></html>",
                in_boxes("elementor canvas", &blocks())
            ),
        ),
        (
            "siteorigin",
            format!(
                "<html><head><title>{title} - A Blog</title>{canonical}{og}</head><body>{nav}<article><h1>{title}</h1><div class=\"entry-content\"><div id=\"pl-1\" class=\"panel-layout\">{}</div></div></article><div class=\"widget-area\" id=\"secondary\"><div class=\"widget widget_text\"><p>{}</p></div></div>{end}{foot}</body></html>",
                in_boxes("siteorigin", &blocks()),
                FOREIGN[3]
            ),
        ),
        (
            "named",
            format!(
                "<html><head><title>{title} | A Blog</title>{canonical}{og}</head><body>{nav}<main><article><h1>{title}</h1>{}{end}</article></main>{foot}</body></html>",
                in_boxes("named", &blocks())
            ),
        ),
        (
            "misnamed",
            format!(
                "<html><head><title>{title} | A Blog</title>{canonical}{og}</head><body>{nav}<main><article><h1>{title}</h1>{}</article></main>{foot}</body></html>",
                in_boxes("misnamed", &blocks())
            ),
        ),
    ]
}
