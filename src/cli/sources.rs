//! The sources of posts for the commands and the bot: made from the settings.

use std::path::Path;
use std::sync::Arc;

use takeaways_corpus::Problem;
use takeaways_delivery::Clock;
use takeaways_settings::Settings;
use takeaways_sources::http::HttpWeb;
use takeaways_sources::{
    AddressGuard, Fetcher, FetcherOptions, Library, Refresher, find_folder_source, problems_of_folders,
};

/// The refresher of the sources of the settings. It fetches nothing yet.
pub fn refresher(settings: &Settings) -> Refresher {
    let sources = &settings.sources;
    let guard = AddressGuard::new(sources.allow_addresses.clone());
    let web = HttpWeb::new(guard.clone(), user_agent(settings));
    let options = FetcherOptions { guard, interval: sources.fetch_interval };
    let clock = Clock::system();
    let fetcher = Fetcher::new(Arc::new(web), Arc::new(move || clock.now()), options);
    // By hand everything is fetched at once; the interval only says when it is due again.
    let interval = sources.refresh_interval.unwrap_or_default();
    Refresher::new(Arc::new(fetcher), Arc::new(library(settings)), interval)
}

/// The sources of the settings with what is known of them.
pub fn library(settings: &Settings) -> Library {
    Library::new(&settings.corpus.folders, &settings.state.dir)
}

/// The name of a source as a person typed it; for a folder its path as it stands in the list.
pub fn source_name(library: &Library, typed: &str) -> String {
    let row = find_folder_source(&library.rows().0, Path::new(typed)).map(|row| row.source.url.clone());
    row.unwrap_or_else(|| typed.to_owned())
}

/// The problems of the sources.
pub fn problems(settings: &Settings) -> Vec<Problem> {
    problems_of_folders(&library(settings)).into_iter().map(|found| found.problem).collect()
}

/// The address for complaints that requests name; `None` if none is set.
pub fn contact(settings: &Settings) -> Option<&str> {
    let contact = Some(settings.sources.contact.as_str()).filter(|contact| !contact.is_empty());
    contact.or(settings.discord.link.as_deref())
}

/// The header by which a site knows this program, with the address for complaints.
fn user_agent(settings: &Settings) -> String {
    let about = contact(settings).map(|contact| format!("; +{contact}")).unwrap_or_default();
    format!("takeaways/{} (reads recaps of conferences{about})", env!("CARGO_PKG_VERSION"))
}
