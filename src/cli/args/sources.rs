//! The arguments of `takeaways corpus add`, `refresh` and `remove`.

use std::path::PathBuf;

use clap::ArgAction;
use jiff::civil::Date;
use takeaways_cli::args::parse_day;

/// `takeaways corpus add`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct AddArgs {
    /// The address of a blog, a feed, a sitemap or a post; a folder with a static site; or a file with one address a line
    /// (- is standard input).
    #[arg(value_name = "URL|FOLDER|FILE")]
    pub from: String,
    /// Take it in without asking.
    #[arg(long, short)]
    pub yes: bool,
    /// Only show what would be taken in, each post with the reason.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Only posts with these words in the title or the text, in upper or lower case.
    #[arg(long = "match", value_name = "WORDS")]
    pub matching: Option<String>,
    /// Only posts that are about an event; `--about-events=false` takes all.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = ArgAction::Set)]
    pub about_events: bool,
    /// Only posts since this day, for example 2019-01-31.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    pub since: Option<Date>,
    /// Also what the feed no longer holds, by the sitemap of the site.
    #[arg(long)]
    pub all_time: bool,
    /// The corpus folder to write the posts to. Without it: posts/ in the state folder, which is always part of the corpus.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

/// `takeaways corpus refresh`.
#[derive(Debug, clap::Args)]
pub struct RefreshArgs {
    /// Only this source, as `corpus sources` shows it.
    #[arg(value_name = "URL")]
    pub source: Option<String>,
}

/// `takeaways corpus remove`.
#[derive(Debug, clap::Args)]
pub struct RemoveArgs {
    /// The address of a source or of a post, or the name or path of a post that came from a source.
    #[arg(value_name = "URL|POST")]
    pub name: String,
    /// Keep the posts of the source that is removed.
    #[arg(long)]
    pub keep_posts: bool,
}
