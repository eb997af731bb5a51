//! What moderators do with the sources of posts: they preview an address, add it, and remove posts.
//!
//! An address is previewed after the command was acknowledged, without a slot for replies: a slow site must not keep
//! answers from others. Permissions are checked at each command and each press. The button finds the address in the
//! message that it stands on, so it works after a restart too.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use takeaways_delivery::{Reloader, WorkerPanic};
use takeaways_ops::Metrics;
use takeaways_render::discord::{self as pages, Choice, MessagePayload, SourceFound};
use takeaways_settings::Contributors;
use takeaways_sources::{
    AddressRefusal, Contribution, FailingSource, FetchError, FoundSource, Library, MAX_CONTRIBUTED_POSTS,
    Preview, RefreshOptions, RefreshReport, Refresher, Source, SourceKind, SourceProblem, WebError, discover,
    parse_address, problems_of_folders,
};
use takeaways_text::model::Language;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::bot::Bot;
use crate::digest_commands::{Caller, CommandResult, Moderator, Rejection, into_response};
use crate::discord_transport::open_direct_message;
use crate::interaction::{reply_privately, send_response};
use crate::reply::Reply;
use crate::response::{Failure, Outcome};
use crate::rest::RestError;
use crate::route::Route;

/// The most addresses that are previewed at once.
const MAX_PREVIEWS: usize = 4;
/// The longest preview of an address. A site without a feed is asked some twenty times, a second apart.
const PREVIEW_TIMEOUT: Duration = Duration::from_mins(2);
/// How long the reply to *Add* waits for the posts. They come in afterwards too.
const ADD_WAIT: Duration = Duration::from_secs(10);
/// The pause between two attempts to release a source whose contributor could not be notified.
const RELEASE_PAUSE: Duration = Duration::from_secs(5);
/// What people on Discord read of a list that is wrong.
const LIST_PROBLEM: &str =
    "a list of sources can't be read; the operator sees more with `takeaways corpus check`";
/// The number of posts that `/recaps recent` lists.
const RECENT_POSTS: usize = 15;

/// The sources of posts, who may change them, and which are being added.
pub(crate) struct SourceCommands {
    refresher: Arc<Refresher>,
    /// Reads posts that came in.
    pub reloader: Reloader,
    contributors: Contributors,
    /// A permit for each address that is previewed.
    previews: Semaphore,
    in_progress: SourcesInProgress,
    /// The servers that the bot is in, as far as Discord has named them.
    servers: Mutex<BTreeSet<u64>>,
}

/// The sources that are being added, by their identities.
#[derive(Debug, Clone, Default)]
struct SourcesInProgress(Arc<Mutex<BTreeSet<String>>>);

/// A source that is being added, until this is dropped.
struct SourceInProgress {
    all: SourcesInProgress,
    identity: String,
}

impl SourcesInProgress {
    /// Notes that a source is being added; `None` if it is already.
    fn begin(&self, identity: &str) -> Option<SourceInProgress> {
        let is_new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(identity.to_owned());
        is_new.then(|| SourceInProgress { all: self.clone(), identity: identity.to_owned() })
    }
}

impl Drop for SourceInProgress {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.identity);
    }
}

impl SourceCommands {
    /// The commands over the sources of a refresher. Nothing is in progress, and no server is known.
    pub(crate) fn new(refresher: Arc<Refresher>, contributors: Contributors, reloader: Reloader) -> Self {
        Self {
            refresher,
            reloader,
            contributors,
            previews: Semaphore::new(MAX_PREVIEWS),
            in_progress: SourcesInProgress::default(),
            servers: Mutex::default(),
        }
    }

    /// The sources and their posts.
    pub(crate) fn library(&self) -> &Arc<Library> {
        self.refresher.library()
    }

    /// The caller, if they may change where posts come from.
    ///
    /// # Errors
    /// The reply for a caller who may not.
    pub(crate) fn contributor(&self, caller: Caller) -> Result<Moderator, Rejection> {
        let moderator = caller.moderator()?;
        let is_open = match self.contributors {
            Contributors::Moderators => true,
            Contributors::Nobody => false,
            // One corpus serves all servers: the moderators of one would decide for the others.
            Contributors::Auto => self.servers.lock().unwrap_or_else(PoisonError::into_inner).len() == 1,
        };
        if is_open { Ok(moderator) } else { Err(Rejection::Page(pages::recaps_closed())) }
    }

    /// Notes in which servers the bot is.
    pub(crate) fn change_servers(&self, change: impl FnOnce(&mut BTreeSet<u64>)) {
        change(&mut self.servers.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The address, if it may be fetched. Names are judged again when they are resolved.
    fn check_address(&self, typed: &str) -> Result<reqwest::Url, MessagePayload> {
        let url = parse_address(typed).map_err(|error| pages::address_refused(typed, &error.to_string()))?;
        let guard = self.refresher.fetcher().guard();
        guard.check_url(&url).map_err(|refusal| pages::address_refused(typed, &plain_refusal(&refusal)))?;
        Ok(url)
    }

    async fn preview_address(&self, url: &reqwest::Url, language: Language) -> MessagePayload {
        let fetcher = self.refresher.fetcher();
        let (found, site_feed) = match discover(fetcher, url, false).await {
            Ok(all) => match (all.found.into_iter().next(), all.problems.first()) {
                (None, Some(problem)) => return pages::address_failed(url.as_str(), problem),
                (found, _) => (found, all.site_feed),
            },
            Err(FetchError::Web(WebError::Refused(refusal))) => {
                return pages::address_refused(url.as_str(), &plain_refusal(&refusal));
            }
            Err(error) => return pages::address_failed(url.as_str(), &error.to_string()),
        };
        let Some(found) = found else { return pages::address_empty(url.as_str()) };
        let kind = found.kind;
        let listed = found.listing.entries.len();
        if listed > MAX_CONTRIBUTED_POSTS {
            return pages::source_too_large(found.url.as_str(), listed);
        }
        let source = new_source(&found.url, kind, None, language, fetcher.now());
        let (now, judged) = (fetcher.now(), source.clone());
        let judging = spawn_blocking(move || (Preview::new(&found, &judged, now), found));
        let Ok((preview, found)) = judging.await else {
            return pages::address_failed(url.as_str(), "it can't be judged");
        };
        let preview = preview.with_sample(&found, &source, fetcher).await;
        let FoundSource { listing, url, .. } = &found;
        let name = listing.title.as_deref().filter(|_| kind != SourceKind::Page);
        let site_feed = site_feed.as_ref().map(reqwest::Url::as_str);
        pages::source_found(&SourceFound { address: url.as_str(), kind, name, preview: &preview, site_feed })
    }

    /// Lists the sources.
    pub(crate) async fn list(&self, caller: Caller) -> CommandResult {
        self.contributor(caller)?;
        Ok(self.read_library(|library| pages::source_list(&library.rows().0)).await?)
    }

    /// Lists the posts that came in last.
    pub(crate) async fn list_recent(&self, caller: Caller) -> CommandResult {
        self.contributor(caller)?;
        Ok(self.read_library(|library| pages::recent_posts(&library.recent(RECENT_POSTS))).await?)
    }

    /// Lists the problems of the sources.
    pub(crate) async fn list_problems(&self, caller: Caller) -> CommandResult {
        self.contributor(caller)?;
        let page = self.read_library(|library| {
            let problems = problems_of_folders(library);
            pages::source_problems(&problems.into_iter().filter_map(public_problem).collect::<Vec<_>>())
        });
        Ok(page.await?)
    }

    /// What `/recaps remove` offers.
    pub(crate) async fn removable_choices(&self, typed: String) -> Result<Vec<Choice>, Failure> {
        self.read_library(move |library| pages::removable_choices(&library.rows().0, &typed)).await
    }

    /// Forgets who added sources, if it is this person. The sources stay.
    pub(crate) async fn forget_contributor(&self, person: u64) -> Result<u64, Rejection> {
        let forgotten = self.read_library(move |library| library.forget_contributor(person)).await??;
        Ok(forgotten as u64)
    }

    async fn read_library<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Library) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let library = Arc::clone(self.library());
        let reading = spawn_blocking(move || read(&library));
        Ok(reading.await.map_err(|_| WorkerPanic)?)
    }
}

impl Bot {
    /// Shows which posts of an address would come in.
    pub(crate) async fn show_source(
        &self,
        reply: &Reply,
        caller: Caller,
        typed: &str,
    ) -> Result<(), Failure> {
        let url = self
            .sources
            .contributor(caller)
            .and_then(|_| self.sources.check_address(typed).map_err(Rejection::Page));
        let limited = self.rate_limit_response(caller.person, caller.server);
        let url = match (url, limited) {
            (Ok(url), None) => url,
            (_, Some(refused)) => return send_response(self, reply, true, async { Ok(refused) }).await,
            (Err(rejection), None) => {
                let refused = async { into_response(CommandResult::Err(rejection)) };
                return send_response(self, reply, true, refused).await;
            }
        };
        let Ok(_preview) = self.sources.previews.try_acquire() else {
            return reply_privately(self, reply, pages::addresses_busy()).await;
        };
        reply.defer(&self.rest, true).await?;
        let preview = timeout(PREVIEW_TIMEOUT, self.sources.preview_address(&url, caller.language));
        let preview = self.capacity.before_stop(preview).await?;
        let page =
            preview.unwrap_or_else(|_| pages::address_failed(url.as_str(), "the site answers too slowly"));
        reply.send(&self.rest, &page.ephemeral(), &[]).await?;
        self.record_answer(reply.command(), Outcome::Static.name(), reply.received_at().elapsed());
        Ok(())
    }

    /// Adds the source whose address a message begins with. Waits a while for its posts.
    pub(crate) async fn add_source(&self, caller: Caller, kind: SourceKind, message: &str) -> CommandResult {
        let moderator = self.sources.contributor(caller)?;
        let Some(address) = pages::source_address(message) else { return Ok(pages::outdated_source()) };
        let url = self.sources.check_address(address).map_err(Rejection::Page)?;
        let now = self.sources.refresher.fetcher().now();
        let source = new_source(&url, kind, Some(moderator.caller.person), caller.language, now);
        // Each press would queue another reading of the whole source.
        let Some(in_progress) = self.sources.in_progress.begin(&source.identity()) else {
            return Ok(pages::source_being_read(&source.url));
        };
        let (source, is_known) =
            match self.sources.read_library(move |library| library.contribute(source)).await?? {
                Contribution::New(source) => (source, false),
                Contribution::Known(source) => (source, true),
                Contribution::Full => return Ok(pages::sources_full()),
            };
        tracing::info!(source = source.url, is_known, "a source was added on Discord");
        // It goes on after the reply, and after a restart, since the source stands in its list.
        let fetching = self.fetch_source(source.identity());
        let fetching = tokio::spawn(async move {
            let _in_progress = in_progress;
            fetching.await
        });
        let report = timeout(ADD_WAIT, fetching).await.ok().and_then(Result::ok);
        Ok(pages::source_added(&source.url, is_known, report.as_ref()))
    }

    /// Fetches a source and makes its posts answer.
    fn fetch_source(&self, identity: String) -> impl Future<Output = RefreshReport> + use<> {
        let (refresher, reloader, metrics) =
            (Arc::clone(&self.sources.refresher), self.sources.reloader.clone(), self.metrics.clone());
        let engine = self.engine().ok().cloned();
        async move {
            let only = vec![identity];
            let options = RefreshOptions { is_forced: true, only, waits: true, ..RefreshOptions::default() };
            let report = refresher.refresh(&options).await;
            count_posts(&metrics, &report);
            if let (true, Some(engine)) = (report.has_changes(), engine) {
                reloader.reload(&engine).await;
            }
            report
        }
    }

    /// Removes a post or a source. The reply says whether answers may still quote it, because the posts can't be read.
    pub(crate) async fn remove_recaps(&self, caller: Caller, name: String) -> CommandResult {
        self.sources.contributor(caller)?;
        let typed = name.clone();
        let removed = self.sources.read_library(move |library| library.remove(&typed, false)).await??;
        let Some(removed) = removed else { return Ok(pages::nothing_to_remove(&name)) };
        tracing::info!(?removed, "posts were removed on Discord");
        let is_unquoted = match self.engine() {
            Ok(engine) => self.sources.reloader.reload(engine).await,
            // The first reading may have met the file before it was removed.
            Err(_) => false,
        };
        Ok(pages::source_removed(&removed, is_unquoted))
    }

    /// Notifies those whose sources have failed for a day, once for each time that a source fails.
    pub(crate) async fn notify_contributors(&self) {
        let now = self.sources.refresher.fetcher().now();
        let failing =
            self.sources.read_library(move |library| library.claim_failing(now)).await.unwrap_or_default();
        for source in failing {
            let language =
                source.row.source.added_language.as_deref().map_or(Language::En, Language::from_tag);
            let reason = source.row.state.problem.as_deref().unwrap_or_default();
            let page = pages::source_failed(language, &source.row.source.url, source.since, reason);
            if let Err(error) = self.write_to(source.person, &page).await {
                tracing::warn!(%error, "who added a source could not be told that it fails");
                // A person who accepts no messages would accept none later.
                if error.is_transient() {
                    tokio::spawn(release_failing(Arc::clone(self.sources.library()), source));
                }
            }
        }
    }

    async fn write_to(&self, person: u64, page: &MessagePayload) -> Result<(), RestError> {
        let channel = open_direct_message(&self.rest, person).await?;
        self.rest.send(reqwest::Method::POST, Route::Messages { channel }, Some(page)).await.map(drop)
    }
}

fn new_source(
    url: &reqwest::Url,
    kind: SourceKind,
    person: Option<u64>,
    language: Language,
    now: jiff::Timestamp,
) -> Source {
    let mut source = Source::new(url.as_str(), kind, now);
    // Who names a post wants it, whatever it is about.
    source.about_events = kind != SourceKind::Page;
    source.added_by = person.map(|person| person.to_string());
    source.added_language = Some(language.code().to_owned());
    source
}

/// Releases a source whose contributor could not be notified. Its host is locked while it is refreshed, which may take
/// hours.
async fn release_failing(library: Arc<Library>, source: FailingSource) {
    let source = Arc::new(source);
    loop {
        let (library, source) = (Arc::clone(&library), Arc::clone(&source));
        if spawn_blocking(move || library.release_failing(&source)).await.unwrap_or(true) {
            return;
        }
        tokio::time::sleep(RELEASE_PAUSE).await;
    }
}

/// Why an address is not fetched, for people on Discord. They can't change the settings, and what the names of a private
/// network lead to is not for them; the log has it.
fn plain_refusal(refusal: &AddressRefusal) -> String {
    match refusal {
        AddressRefusal::Address(error) => error.to_string(),
        AddressRefusal::Port(port) => format!("port {port} is not fetched"),
        _ => "it is not on the public web".to_owned(),
    }
}

/// What people on Discord read of a problem. What is wrong with a folder on the machine is for the operator.
fn public_problem(found: SourceProblem) -> Option<String> {
    match found.source.as_str() {
        // Its text names folders of the machine.
        "" => Some(LIST_PROBLEM.to_owned()),
        source => parse_address(source).is_ok().then_some(found.problem.what),
    }
}

fn count_posts(metrics: &Metrics, report: &RefreshReport) {
    for (outcome, count) in report.outcome_counts() {
        metrics.count_source_posts(outcome, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_on_discord_are_not_told_what_a_private_network_has() {
        for inside in [
            AddressRefusal::LeadsInside([10, 1, 2, 3].into()),
            AddressRefusal::NotPublic([10, 1, 2, 3].into()),
            AddressRefusal::PrivateName("db.internal".into()),
            AddressRefusal::NoAddress,
        ] {
            assert_eq!(
                plain_refusal(&inside),
                "it is not on the public web",
                "a name that is not there, too"
            );
        }
        assert_eq!(plain_refusal(&AddressRefusal::Port(22)), "port 22 is not fetched");
    }

    #[test]
    fn a_source_is_added_once_at_a_time() {
        let all = SourcesInProgress::default();
        let first = all.begin("blog.example/feed.xml").expect("it is free");
        assert!(
            all.begin("blog.example/feed.xml").is_none() && all.begin("other.example/feed.xml").is_some()
        );
        drop(first);
        assert!(all.begin("blog.example/feed.xml").is_some());
    }

    #[test]
    fn problems_of_folders_of_the_machine_are_for_the_operator() {
        let told = |source: &str| {
            let what = format!("the source {source} can't be read: status 500");
            let problem =
                takeaways_corpus::Problem::warning("sources.toml", "source-failed", what, "look at it");
            public_problem(SourceProblem { source: source.to_owned(), since: None, added_by: None, problem })
        };
        assert_eq!(told("/srv/secret/site"), None);
        assert_eq!(told("").as_deref(), Some(LIST_PROBLEM));
        assert!(told("https://blog.example/feed.xml").is_some_and(|told| told.contains("status 500")));
    }
}
