//! Sends what is written down: claims it, finds out what became of earlier attempts, hands it over, writes down the end.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::fresh::Fresh;
use super::history::{self, Found};
use super::mail::{Mail, Trouble};
use super::patience;
use super::writer::Writer;
use super::{Digests, PROGRESS, Round};
use crate::deadline::Deadline;
use takeaways_digest::{Delivery, Place, Reason, UNNOTICED_DELAY};
use takeaways_render::discord::said_late;
use takeaways_store::{Claim, StoreError};

/// How long a claim holds.
const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How long after the claim a request may begin. It takes at most ten seconds: whoever is cut off from the state is silent
/// before its claim is over.
const TO_BEGIN: Duration = Duration::from_secs(8);
/// So many are under way at once.
const AT_ONCE: usize = 8;
/// After so many in a row that Discord did not answer it is left alone until the next round.
const AWAY: u32 = 16;
/// How long after it was handed over for the first time Discord surely still knows a message by its nonce: of "a few
/// minutes" it speaks.
pub(super) const NONCE_HOLDS: SignedDuration = SignedDuration::from_secs(60);

/// What became of deliveries in a round.
#[derive(Debug, Default)]
pub struct Tally {
    fresh: Fresh<takeaways_digest::DeliveryId>,
    pub(super) empty: u32,
    sent: u32,
    open: u32,
    failed: u32,
    /// In a row without an answer.
    unanswered: u32,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is there.
    Sent,
    /// It is over, and was not sent, or nobody knows.
    Failed,
    /// It is tried again later.
    Later,
    /// The same, and Discord did not answer.
    Unanswered,
    /// Another has it.
    Others,
}

impl Tally {
    fn add(&mut self, end: End) {
        self.unanswered = if end == End::Unanswered { self.unanswered + 1 } else { 0 };
        match end {
            End::Sent => self.sent += 1,
            End::Failed => self.failed += 1,
            End::Later | End::Unanswered => self.open += 1,
            End::Others => {}
        }
    }

    fn is_away(&self) -> bool {
        self.unanswered >= AWAY
    }

    pub(super) fn round(&self) -> Round {
        Round { sent: self.sent, empty: self.empty, open: self.open, failed: self.failed }
    }
}

/// A claim with the time in which its request may begin.
struct Held {
    claim: Claim,
    deadline: Deadline,
}

impl<M: Mail, W: Writer> Digests<M, W> {
    /// Sends what is to be sent now, each once, in the order of its time.
    pub(super) async fn deliver(
        &self,
        tally: &mut Tally,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        let mut told = Instant::now();
        let mut running = FuturesUnordered::new();
        let mut first_error = None;
        loop {
            let open = self.store.open_deliveries(self.now(), tally.fresh.limit()).await?;
            let Some(open) = tally.fresh.of(open, |delivery| delivery.id) else { break };
            for delivery in open {
                if *stop.borrow() || tally.is_away() || first_error.is_some() {
                    break;
                }
                running.push(self.one(delivery));
                while running.len() >= AT_ONCE {
                    note(running.next().await, tally, &mut first_error);
                }
                if told.elapsed() >= PROGRESS {
                    told = Instant::now();
                    tracing::info!(sent = tally.sent, later = tally.open, "digests are being sent");
                }
            }
            if *stop.borrow() || tally.is_away() || first_error.is_some() {
                break;
            }
        }
        while !running.is_empty() {
            note(running.next().await, tally, &mut first_error);
        }
        first_error.map_or(Ok(()), Err)
    }

    /// One delivery, from its claim to what becomes of it.
    async fn one(&self, delivery: Delivery) -> Result<End, StoreError> {
        let (now, since) = (self.now(), Instant::now());
        let is_too_late = self.is_too_late(&delivery, now).await?;
        takeaways_faults::pass("digest.claim.before");
        let Some(claim) = self.store.claim(delivery.id, now, LEASE).await? else { return Ok(End::Others) };
        takeaways_faults::pass("digest.claim.after");
        drop(delivery);
        let held = self.held(claim, since);
        if !held.claim.may_be_there {
            return self.hand_over(held, is_too_late).await;
        }
        let sending_since = held.claim.delivery.sending_since.unwrap_or(now);
        let age = now.duration_since(sending_since);
        match (SignedDuration::ZERO..NONCE_HOLDS).contains(&age) {
            // Discord knows the nonce, so that nothing can be there twice.
            true if !is_too_late => self.send(held).await,
            // It may still be on its way.
            true => {
                let ripe = sending_since.saturating_add(NONCE_HOLDS + SignedDuration::from_secs(1));
                self.release(&held.claim, false, ripe.unwrap_or(now), End::Later).await
            }
            false => self.find_out(held, sending_since, is_too_late).await,
        }
    }

    /// Looks in the channel whether it is there, and sends it where it surely is not.
    async fn find_out(
        &self,
        held: Held,
        sending_since: Timestamp,
        is_too_late: bool,
    ) -> Result<End, StoreError> {
        let Held { claim, .. } = held;
        let found = async {
            let channel = self.channel(&claim.delivery).await?;
            let place = (claim.delivery.target.server(), channel);
            history::find(&self.mail, place, claim.delivery.key, sending_since, self.now()).await
        };
        match found.await {
            Ok(Found::There(message)) => self.sent(&claim, message).await,
            Ok(Found::Absent) => {
                let (now, since) = (self.now(), Instant::now());
                takeaways_faults::pass("digest.absent.before");
                let Some(claim) = self.store.absent(&claim, now).await? else { return Ok(End::Others) };
                takeaways_faults::pass("digest.absent.after");
                self.hand_over(self.held(claim, since), is_too_late).await
            }
            // What nobody sees any more can't be posted twice.
            Err(Trouble::Refused(Reason::NoChannel)) => self.failed(&claim, Reason::NoChannel).await,
            Ok(Found::TooMany | Found::Hidden) | Err(Trouble::Refused(_)) => self.unknown(&claim).await,
            Err(Trouble::Lost) => self.later(&claim, false, None, End::Unanswered).await,
            Err(Trouble::NotNow(wait)) => self.later(&claim, false, wait, End::Unanswered).await,
        }
    }

    /// Sends what Discord surely does not have, where it is not too late for that.
    async fn hand_over(&self, held: Held, is_too_late: bool) -> Result<End, StoreError> {
        if is_too_late {
            return self.failed(&held.claim, Reason::Unreachable).await;
        }
        self.send(held).await
    }

    async fn send(&self, held: Held) -> Result<End, StoreError> {
        let Held { claim, deadline } = held;
        let posted = async {
            let channel = self.channel(&claim.delivery).await?;
            if deadline.is_over() {
                return Err(Trouble::NotNow(None));
            }
            takeaways_faults::pass("digest.send.before");
            let posted = self.mail.post(channel, message(&claim.delivery, self.now()), &deadline).await;
            takeaways_faults::pass("digest.send.after");
            posted
        };
        let may_be_there = claim.may_be_there;
        match posted.await {
            Ok(message) => self.sent(&claim, message).await,
            Err(Trouble::Lost) => self.later(&claim, false, None, End::Unanswered).await,
            Err(Trouble::NotNow(wait)) => self.later(&claim, !may_be_there, wait, End::Unanswered).await,
            // This attempt was refused, but an earlier one may not have been: that is found out when it is old enough.
            Err(Trouble::Refused(_)) if may_be_there => {
                let wait = Duration::from_secs(61);
                self.later(&claim, false, Some(wait), End::Later).await
            }
            Err(Trouble::Refused(reason)) => self.failed(&claim, reason).await,
        }
    }

    fn held(&self, claim: Claim, since: Instant) -> Held {
        let deadline = Deadline::new(&self.clock, claim.until, since, TO_BEGIN);
        Held { claim, deadline }
    }

    /// Where a message goes. That somebody can't be written to is known here already; a request that is lost here did
    /// nothing.
    async fn channel(&self, delivery: &Delivery) -> Result<u64, Trouble> {
        match delivery.target.place() {
            Place::Channel(channel) => Ok(channel),
            Place::Person(person) => self.mail.open(person).await.map_err(|trouble| match trouble {
                Trouble::Lost => Trouble::NotNow(None),
                trouble => trouble,
            }),
        }
    }

    async fn later(
        &self,
        claim: &Claim,
        is_refused: bool,
        wait: Option<Duration>,
        end: End,
    ) -> Result<End, StoreError> {
        let wait = patience::after(claim.delivery.attempts).max(wait.unwrap_or_default());
        let now = self.now();
        self.release(claim, is_refused, now.saturating_add(wait).unwrap_or(now), end).await
    }

    async fn release(
        &self,
        claim: &Claim,
        is_refused: bool,
        not_before: Timestamp,
        end: End,
    ) -> Result<End, StoreError> {
        let Delivery { id, subscription, attempts, .. } = &claim.delivery;
        tracing::info!(
            delivery = id.0,
            %subscription,
            attempts,
            is_refused,
            %not_before,
            "a digest could not be sent now and is tried again"
        );
        takeaways_faults::pass("digest.release.before");
        self.store.release(claim, is_refused, not_before).await?;
        takeaways_faults::pass("digest.release.after");
        Ok(end)
    }
}

/// The message, with what Discord knows it by; and with how late it is, where it was not known when it was written.
fn message(delivery: &Delivery, now: Timestamp) -> String {
    let body = delivery.body.as_deref().unwrap_or("{}");
    let mut body: Value = serde_json::from_str(body).unwrap_or_default();
    let is_late = now.duration_since(delivery.slot) > UNNOTICED_DELAY && !delivery.is_late;
    if let Some(content) = body["content"].as_str().filter(|_| is_late) {
        body["content"] = said_late(content, &delivery.key.footer(), delivery.slot).into();
    }
    body["nonce"] = delivery.key.nonce().into();
    body["enforce_nonce"] = true.into();
    body.to_string()
}

fn note(ended: Option<Result<End, StoreError>>, tally: &mut Tally, first_error: &mut Option<StoreError>) {
    match ended {
        Some(Ok(end)) => tally.add(end),
        Some(Err(error)) => {
            first_error.get_or_insert(error);
        }
        None => {}
    }
}
