//! What is kept of people: answers for their buttons and for conversations, follows, and pauses.

use takeaways_digest::{Interest, NewSubscription, PauseReason, Target, Zone};
use takeaways_store::{KeptAnswer, StoreError, SubscriptionChanges, ZoneOwner};

use super::state::*;

const CHANNEL_ID: u64 = 5;
const ADA: u64 = u64::MAX - 7;
const HOUR: i64 = 60 * 60;

fn answer(number: u64, person: u64, asked_at: i64) -> KeptAnswer {
    KeptAnswer {
        number,
        channel: CHANNEL_ID,
        server: Some(7),
        person,
        asked_at: at(asked_at),
        question: Some(format!("question {number}")),
        turn: "{}".into(),
    }
}

on_both! {
    async fn an_answer_is_found_by_its_number_for_a_month(state: TestState) {
        let store = state.open().await;
        let kept = answer(u64::MAX, ADA, 0);
        store.save_answer(&kept).await.expect("written");
        assert_eq!(store.find_answer(u64::MAX, at(0)).await.expect("read"), Some(kept.clone()));
        assert_eq!(store.find_answer(1, at(0)).await.expect("read"), None);
        let month = 30 * 24 * HOUR;
        assert_eq!(store.find_answer(u64::MAX, at(month)).await.expect("read"), Some(kept));
        assert_eq!(store.find_answer(u64::MAX, at(month + 1)).await.expect("read"), None);
    }

    async fn the_words_of_a_question_go_and_its_answer_stays(state: TestState) {
        let store = state.open().await;
        store.save_answer(&answer(1, ADA, 0)).await.expect("written");
        store.save_answer(&answer(2, ADA, HOUR)).await.expect("written");
        store.save_answer(&answer(3, 4, HOUR)).await.expect("written");
        let last = store.find_last_answer(CHANNEL_ID, ADA, at(0)).await.expect("read");
        assert_eq!(last.map(|kept| kept.number), Some(2));
        assert_eq!(store.find_last_answer(CHANNEL_ID + 1, ADA, at(0)).await.expect("read"), None);
        assert_eq!(store.find_last_answer(CHANNEL_ID, ADA, at(2 * HOUR)).await.expect("read"), None);
        store.remove_old_answers(at(2 * HOUR), at(HOUR)).await.expect("written");
        let words = |kept: Option<KeptAnswer>| kept.expect("an answer").question;
        assert_eq!(words(store.find_answer(1, at(HOUR)).await.expect("read")), None);
        assert!(words(store.find_answer(2, at(HOUR)).await.expect("read")).is_some());
        store.end_conversation(CHANNEL_ID, ADA).await.expect("written");
        assert_eq!(store.find_last_answer(CHANNEL_ID, ADA, at(0)).await.expect("read"), None);
        assert!(words(store.find_answer(3, at(HOUR)).await.expect("read")).is_some(), "somebody else's stays");
        store.remove_old_answers(at(31 * 24 * HOUR), at(31 * 24 * HOUR)).await.expect("written");
        assert_eq!(store.find_answer(2, at(HOUR)).await.expect("read"), None);
        assert_eq!(store.check().await.expect("read").problems, [""; 0]);
    }

    async fn the_last_ten_questions_of_a_conversation_keep_their_words(state: TestState) {
        let store = state.open().await;
        for number in 1..=12 {
            store.save_answer(&answer(number, ADA, i64::try_from(number).expect("small"))).await.expect("written");
        }
        for (number, has_words) in [(1, false), (2, false), (3, true), (12, true)] {
            let kept = store.find_answer(number, at(20)).await.expect("read").expect("an answer");
            assert_eq!(kept.question.is_some(), has_words, "{number}");
        }
    }
}

const FOLLOWER: Target = Target::Person(u64::MAX - 7);

fn topic(name: &str) -> Interest {
    Interest { topic: Some(name.into()), ..Interest::default() }
}

fn follow(name: &str) -> NewSubscription {
    NewSubscription { interests: vec![topic(name)], ..new_subscription(FOLLOWER) }
}

on_both! {
    async fn a_person_follows_until_they_do_not(state: TestState) {
        let store = state.open().await;
        let person = u64::MAX - 7;
        let (subscription, is_new) = store.follow(follow("a"), 2).await.expect("written");
        assert!(is_new);
        let (same, is_new) = store.follow(follow("a"), 2).await.expect("read");
        assert!(!is_new && same.id == subscription.id);
        let (both, _) = store.follow(follow("b"), 2).await.expect("written");
        assert_eq!(both.definition.interests, [topic("a"), topic("b")]);
        assert!(matches!(store.follow(follow("c"), 2).await, Err(StoreError::TooMany(2))));
        let daily = SubscriptionChanges { schedule: Some("daily at 07:00".parse().expect("a schedule")), ..SubscriptionChanges::default() };
        let changed = store.change_by_person(person, daily, at(5)).await.expect("written").expect("there");
        assert_eq!(store.find_by_person(person).await.expect("read"), Some(changed));
        assert_eq!(store.list_by_server(7).await.expect("read"), []);
        assert_eq!(store.unfollow(person, &topic("z"), at(6)).await.expect("read"), None);
        assert_eq!(store.unfollow(person, &topic("a"), at(6)).await.expect("written"), Some(vec![topic("b")]));
        assert_eq!(store.unfollow(person, &topic("b"), at(6)).await.expect("written"), Some(vec![]));
        assert_eq!(store.find_by_person(person).await.expect("read"), None);
    }

    async fn the_zone_that_was_named_last_is_kept_until_its_owner_is_gone(state: TestState) {
        let store = state.open().await;
        let (server, person) = (ZoneOwner::Server(7), ZoneOwner::Person(7));
        let zone = |name: &str| name.parse::<Zone>().expect("a zone");
        assert_eq!(store.find_zone(server).await.expect("read"), None);
        for name in ["Europe/Berlin", "Asia/Tokyo"] {
            store.save_zone(server, &zone(name)).await.expect("written");
            assert_eq!(store.find_zone(server).await.expect("read"), Some(zone(name)));
        }
        assert_eq!(store.find_zone(person).await.expect("read"), None, "a server is no person");
        store.save_zone(person, &zone("UTC")).await.expect("written");
        store.record_server_left(7, at(1)).await.expect("written");
        assert_eq!(store.find_zone(server).await.expect("read"), None);
        assert_eq!(store.forget_person(7).await.expect("written").zones, 1, "the zone was there");
        assert_eq!(store.find_zone(person).await.expect("read"), None);
    }

    async fn a21_a_person_who_is_forgotten_is_in_no_row(state: TestState) {
        let store = state.open().await;
        let person = u64::MAX - 7;
        let (subscription, _) = store.follow(follow("a"), 9).await.expect("written");
        let run = planned(&store, subscription.id, at(10)).await;
        let claim = claimed(&store, run.id, at(10)).await;
        let mut of_channel = new_subscription(CHANNEL);
        of_channel.made_by = person;
        let channel = store.subscribe(of_channel, 9).await.expect("it is made");
        assert_eq!(store.forget_person(person).await.expect("written").follows, 1);
        assert!(store.forget_person(person).await.expect("written").is_empty());
        assert_eq!(store.find_by_person(person).await.expect("read"), None);
        assert_eq!(store.recent_runs(subscription.id, 9).await.expect("read"), []);
        assert_eq!(store.find_subscription(channel.id).await.expect("read").expect("there").definition.made_by, 0);
        assert!(!store.record_sent(&claim, 1, at(11)).await.expect("read"), "nothing of it is left");
    }

    async fn a_person_is_told_of_each_pause_once(state: TestState) {
        let store = state.open().await;
        let closed = PauseReason::DirectMessagesClosed;
        let (own, _) = store.follow(follow("a"), 9).await.expect("written");
        let Target::Person(person) = own.definition.target else { panic!("a person follows") };
        let untold = async || store.find_untold_pause(person).await.expect("read").map(|paused| paused.id);
        assert_eq!(untold().await, None);
        store.pause(own.id, PauseReason::Refused, None, at(1)).await.expect("written");
        assert_eq!(untold().await, None, "they got a message");
        store.resume(own.id, at(2)).await.expect("written");
        store.pause(own.id, closed, None, at(3)).await.expect("written");
        assert_eq!(untold().await, Some(own.id));
        assert_eq!(store.find_untold_pause(person - 1).await.expect("read"), None);
        store.record_pause_told(own.id, at(1)).await.expect("written");
        assert_eq!(untold().await, Some(own.id), "they were told of another one");
        store.record_pause_told(own.id, at(3)).await.expect("written");
        assert_eq!(untold().await, None);
        store.resume(own.id, at(4)).await.expect("written");
        store.pause(own.id, closed, None, at(5)).await.expect("written");
        assert_eq!(untold().await, Some(own.id));
        assert_eq!(store.check().await.expect("read").problems, [""; 0]);
    }
}
