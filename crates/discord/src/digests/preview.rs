//! What a digest would hold now, and what it would leave out.

use std::sync::Arc;

use jiff::Timestamp;

use super::press::{Press, Stock};
use super::writer::{Writer, WriterError};
use takeaways_answer::verify_quotes;
use takeaways_digest::{Composed, LeftOut, Subscription, Why, Window, compose, passed_over};
use takeaways_render::discord::{self as pages, DigestPages};
use takeaways_store::Store;

/// Stands in the place of what names a delivery.
const FOOTER: &str = "preview";

/// A digest that is not sent.
#[derive(Debug)]
pub struct Preview {
    /// The message and what its buttons show; `None` where nothing is new.
    pub pages: Option<DigestPages>,
    /// The posts that it does not hold, or not in the message itself.
    pub left_out: Vec<LeftOut>,
}

impl Press {
    /// What a digest would hold now, with each quote compared with its post.
    ///
    /// # Errors
    /// Where the posts or the state can't be read.
    pub async fn preview(
        &self,
        store: &Store,
        subscription: &Subscription,
        now: Timestamp,
    ) -> Result<Preview, WriterError> {
        self.take_in(store, now, false).await?;
        let subscription = subscription.clone();
        self.with_stock(move |stock| stock.preview(&subscription, now)).await
    }
}

impl Stock {
    fn preview(&self, subscription: &Subscription, now: Timestamp) -> Result<Preview, WriterError> {
        let (window, interests) = (Window::of(subscription, now), &subscription.wanted.interests);
        let Composed { digest, mut left_out } = compose(&self.entries, interests, &window);
        if let Some(digest) = &digest {
            let index = self.snapshot.engine().index();
            verify_quotes(digest.quotes(), index).map_err(|error| WriterError::Posts(error.into()))?;
        }
        let pages = digest.as_ref().map(|digest| pages::digest(digest, FOOTER, None));
        let hidden = pages.iter().flat_map(|pages| &pages.hidden);
        left_out.extend(hidden.filter_map(|hidden| {
            Some(LeftOut { recap: Arc::clone(self.posts.find(hidden)?), why: Why::BehindButton })
        }));
        left_out.extend(passed_over(&self.entries, interests, &window));
        left_out.extend(self.posts.all().iter().filter_map(|recap| LeftOut::not_out(recap, now)));
        Ok(Preview { pages, left_out })
    }
}
