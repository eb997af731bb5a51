//! Answers that are kept for their buttons and for conversations.

use takeaways_store::KeptAnswer;

use super::state::*;

const CHANNEL: u64 = 5;
const ADA: u64 = u64::MAX - 7;
const HOUR: i64 = 60 * 60;

fn answer(number: u64, person: u64, asked_at: i64) -> KeptAnswer {
    KeptAnswer {
        number,
        channel: CHANNEL,
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
        let last = store.find_last_answer(CHANNEL, ADA, at(0)).await.expect("read");
        assert_eq!(last.map(|kept| kept.number), Some(2));
        assert_eq!(store.find_last_answer(CHANNEL + 1, ADA, at(0)).await.expect("read"), None);
        assert_eq!(store.find_last_answer(CHANNEL, ADA, at(2 * HOUR)).await.expect("read"), None);
        store.remove_old_answers(at(2 * HOUR), at(HOUR)).await.expect("written");
        let words = |kept: Option<KeptAnswer>| kept.expect("an answer").question;
        assert_eq!(words(store.find_answer(1, at(HOUR)).await.expect("read")), None);
        assert!(words(store.find_answer(2, at(HOUR)).await.expect("read")).is_some());
        store.end_conversation(CHANNEL, ADA).await.expect("written");
        assert_eq!(store.find_last_answer(CHANNEL, ADA, at(0)).await.expect("read"), None);
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
