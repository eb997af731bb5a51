//! What stands around a post on its page: menus, share buttons, consent lines, related posts.
//!
//! Names of classes and ids are free text that themes choose. A name is taken for one of these parts only if each of its
//! words says so or says nothing: `social-links` is one, `social-life` and `elementor-widget` are not. What is removed
//! by its name alone is limited: see [`LARGE_PART`] and [`remove_named`].

use std::sync::LazyLock;

use dom_query::{Document, Selection};

/// An element that holds more than a third of the text of the article is part of it, whatever its name is.
pub(crate) const LARGE_PART: usize = 3;

/// Elements that hold no text of a post.
const MACHINERY: &str = "script, style, template, iframe, button, svg, canvas, object, embed, \
     video, audio, img, picture, source, link, noscript, input, select, textarea";

/// Elements that say by their kind that they are no part of a post.
const BY_KIND: &str = "nav, footer, aside, menu, [role=navigation], [role=banner], [role=contentinfo], \
     [role=complementary], [role=search], [role=dialog], [role=alertdialog], [aria-hidden=true], [hidden], \
     [style*='display:none'], [style*='display: none'], a.anchor, a.headerlink, a.header-anchor, a.hash-link";

/// Elements that some programs put around a whole page, and that are otherwise no part of a post.
const AROUND: &str = "form, dialog";

/// What readers wrote below a post. It is often longer than the post.
const COMMENTS: &str = "#comments, .comments-area, .comment-list, .commentlist, #respond, .comment-respond";
/// The fewest bytes of text beside an element of comments. With less the element is part of the post.
const LEAST_BESIDE_COMMENTS: usize = 400;

/// What holds a whole post is not removed.
const POSTS: &str = "main, [itemprop=articleBody], .e-content, .entry-content, .post-content";

/// Words by which a name says what a part is. One of them must be in it.
const MARKS: &str = "ad addthis addtoany ads advert advertisement banner breadcrumb breadcrumbs byline comments consent \
     cookie cookieconsent cookies disqus gdpr modal nav navigation newsletter nextprev onetrust osano \
     pager pagination popup postnav prevnext promo recommendations recommended related relatedposts share \
     shareaholic sharedaddy shares sharethis sharing sidebar social socials subscribe subscription \
     subscriptions toc yarpp";

/// Words that say nothing on their own: where a part stands, what it is built of, and who made the theme.
const FILLERS: &str = "above accept action actions after area article articles author background bar before below bg block \
     blocks blog body bottom box btn button buttons card cards cc center cky cli cmp cmplz col column \
     consentmanager container content crayons cta dark desktop dpsp elementor email enabled entries entry \
     essb fixed float floating follow footer form fusion grid group has head header heateor holder \
     horizontal icon icons info inline inner is item items jetpack label law layout left light link links \
     list main media menu message mobile module more network networks notice outer overlay page panel \
     policy post posts preferences primary profile profiles right row secondary section settings side \
     sign signup single site slot small ssba sss sticky stories swp tabs tdb text the this title toolbar \
     tools top tve vertical wall warning widget widgets window wrap wrapper";

/// Words that stand side by side in a name and say together what the part is, whatever else is in the name.
const PHRASES: &str = "author bio, author box, author card, block buttons, cookie banner, cookie consent, cookie \
     notice, edit this page, entry meta, footnote backref, more posts, newsletter form, newsletter \
     signup, next prev, post meta, post metadata, post nav, post navigation, post tags, prev next, \
     read next, reading time, related posts, screen reader, share button, share buttons, share links, \
     skip link, social icons, social links, social share, sr only, table of contents, tag list, \
     visually hidden, widget area";

/// Removes what holds no text of a post. A form that holds much of the text stays.
pub(crate) fn remove_machinery(document: &Document) {
    document.select(MACHINERY).remove();
    let whole = text_len(&document.select("body"));
    for element in &document.select(AROUND) {
        remove_unless_post(&element, whole);
    }
}

/// Removes what holds no text of a post, what says by its kind that it is no part of one, and comments.
pub(crate) fn remove_by_kind(document: &Document) {
    remove_machinery(document);
    let whole = text_len(&document.select("body"));
    for element in &document.select(BY_KIND) {
        remove_unless_post(&element, whole);
    }
    for element in &document.select(COMMENTS) {
        let whole = text_len(&document.select("body"));
        let is_around = element.is("html, body, main, article") || element.select(POSTS).exists();
        if !is_around && whole.saturating_sub(text_len(&element)) >= LEAST_BESIDE_COMMENTS {
            element.remove();
        }
    }
}

/// Removes what says only by its name that it is no part of a post. Returns whether there was any. The names may mislead:
/// who calls this compares what is left.
pub(crate) fn remove_named(document: &Document) -> bool {
    let article = document.select("article, main").iter().map(|element| text_len(&element)).max();
    let whole = article.filter(|len| *len > 0).unwrap_or_else(|| text_len(&document.select("body")));
    let mut found = false;
    for element in &document.select("[class], [id]") {
        let class = element.attr("class").unwrap_or_default();
        let id = element.attr("id").unwrap_or_default();
        if class.split_whitespace().chain([id.trim()]).any(is_name_of_chrome) {
            found |= remove_unless_post(&element, whole);
        }
    }
    found
}

fn remove_unless_post(element: &Selection<'_>, whole: usize) -> bool {
    let holds_post = text_len(element) * LARGE_PART > whole
        || element.is("html, body, main, article")
        || element.select(POSTS).exists();
    if !holds_post {
        element.remove();
    }
    !holds_post
}

/// The length of the text of a selection, in bytes.
pub(crate) fn text_len(selection: &Selection<'_>) -> usize {
    selection.text().len()
}

/// The phrases with a blank at each end, so that they match whole words only.
static PADDED_PHRASES: LazyLock<Vec<String>> =
    LazyLock::new(|| PHRASES.split(", ").map(|phrase| format!(" {phrase} ")).collect());

/// Whether the name of a class or an id is that of a part around posts.
fn is_name_of_chrome(name: &str) -> bool {
    let words = words_of(name);
    if words.is_empty() {
        return false;
    }
    let name = format!(" {} ", words.join(" "));
    let has_phrase = PADDED_PHRASES.iter().any(|phrase| name.contains(phrase));
    let is_in = |list: &str, word: &String| list.split(' ').any(|known| known == word);
    let is_mark = |word: &String| is_in(MARKS, word);
    // Prefixes of themes and numbers are short.
    let is_filler = |word: &String| word.len() <= 2 || is_in(FILLERS, word);
    has_phrase || (words.iter().any(is_mark) && words.iter().all(|word| is_mark(word) || is_filler(word)))
}

/// The words of a name in lower case: `shareButtons`, `share-buttons` and `share_buttons` have two.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut is_new, mut was_lower) = (true, false);
    for c in name.chars().take(100) {
        if !c.is_alphanumeric() {
            is_new = true;
            continue;
        }
        if is_new || (was_lower && c.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        (is_new, was_lower) = (false, c.is_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts_are_told_from_names_of_text() {
        for name in [
            "cookie-notice",
            "cookies",
            "cookie-consent",
            "newsletter-modal",
            "newsletter-signup",
            "share-buttons",
            "sharedaddy",
            "jp-relatedposts",
            "related-posts",
            "social-share",
            "socialLinks",
            "post-share",
            "elementor-share-buttons",
            "elementor-widget-share-buttons",
            "elementor-social-icons-wrapper",
            "widget-area",
            "sidebar",
            "sidebar-right",
            "crayons-layout__sidebar-right",
            "comments",
            "c-share",
            "wp-block-buttons",
            "post-metadata",
            "subscription-widget-wrap",
            "table-of-contents",
            "tocBar",
            "screen-reader-text",
            "promo",
            "cookie-law-info-bar",
            "yarpp-related",
            "heateor_sss_sharing_container",
            "wp-block-jetpack-subscriptions",
            "entry-meta-2",
        ] {
            assert!(is_name_of_chrome(name), "{name}");
        }
        for name in [
            "",
            "-",
            "elementor-widget",
            "elementor-widget-container",
            "elementor-widget-text-editor",
            "widget",
            "social-life",
            "shared-memories",
            "shared",
            "market-share-table",
            "banner-year",
            "model",
            "promotheus",
            "cookie-baking",
            "consented",
            "unrelated",
            "so-panel",
            "promcon",
            "address",
            "adventure",
            "post-content",
            "modal-logic",
            "header",
            "text",
        ] {
            assert!(!is_name_of_chrome(name), "{name}");
        }
    }
}
