//! Telling whoever made a digest what became of it, by direct message.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::clock::Clock;
use super::mail::{Mail, Trouble};
use crate::deadline::Deadline;
use takeaways_digest::{Delivery, PauseReason, Subscription, Target};
use takeaways_render::discord::{self as pages, Page};

/// How long a message to a person may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tells who made a digest that it is paused. `after` is the run that was the last straw: told of it twice within minutes,
/// Discord shows it once.
pub async fn paused(
    mail: &impl Mail,
    clock: &Clock,
    of: &Subscription,
    after: &Delivery,
    reason: PauseReason,
) {
    // Who takes no messages is told in the next answer that they see.
    if reason == PauseReason::DirectMessagesClosed {
        return;
    }
    let page = pages::digest_paused(of.id, of.wanted.target, reason);
    tell(mail, clock, of.wanted.made_by, &page, format!("p{}", after.key)).await;
}

/// Tells who made a digest that nobody knows whether it was posted.
pub async fn unknown(mail: &impl Mail, clock: &Clock, of: &Subscription, delivery: &Delivery) {
    let to = match of.wanted.target {
        Target::Person(person) => person,
        Target::Channel { .. } => of.wanted.made_by,
    };
    tell(mail, clock, to, &pages::digest_unknown(delivery), format!("u{}", delivery.key)).await;
}

async fn tell(mail: &impl Mail, clock: &Clock, person: u64, page: &Page, nonce: String) {
    takeaways_faults::pass("digest.tell.before");
    let told = async {
        let channel = mail.open(person).await?;
        let mut body = json!(page);
        body["nonce"] = nonce.into();
        body["enforce_nonce"] = true.into();
        let until = clock.now().saturating_add(PATIENCE).unwrap_or(clock.now());
        let deadline = Deadline::new(clock, until, Instant::now(), PATIENCE);
        mail.post(channel, body.to_string(), &deadline).await
    };
    let told: Result<u64, Trouble> = told.await;
    takeaways_faults::pass("digest.tell.after");
    if let Err(trouble) = told {
        tracing::info!(?trouble, "who made a digest could not be told privately");
    }
}
