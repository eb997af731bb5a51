//! Reads changed posts while the bot runs, and reports the outcome.

use std::sync::Arc;

use takeaways_answer::EngineHandle;
use takeaways_ops::{Health, Metrics};

/// The health problem if changed posts can't be read.
const POSTS_UNREADABLE: &str = "the posts can't be read; answers come from the posts read before";
/// The health problem if some files or folders can't be read.
const SOME_UNREADABLE: &str = "some posts can't be read; what was read of them before stays";
/// The health problem of an empty corpus.
const NO_POSTS: &str = "there are no posts to answer from";

/// Reads changed posts, and reports the result to metrics and health.
#[derive(Debug, Clone)]
pub struct Reloader {
    metrics: Metrics,
    health: Health,
}

impl Reloader {
    /// A reloader that reports to these.
    pub fn new(metrics: Metrics, health: Health) -> Self {
        Self { metrics, health }
    }

    /// Reports posts that were just read for the first time. `all_read` says whether all of them could be read.
    pub fn report_first(&self, engine: &EngineHandle, all_read: bool) {
        self.health.set_problem(SOME_UNREADABLE, !all_read);
        self.report_posts(engine);
    }

    /// Reads changed posts. Returns whether all could be read: what could not be read stays as it was.
    pub async fn reload(&self, engine: &Arc<EngineHandle>) -> bool {
        let reloading = Arc::clone(engine);
        let reloaded = tokio::task::spawn_blocking(move || reloading.reload()).await;
        self.health.set_problem(POSTS_UNREADABLE, !matches!(reloaded, Ok(Ok(_))));
        match reloaded {
            Ok(Ok(reload)) => {
                self.health.set_problem(SOME_UNREADABLE, !reload.unread.is_empty());
                self.metrics.count_reload(reload.outcome());
                if reload.is_changed {
                    let posts = self.report_posts(engine);
                    tracing::info!(posts, "changed posts were read");
                }
                reload.unread.is_empty()
            }
            Ok(Err(error)) => {
                self.metrics.count_reload("failed");
                tracing::error!(%error, "{POSTS_UNREADABLE}");
                false
            }
            Err(_) => {
                self.metrics.count_reload("failed");
                tracing::error!("reading the posts panicked; answers come from the posts read before");
                false
            }
        }
    }

    /// Reports the number of posts. An empty corpus is a health problem, because nothing would be found.
    fn report_posts(&self, engine: &EngineHandle) -> u64 {
        let posts = engine.snapshot().engine().index().posts();
        self.metrics.set_posts(posts);
        self.health.set_problem(NO_POSTS, posts == 0);
        posts
    }
}
