//! A blog on loopback that a test writes in: a page, a feed with whole texts, and a page for each post.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::{Date, date};
use takeaways_testing::{LoopbackWeb, PageReply};

/// A blog whose posts a test changes.
#[derive(Clone)]
pub struct Blog {
    web: LoopbackWeb,
    state: Arc<Mutex<BlogState>>,
}

#[derive(Default)]
struct BlogState {
    posts: Vec<BlogPost>,
    is_broken: bool,
    /// Whether the feed has only the beginnings of posts.
    is_short: bool,
    /// The pause after each byte of a page.
    drip: Option<Duration>,
}

struct BlogPost {
    title: String,
    text: String,
    day: Date,
}

impl Blog {
    /// A blog with posts about KubeCon EU 2019, each with words of its own: `frobnicator0 needs 100 replicas`, and so on.
    pub fn new(posts: usize) -> Self {
        let state = Arc::<Mutex<BlogState>>::default();
        let shown = Arc::clone(&state);
        let web = LoopbackWeb::handle(move |request| {
            let state = shown.lock().unwrap_or_else(PoisonError::into_inner);
            if state.is_broken {
                return PageReply::status(500);
            }
            state.reply(&request.path)
        });
        let blog = Self { web, state };
        for number in 0..posts {
            blog.write(number);
        }
        blog
    }

    /// Writes a post.
    pub fn write(&self, number: usize) {
        self.write_post(&format!("KubeCon EU 2019, part {number}"), &text(number));
    }

    /// Writes a post with this title and text.
    pub fn write_post(&self, title: &str, text: &str) {
        self.publish(title, text, date(2019, 5, 22));
    }

    /// Writes a post on this day.
    pub fn write_on(&self, number: usize, day: Date) {
        self.publish(&format!("KubeCon EU 2019, part {number}"), &text(number), day);
    }

    fn publish(&self, title: &str, text: &str, day: Date) {
        self.state().posts.push(BlogPost { title: title.to_owned(), text: text.to_owned(), day });
    }

    /// The same blog with the beginnings of posts in its feed.
    pub fn with_summaries(self) -> Self {
        self.state().is_short = true;
        self
    }

    /// The same blog with pages that take seconds to send.
    pub fn with_slow_pages(self) -> Self {
        self.state().drip = Some(Duration::from_millis(2));
        self
    }

    /// Answers each request with an error from now on, or no longer.
    pub fn set_broken(&self, is_broken: bool) {
        self.state().is_broken = is_broken;
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        self.web.url(path)
    }

    /// The number of requests for a path.
    pub fn requests(&self, path: &str) -> usize {
        self.web.paths().iter().filter(|asked| *asked == path).count()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, BlogState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BlogState {
    fn reply(&self, path: &str) -> PageReply {
        match path {
            "/" => PageReply::html(
                "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head></html>",
            ),
            "/feed.xml" => PageReply::xml(self.feed()),
            path => {
                match path.strip_prefix("/posts/").and_then(|at| self.posts.get(at.parse::<usize>().ok()?)) {
                    Some(BlogPost { title, text, day }) => PageReply {
                        drip: self.drip,
                        ..PageReply::html(format!(
                            "<html><head><title>{title}</title><meta name=\"author\" content=\"Ann Lee\">\
                     <meta property=\"article:published_time\" content=\"{day}\"></head>\
                     <body><article><h1>{title}</h1>{text}</article></body></html>"
                        ))
                    },
                    None => PageReply::status(404),
                }
            }
        }
    }

    fn feed(&self) -> String {
        let mut items = String::new();
        for (at, BlogPost { title, text, day }) in self.posts.iter().enumerate().rev() {
            let day = day.strftime("%a, %d %b %Y");
            let text = if self.is_short { "We were there…" } else { text.as_str() };
            let _ = write!(
                items,
                "<item><title><![CDATA[{title}]]></title><link>/posts/{at}</link><author>Ann Lee</author>\
                 <pubDate>{day} 10:00:00 GMT</pubDate><description><![CDATA[{text}]]></description></item>"
            );
        }
        format!("<rss version=\"2.0\"><channel><title>A blog</title>{items}</channel></rss>")
    }
}

fn text(number: usize) -> String {
    let more = format!(
        "<p>Speaker {number} told how team {number} moved its clusters in {number} weeks, and what broke on the way.</p>"
    );
    format!(
        "<p>I was at KubeCon EU 2019 in Barcelona. The talk on widget number {number} said that the frobnicator{number} needs \
         {} replicas in production.</p>{}",
        number + 100,
        more.repeat(8)
    )
}
