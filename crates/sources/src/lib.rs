//! Posts from the web: feeds, sitemaps, pages and folders of static sites become Markdown files in a corpus folder.
//!
//! A source stands in `sources.toml` of the folder that its posts go into. What was fetched is remembered in the state
//! folder. Effects are in [`http`] (requests), `store_files` (files) and the clock that a [`Fetcher`] is given; the rest
//! turns bytes into posts. Everything that comes from the web is hostile: sizes, times, names and addresses are
//! limited or judged before they are used.

mod about;
mod address;
mod chrome;
mod contribution;
mod decoding;
mod discovery;
mod feed;
mod feed_repair;
mod fetcher;
mod guard;
mod html;
pub mod http;
mod ingest;
mod library;
mod licence;
mod listing;
mod markdown;
mod page;
mod page_kind;
mod post_file;
mod post_index;
mod preview;
mod refresh;
mod refresh_report;
mod removal;
mod site_address;
mod site_folder;
mod site_settings;
mod sitemap;
mod source_list;
mod source_row;
mod source_state;
mod store_files;

#[cfg(test)]
mod tests;

pub use address::{AddressError, identity, parse_address};
pub use contribution::{Contribution, FailingSource, MAX_CONTRIBUTED_POSTS, MAX_CONTRIBUTED_SOURCES};
pub use discovery::{Discovery, FoundSource, discover};
pub use fetcher::{Clock, FetchError, FetchOutcome, FetchedPage, Fetcher, FetcherOptions};
pub use guard::{AddressGuard, AddressRefusal, AllowedNetwork, AllowedNetworkError};
pub use http::{Validators, Web, WebError, WebRequest, WebResponse};
pub use library::{Library, LibraryError};
pub use listing::{ListedPost, PostListing};
pub use preview::{KnownPosts, Preview, PreviewPost, REMOVED_BY_HAND, repeats_reason};
pub use refresh::{RefreshOptions, RefreshProgress, Refresher, ShowProgress};
pub use refresh_report::{IngestResult, PostOutcome, RefreshFailure, RefreshReport};
pub use removal::Removal;
pub use site_folder::{FolderPosts, list_posts};
pub use source_list::{Source, SourceKind, SourceList, SourceListError};
pub use source_row::{SourceProblem, problems_of_folders};
pub use source_row::{SourceRow, find_folder, find_folder_source, find_source};
pub use source_state::{PostState, PostStatus, SourceState};

/// The most bytes of a response, also after decompression (10 MiB).
pub(crate) const MAX_BODY_BYTES: usize = 10 << 20;
/// The most redirects that are followed.
pub(crate) const MAX_REDIRECTS: usize = 5;
