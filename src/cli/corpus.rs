//! `takeaways corpus`: looks at the posts themselves, without the index.

mod check;
mod list;
mod show;
mod status;

use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;

use super::args::Corpus;
use super::engine::{self, Loaded};
use super::exit::Exit;
use super::session::Session;
use crate::model::Post;
use crate::render::clean;
use crate::settings::nearest::nearest;

/// Reads the posts and prints what was asked for.
pub fn run(session: &Session, what: &Corpus) -> Result<Exit> {
    let loaded = engine::load(&session.settings, session.now)?;
    match what {
        Corpus::Check(how) => check::run(&loaded, how.format),
        Corpus::Status(how) => status::run(&loaded, how.format),
        Corpus::List(how) => list::run(&loaded, how.format),
        Corpus::Text { post } => with_post(session, &loaded, post, text),
        Corpus::Show { post, how } => with_post(session, &loaded, post, |post| show::run(post, how.format)),
    }
}

/// Byte for byte, and nothing else.
fn text(post: &Post) -> Result<Exit> {
    super::terminal::print(&post.body.text)?;
    Ok(Exit::Done)
}

fn with_post(
    session: &Session,
    loaded: &Loaded,
    name: &str,
    then: impl Fn(&Post) -> Result<Exit>,
) -> Result<Exit> {
    let found = named(&session.settings.corpus.folders, &loaded.posts, name);
    if let [post] = found.as_slice() {
        return then(post);
    }
    let (what, names) = if found.is_empty() {
        let ids = loaded.posts.iter().map(|post| post.id.0.as_str());
        (format!("there is no post {name}"), nearest(name, ids, 3))
    } else {
        (
            format!("{name} is the path of several posts"),
            found.iter().map(|post| post.id.0.as_str()).collect(),
        )
    };
    let todo = match names.as_slice() {
        [] => "`takeaways corpus list` shows all".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    // Where not even this can be printed, the exit code has to do.
    let _ = writeln!(io::stderr(), "error: {}", clean(&format!("{what}; {todo}")));
    Ok(Exit::No)
}

/// The post with this id, else those with this path, also where it begins with the corpus folder.
fn named<'a>(folders: &[impl AsRef<Path>], posts: &'a [Post], name: &str) -> Vec<&'a Post> {
    if let Some(post) = posts.iter().find(|post| post.id.0 == name) {
        return vec![post];
    }
    let typed = std::path::absolute(name).unwrap_or_default();
    let inside = folders.iter().find_map(|folder| typed.strip_prefix(folder).ok());
    posts
        .iter()
        .filter(|post| post.path == name || inside.is_some_and(|inside| inside == Path::new(&post.path)))
        .collect()
}
