//! Compares the ledger with a small model, over random sequences of operations.

use jiff::Timestamp;
use proptest::prelude::*;
use takeaways_digest::{
    Delivery, DeliveryReason, DeliveryState, PauseReason, SubscriptionId, SubscriptionStatus,
};
use takeaways_store::{Claim, Store, SubscriptionChanges};

use super::state::*;

/// An operation. Numbers select among the existing objects.
#[derive(Debug, Clone)]
enum Step {
    Plan {
        is_empty: bool,
    },
    Claim(usize),
    Sent(usize),
    Failed(usize),
    Unknown(usize),
    Absent(usize),
    Release(usize, bool),
    Wait(i64),
    Pause,
    Resume,
    Change,
    /// The process ends, and another one starts.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = any::<usize>;
    let step = prop_oneof![
        4 => any::<bool>().prop_map(|is_empty| Step::Plan { is_empty }),
        6 => which().prop_map(Step::Claim),
        3 => which().prop_map(Step::Sent),
        2 => which().prop_map(Step::Failed),
        1 => which().prop_map(Step::Unknown),
        1 => which().prop_map(Step::Absent),
        3 => (which(), any::<bool>()).prop_map(|(which, is_refused)| Step::Release(which, is_refused)),
        4 => (0..20_i64).prop_map(Step::Wait),
        1 => Just(Step::Pause),
        1 => Just(Step::Resume),
        1 => Just(Step::Change),
        2 => Just(Step::Restart),
    ];
    proptest::collection::vec(step, 1..60)
}

/// A row of the model.
#[derive(Debug, Clone)]
struct ModelRow {
    state: DeliveryState,
    reason: Option<DeliveryReason>,
    epoch: i64,
    /// The process with the claim.
    process: u32,
    lease: i64,
    not_before: i64,
    since: Option<i64>,
    slot: i64,
}

/// A claim that a process holds, or believes to hold.
struct ModelClaim {
    claim: Claim,
    row: usize,
}

#[derive(Default)]
struct Model {
    rows: Vec<ModelRow>,
    now: i64,
    process: u32,
    failures: u32,
    covered: i64,
    is_paused: bool,
}

impl Model {
    fn is_free(&self, row: usize) -> bool {
        let row = &self.rows[row];
        match row.state {
            DeliveryState::Planned => row.not_before <= self.now,
            DeliveryState::Sending => row.lease <= self.now || row.process != self.process,
            _ => false,
        }
    }

    fn is_good(&self, held: &ModelClaim) -> bool {
        let row = &self.rows[held.row];
        row.state == DeliveryState::Sending && row.epoch == held.claim.delivery.epoch
    }

    fn give_up(&mut self, reason: DeliveryReason) {
        let open = |row: &&mut ModelRow| row.state == DeliveryState::Planned && row.since.is_none();
        for row in self.rows.iter_mut().filter(open) {
            (row.state, row.reason) = (DeliveryState::Skipped, Some(reason));
        }
    }
}

/// The store beside the model.
struct StoreAndModel {
    state: TestState,
    store: Store,
    id: SubscriptionId,
    deliveries: Vec<Delivery>,
    held: Vec<ModelClaim>,
    model: Model,
}

impl StoreAndModel {
    async fn new() -> Self {
        let state = TestState::sqlite();
        let store = state.open().await;
        let id = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made").id;
        Self { state, store, id, deliveries: Vec::new(), held: Vec::new(), model: Model::default() }
    }

    fn now(&self) -> Timestamp {
        at(self.model.now)
    }

    async fn plan(mut self, is_empty: bool) -> Self {
        self.model.now += 1;
        let found = self.store.find_subscription(self.id).await.expect("read").expect("there");
        let mut plan = run_of(&self.store, &found, self.now());
        plan.message.covers = self.model.now;
        if is_empty {
            plan.message.body = None;
        }
        let planned = self.store.plan(plan, found.decided_until, self.now(), None, self.now()).await;
        let planned = planned.expect("written");
        assert_eq!(planned.is_none(), self.model.is_paused);
        if let Some(planned) = planned {
            self.deliveries.push(planned);
            let state = if is_empty { DeliveryState::Empty } else { DeliveryState::Planned };
            let (reason, since, now) = (None, None, self.model.now);
            let row =
                ModelRow { state, reason, epoch: 0, process: 0, lease: 0, not_before: now, since, slot: now };
            self.model.rows.push(row);
            if is_empty {
                self.model.covered = self.model.now;
            }
        }
        self
    }

    async fn claim(&mut self, which: usize) {
        let Some(row) = which.checked_rem(self.deliveries.len()) else { return };
        let claim = self.store.claim(self.deliveries[row].id, self.now(), LEASE).await.expect("written");
        assert_eq!(claim.is_some(), self.model.is_free(row), "{:?}", self.model.rows[row]);
        let Some(claim) = claim else { return };
        let (now, process) = (self.model.now, self.model.process);
        let model = &mut self.model.rows[row];
        assert_eq!(claim.may_be_posted, model.since.is_some());
        assert_eq!(claim.delivery.body, self.deliveries[row].body, "what is sent is what was planned");
        (model.state, model.epoch, model.process) = (DeliveryState::Sending, model.epoch + 1, process);
        (model.lease, model.since) = (now + 15, model.since.or(Some(now)));
        self.held.push(ModelClaim { claim, row });
    }

    /// Operates with one of all claims so far.
    async fn apply_to_claim(&mut self, which: usize, step: &Step) {
        let Some(which) = which.checked_rem(self.held.len()) else { return };
        let now = self.now();
        let is_good = self.model.is_good(&self.held[which]);
        let held = &mut self.held[which];
        let epoch = held.claim.delivery.epoch;
        let model = &mut self.model.rows[held.row];
        let is_again = |state| model.epoch == epoch && model.state == state;
        match step {
            Step::Sent(_) => {
                let is_again = is_again(DeliveryState::Sent);
                assert_eq!(
                    self.store.record_sent(&held.claim, 1, now).await.expect("written"),
                    is_good || is_again
                );
            }
            Step::Unknown(_) => {
                let is_again = is_again(DeliveryState::Unknown);
                assert_eq!(
                    self.store.record_unknown(&held.claim, now).await.expect("written"),
                    is_good || is_again
                );
            }
            Step::Failed(_) => {
                let is_again = is_again(DeliveryState::Failed);
                let failed = self
                    .store
                    .record_failed(&held.claim, DeliveryReason::Refused, now)
                    .await
                    .expect("written");
                let counted = self.model.failures + u32::from(is_good);
                assert_eq!(failed, (is_good || is_again).then_some(counted));
            }
            Step::Absent(_) => {
                let absent = self.store.record_absent(&held.claim, now).await.expect("written");
                assert_eq!(absent.is_some(), is_good);
                if let Some(absent) = absent {
                    held.claim = absent;
                    (model.since, model.lease) = (Some(self.model.now), model.lease.max(self.model.now + 15));
                }
                return;
            }
            Step::Release(_, is_refused) => {
                let later = at(self.model.now + 3);
                let released = self.store.release(&held.claim, *is_refused, later).await.expect("written");
                assert_eq!(released, is_good);
                if is_good {
                    (model.state, model.not_before) = (DeliveryState::Planned, self.model.now + 3);
                    if *is_refused && !held.claim.may_be_posted {
                        model.since = None;
                    }
                }
                return;
            }
            _ => return,
        }
        if is_good {
            let covers = model.slot;
            (model.state, model.reason) = match step {
                Step::Sent(_) => (DeliveryState::Sent, None),
                Step::Unknown(_) => (DeliveryState::Unknown, Some(DeliveryReason::HistoryUnreadable)),
                _ => (DeliveryState::Failed, Some(DeliveryReason::Refused)),
            };
            match step {
                Step::Failed(_) => self.model.failures += 1,
                _ => self.model.covered = self.model.covered.max(covers),
            }
            if matches!(step, Step::Sent(_)) {
                self.model.failures = 0;
            }
        }
    }

    async fn apply_to_subscription(&mut self, step: &Step) {
        self.model.now += 1;
        match step {
            Step::Pause => {
                let was_active =
                    self.store.pause(self.id, PauseReason::Refused, None, self.now()).await.expect("written");
                assert_eq!(was_active, !self.model.is_paused);
                if was_active {
                    self.model.give_up(DeliveryReason::Paused);
                }
                self.model.is_paused = true;
            }
            Step::Resume => {
                let was_paused = self.store.resume(self.id, self.now()).await.expect("written");
                assert_eq!(was_paused, self.model.is_paused);
                if was_paused {
                    (self.model.is_paused, self.model.failures) = (false, 0);
                }
            }
            _ => {
                let changes = SubscriptionChanges {
                    zone: Some("Europe/Berlin".parse().expect("a zone")),
                    ..SubscriptionChanges::default()
                };
                self.store.change(7, self.id, changes, self.now()).await.expect("written").expect("there");
                self.model.give_up(DeliveryReason::Changed);
            }
        }
    }

    async fn step(mut self, step: &Step) -> Self {
        match step {
            Step::Plan { is_empty } => return self.plan(*is_empty).await,
            Step::Claim(which) => self.claim(*which).await,
            Step::Wait(seconds) => self.model.now += seconds,
            Step::Pause | Step::Resume | Step::Change => self.apply_to_subscription(step).await,
            Step::Sent(which)
            | Step::Failed(which)
            | Step::Unknown(which)
            | Step::Absent(which)
            | Step::Release(which, _) => self.apply_to_claim(*which, step).await,
            Step::Restart => {
                let Self { state, store, id, deliveries, held, mut model } = self;
                drop(store);
                model.process += 1;
                let store = state.open().await;
                return Self { state, store, id, deliveries, held, model };
            }
        }
        self
    }

    async fn compare(&self) {
        let mut log = self.store.recent_runs(self.id, 1_000).await.expect("read");
        log.reverse();
        let rows = log.iter().map(|row| (row.state, row.reason, row.epoch, row.sending_since));
        let model = self.model.rows.iter().map(|row| (row.state, row.reason, row.epoch, row.since.map(at)));
        assert!(rows.eq(model), "{log:?}\n{:?}", self.model.rows);
        let open = self.store.open_deliveries(self.now()).await.expect("read");
        let free = (0..self.deliveries.len()).filter(|row| self.model.is_free(*row));
        assert!(open.iter().map(|row| row.id).eq(free.map(|row| self.deliveries[row].id)));
        let found = self.store.find_subscription(self.id).await.expect("read").expect("there");
        assert_eq!((found.failures, found.covered_until), (self.model.failures, self.model.covered));
        assert_eq!(found.status != SubscriptionStatus::Active, self.model.is_paused);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn f03_the_ledger_is_what_the_model_says(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut both = StoreAndModel::new().await;
            for step in &steps {
                both = both.step(step).await;
                both.compare().await;
            }
            assert_eq!(both.store.check().await.expect("read").problems, Vec::<String>::new());
        });
    }
}
