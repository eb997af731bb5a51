//! Known and new posts.

use takeaways_store::{PostIdentity, SeenContents};

use super::state::*;

fn with_url(url: &str, path: &str, fingerprint: u64) -> PostIdentity {
    PostIdentity { url: Some(url.into()), ..post(path, fingerprint) }
}

on_both! {
    async fn numbers_go_up_and_stay(state: TestState) {
        let store = state.open().await;
        let first = recorded(&store, &[post("a", 1), with_url("u", "b", u64::MAX)], at(1)).await;
        assert_eq!(first.iter().map(|post| (post.number, post.is_initial)).collect::<Vec<_>>(), [(1, true), (2, true)]);
        assert_eq!(first[0].first_seen, at(1));
        let renamed = [with_url("u", "moved", 7), post("new", 3), post("renamed", 1)];
        let second = recorded(&store, &renamed, at(2)).await;
        let numbers: Vec<_> = second.iter().map(|post| (post.number, post.is_initial)).collect();
        assert_eq!(numbers, [(2, true), (3, false), (1, true)]);
        assert_eq!(second[1].first_seen, at(2));
        assert_eq!(recorded(&store, &renamed, at(3)).await, second);
        let asked = [post("renamed", 99), with_url("never", "seen", 98), with_url("u2", "new", 97)];
        let found = store.find_sightings(&asked).await.expect("read");
        assert_eq!(found.iter().map(|post| post.map(|post| post.number)).collect::<Vec<_>>(), [Some(1), None, Some(3)]);
        assert_eq!(recorded(&store, &[], at(4)).await, []);
        assert_eq!(recorded(&store, &asked[..1], at(5)).await[0].number, 1, "it came back");
    }

    async fn two_posts_with_one_address_are_one(state: TestState) {
        let store = state.open().await;
        let twice = [with_url("u", "a", 1), with_url("u", "b", 2)];
        let seen = recorded(&store, &twice, at(1)).await;
        assert_eq!((seen[0].number, seen[1].number), (1, 1));
        assert_eq!(recorded(&store, &twice, at(2)).await, seen);
    }

    async fn contents_are_recorded_until_their_next_post_is_published(state: TestState) {
        let store = state.open().await;
        assert_eq!(store.find_contents(7, at(1)).await.expect("read"), None);
        let mut contents = SeenContents { hash: u64::MAX - 7, until: Some(at(10)) };
        store.record_contents(contents).await.expect("written");
        assert_eq!(store.find_contents(contents.hash, at(9)).await.expect("read"), Some(contents));
        assert_eq!(store.find_contents(contents.hash, at(10)).await.expect("read"), None, "a post was published");
        assert_eq!(store.find_contents(7, at(9)).await.expect("read"), None, "other contents");
        contents.until = None;
        store.record_contents(contents).await.expect("written");
        assert_eq!(store.find_contents(contents.hash, at(99)).await.expect("read"), Some(contents));
        assert_eq!(store.check().await.expect("read").problems, Vec::<String>::new());
    }

    async fn an_empty_corpus_is_a_beginning_too(state: TestState) {
        let store = state.open().await;
        recorded(&store, &[], at(1)).await;
        let seen = recorded(&store, &[post("a", 1)], at(2)).await;
        assert!(!seen[0].is_initial);
    }

    async fn many_posts_are_taken_in_and_known_again(state: TestState) {
        let store = state.open().await;
        let mut posts: Vec<PostIdentity> =
            (0..3_000).map(|n| with_url(&format!("https://example.com/{n}"), &format!("{n}.md"), n)).collect();
        let seen = recorded(&store, &posts, at(1)).await;
        assert_eq!(seen.last().map(|post| post.number), Some(3_000));
        posts.push(post("one more", 9_999));
        let again = state.beside().await.record_posts(&posts, at(2), &|_| false).await.map(|seen| seen[3_000].number);
        // A second reader of a file can't write; on a server every connection can.
        assert!(again.is_err() || again.is_ok_and(|number| number == 3_001));
        let seen = recorded(&store, &posts, at(3)).await;
        assert_eq!(seen.iter().map(|post| post.number).collect::<Vec<_>>(), (1..=3_001).collect::<Vec<_>>());
    }

    #[ignore = "the most posts that are read, twice: nightly"]
    async fn a_hundred_thousand_posts_are_known(state: TestState) {
        let store = state.open().await;
        let one = |n: u64| with_url(&format!("https://example.com/posts/{n}"), &format!("posts/{n}.md"), n);
        let posts: Vec<PostIdentity> = (0..100_000).map(one).collect();
        let seen = recorded(&store, &posts, at(1)).await;
        assert_eq!(recorded(&store, &posts, at(2)).await, seen);
        drop(store);
        assert_eq!(recorded(&state.open().await, &posts, at(3)).await, seen);
    }
}
