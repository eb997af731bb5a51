//! `/recaps`: moderators add a blog, look at what came in and take posts out, over a blog on loopback.

use std::path::Path;

use serde_json::Value;

use super::fixture::{buttons, flaws, is_answered, is_private, text};
use crate::fake_discord::{FakeDiscord, GUILD, InteractionBuilder, InteractionHandle, OTHER_USER};
use crate::harness::blog::Blog;
use crate::harness::bot::{BotSetup, ProcessSignal, TestBot};

/// Another server of the bot.
const SECOND_SERVER: u64 = GUILD + 7_000;

/// A bot that may fetch from loopback, without pauses.
pub fn setup(fake: &FakeDiscord, state: &Path) -> BotSetup {
    TestBot::setup(fake)
        .state(state)
        .env("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.1")
        .env("TAKEAWAYS__CORPUS__FETCH_INTERVAL", "0")
}

fn recaps(fake: &FakeDiscord, name: &str) -> InteractionBuilder {
    fake.slash("recaps").subcommand(name).by_moderator()
}

/// The last version of the reply: an address is looked at after the command was acknowledged.
async fn replied(handle: &InteractionHandle) -> Value {
    let reply = handle.reply().await;
    assert!(is_private(&reply) && flaws(&reply).is_empty(), "{reply:#}");
    reply
}

async fn looked_at(fake: &FakeDiscord, address: &str) -> Value {
    replied(&recaps(fake, "add").option("url", address).send()).await
}

async fn press_add(fake: &FakeDiscord, message: &Value) -> String {
    let [(label, id)] = buttons(message).try_into().expect("one button");
    assert_eq!(label, "Add");
    text(&replied(&fake.press(message, &id).by_moderator().send()).await)
}

#[tokio::test]
async fn a_blog_is_previewed_added_and_answers_and_a_post_is_removed_for_good() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(3), tempfile::tempdir().expect("a folder"));
    blog.write_post("What we cook", &"<p>Soup for all of us, with bread and with salt.</p>".repeat(30));
    let bot = setup(&fake, state.path()).start(&fake).await;

    let shown = looked_at(&fake, &blog.url("/")).await;
    let said = text(&shown);
    for part in [
        &*format!("<{}>\n", blog.url("/feed.xml")),
        "**A blog**, a feed with 4 posts. I would add: 3 about KubeCon EU 2019.",
        "Left out: 1 post.\n- What we cook: it is about no event that is known here",
        "KubeCon EU 2019, part 2](",
        "Ann Lee · <t:1558526400:D> · KubeCon EU 2019",
        "No licence is stated",
        "> I was at KubeCon EU 2019 in Barcelona.",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    assert_eq!(blog.requests("/posts/2"), 0, "the feed has the text");
    assert!(!is_answered(&fake, 1).await, "nothing is added yet");

    let added = press_add(&fake, &shown).await;
    assert!(added.contains("3 posts added, 1 left out."), "{added}");
    assert!(is_answered(&fake, 1).await);
    assert!(super::metrics(&bot).await.contains("takeaways_source_posts_total{outcome=\"added\"} 3\n"));
    // Who adds it again is told that nothing is new.
    assert!(press_add(&fake, &shown).await.contains("0 posts added, 3 already there, 1 left out."));

    let list = text(&replied(&recaps(&fake, "list").send()).await);
    assert!(list.contains("**1 source**") && list.contains(": feed, 3 posts, read <t:"), "{list}");
    let recent = text(&replied(&recaps(&fake, "recent").send()).await);
    assert!(recent.contains("KubeCon EU 2019, part 0") && !recent.contains("cook"), "{recent}");
    assert_eq!(text(&replied(&recaps(&fake, "problems").send()).await), "Nothing is wrong with the sources.");

    let typing =
        fake.autocomplete("recaps").subcommand("remove").focused("name", "KubeCon PART-1").by_moderator();
    let choices = typing.send().first_callback().await.data["choices"].clone();
    assert_eq!(choices.as_array().map(Vec::len), Some(1), "{choices:#}");
    let chosen = choices[0]["value"].as_str().expect("a value").to_owned();
    assert_eq!(chosen, blog.url("/posts/1"));
    let removed = text(&replied(&recaps(&fake, "remove").option("name", chosen.as_str()).send()).await);
    assert!(removed.contains("it does not come back"), "{removed}");
    assert!(!is_answered(&fake, 1).await && is_answered(&fake, 2).await);
    assert!(press_add(&fake, &shown).await.contains("0 posts added"), "a refresh does not bring it back");
    assert!(!is_answered(&fake, 1).await);

    let all = recaps(&fake, "remove").option("name", blog.url("/feed.xml")).send();
    assert!(text(&replied(&all).await).contains("with 2 posts"));
    assert!(!is_answered(&fake, 2).await);
    assert!(text(&replied(&recaps(&fake, "list").send()).await).contains("There are no sources"));
    fake.assert_clean();
}

#[tokio::test]
async fn a_single_page_is_shown_whole_and_a_feed_of_summaries_with_its_first_page() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let _bot = setup(&fake, state.path()).start(&fake).await;
    let page = text(&looked_at(&fake, &blog.url("/posts/0")).await);
    assert!(page.contains("a page.") && page.contains("KubeCon EU 2019, part 0]("), "{page}");
    assert!(page.contains("Ann Lee · <t:1558526400:D> · KubeCon EU 2019"), "{page}");
    let nothing = text(&looked_at(&fake, &blog.url("/missing")).await);
    assert!(nothing.contains("can't be read now") && nothing.contains("404"), "{nothing}");
    assert!(nothing.contains("Nothing was added."), "{nothing}");
    blog.set_broken(true);
    let broken = text(&looked_at(&fake, &blog.url("/posts/0")).await);
    assert!(broken.contains("can't be read now"), "{broken}");

    let short = Blog::new(3).with_summaries();
    let shown = looked_at(&fake, &short.url("/")).await;
    let said = text(&shown);
    assert!(said.contains("1 about KubeCon EU 2019. I have to read 2 pages first"), "{said}");
    assert!(
        said.contains("Ann Lee · <t:1558526400:D>") && said.contains("> I was at KubeCon EU 2019"),
        "{said}"
    );
    let pages = || (0..3).map(|at| short.requests(&format!("/posts/{at}"))).sum::<usize>();
    assert_eq!(pages(), 1, "one page is enough to look at");
    assert!(press_add(&fake, &shown).await.contains("3 posts added"));
    assert!(is_answered(&fake, 0).await && pages() == 4);
    fake.assert_clean();
}

#[tokio::test]
async fn the_button_works_after_a_restart_and_says_if_it_is_of_another_message() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(2), tempfile::tempdir().expect("a folder"));
    let mut bot = setup(&fake, state.path()).start(&fake).await;
    let shown = looked_at(&fake, &blog.url("/feed.xml")).await;
    bot.signal(ProcessSignal::Kill);
    bot.wait_exit(crate::fake_discord::DEADLINE).await;
    let _bot = setup(&fake, state.path()).start(&fake).await;
    assert!(press_add(&fake, &shown).await.contains("2 posts added"));
    assert!(is_answered(&fake, 1).await);
    let mut other = shown.clone();
    other["content"] = "no address".into();
    let outdated = text(&replied(&fake.press(&other, "1:add:0").by_moderator().send()).await);
    assert!(outdated.contains("too old"), "{outdated}");
}

#[tokio::test]
async fn a_second_press_while_the_posts_come_in_starts_nothing() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let blog = blog.with_summaries().with_slow_pages();
    let _bot = setup(&fake, state.path()).start(&fake).await;
    let shown = looked_at(&fake, &blog.url("/feed.xml")).await;
    let press = || fake.press(&shown, "1:add:0").by_moderator().send();
    let first = press();
    // The page of the post is asked for once for the look, and once more by the first press.
    let start = std::time::Instant::now();
    while blog.requests("/posts/0") < 2 {
        assert!(start.elapsed() < crate::fake_discord::DEADLINE, "the first press fetches nothing");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(text(&replied(&press()).await).starts_with("I am reading it"));
    assert!(text(&replied(&first).await).contains("1 post added"));
    assert_eq!(blog.requests("/posts/0"), 2);
    fake.assert_clean();
}

#[tokio::test]
async fn a13_only_moderators_of_the_only_server_change_where_posts_come_from() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let bot = setup(&fake, state.path()).start(&fake).await;
    let shown = looked_at(&fake, &blog.url("/feed.xml")).await;
    let asked = blog.requests("/feed.xml");
    let refused = "Only people who may manage the server";
    let add = fake.slash("recaps").subcommand("add").option("url", blog.url("/feed.xml"));
    assert!(text(&replied(&add.send()).await).contains(refused));
    assert!(text(&replied(&fake.press(&shown, "1:add:0").send()).await).contains(refused));
    for name in ["list", "recent", "problems"] {
        let reply = replied(&fake.slash("recaps").subcommand(name).send()).await;
        assert!(text(&reply).contains(refused), "{name}: {reply:#}");
    }
    let typing = fake.autocomplete("recaps").subcommand("remove").focused("name", "");
    assert_eq!(typing.send().choices().await, [""; 0]);

    // In two servers, the moderators of one would decide for the other.
    fake.invite_bot(SECOND_SERVER);
    let closed = "Only the operator of this bot can add posts";
    let mut last = String::new();
    for _ in 0..50 {
        last = text(&replied(&recaps(&fake, "list").send()).await);
        if last.contains(closed) {
            break;
        }
    }
    assert!(last.contains(closed), "{last}");
    assert!(text(&looked_at(&fake, &blog.url("/feed.xml")).await).contains(closed));
    assert!(text(&replied(&fake.press(&shown, "1:add:0").by_moderator().send()).await).contains(closed));
    assert_eq!(blog.requests("/feed.xml"), asked, "who may not add makes the bot fetch nothing");
    fake.remove_bot(SECOND_SERVER);
    drop(bot);
    let setting = "TAKEAWAYS__CORPUS__CONTRIBUTORS";
    let bot = setup(&fake, state.path()).env(setting, "nobody").start(&fake).await;
    assert!(text(&looked_at(&fake, &blog.url("/feed.xml")).await).contains(closed));
    drop(bot);
    let _bot = setup(&fake, state.path()).env(setting, "moderators").start(&fake).await;
    fake.invite_bot(SECOND_SERVER);
    assert!(text(&looked_at(&fake, &blog.url("/feed.xml")).await).contains("a feed with 1 post"));
    fake.assert_clean();
}

#[tokio::test]
async fn a07_nothing_from_discord_chooses_an_address_that_is_not_allowed_or_a_path() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let bot = setup(&fake, state.path())
        .env("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.1:1")
        .start(&fake)
        .await;
    let addresses = [
        blog.url("/feed.xml"),
        "http://169.254.169.254/latest/meta-data/".into(),
        "http://10.0.0.1/feed.xml".into(),
        "http://[::ffff:127.0.0.1]/".into(),
        "http://2130706433/".into(),
        "file:///etc/passwd".into(),
        "/etc/passwd".into(),
        "../../secret".into(),
        "https://user:password@blog.example/".into(),
        "javascript:alert(1)".into(),
        "https://blog.example:22/".into(),
        format!("@everyone](https://evil.example) {}", "x".repeat(500)),
    ];
    let shown = {
        let with_loopback = tempfile::tempdir().expect("a folder");
        let other = FakeDiscord::start().await;
        let _bot = setup(&other, with_loopback.path()).start(&other).await;
        looked_at(&other, &blog.url("/feed.xml")).await
    };
    let asked = blog.requests("/feed.xml");
    for address in &addresses {
        let said = text(&looked_at(&fake, address).await);
        assert!(said.contains("I don't fetch") || said.contains("can't be read now"), "{address}: {said}");
        // Nor does a press on a message whose first line was forged.
        let mut forged = shown.clone();
        forged["content"] = format!("<{address}>\nA feed.").into();
        for kind in 0..3 {
            let press = fake.press(&forged, &format!("1:add:{kind}")).by_moderator().send();
            let said = text(&replied(&press).await);
            assert!(!said.contains(" added"), "{address}: {said}");
        }
        let removed = recaps(&fake, "remove").option("name", address.as_str()).send();
        assert!(text(&replied(&removed).await).contains("neither a source nor a post"), "{address}");
    }
    assert_eq!(blog.requests("/feed.xml"), asked);
    let list = text(&replied(&recaps(&fake, "list").send()).await);
    assert!(!list.contains("10.0.0.1") && !list.contains("169.254"), "{list}");
    assert!(!bot.log().contains("panicked"), "{}", bot.log());
    fake.assert_clean();
}

#[tokio::test]
async fn the_list_of_the_operator_stays_and_its_paths_are_not_shown() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(2), tempfile::tempdir().expect("a folder"));
    let folder = tempfile::tempdir().expect("a folder");
    let (corpus, away) = (folder.path().join("corpus"), folder.path().join("away"));
    std::fs::create_dir(&corpus).expect("a folder");
    std::fs::write(corpus.join("a.md"), "# A post\n\nService meshes are still young.\n").expect("a file");
    let other = Blog::new(1);
    let list = format!(
        "[[source]]\nurl = \"{}\"\nkind = \"feed\"\nmatch = \"nothing\" # mine\n\n\
         [[source]]\nurl = \"/srv/secret/site\"\nkind = \"folder\"\n",
        other.url("/feed.xml")
    );
    std::fs::write(corpus.join("sources.toml"), &list).expect("a list");
    let bot =
        setup(&fake, state.path()).arg("--corpus").arg(corpus.to_str().expect("UTF-8")).start(&fake).await;
    bot.until_metric("takeaways_sources{state=\"failing\"} 1\n").await;
    let known = press_add(&fake, &looked_at(&fake, &other.url("/feed.xml")).await).await;
    assert!(
        known.contains("This source is already on the list") && known.contains("0 posts added, 1 left out"),
        "{known}"
    );
    assert_eq!(std::fs::read_to_string(corpus.join("sources.toml")).expect("a list"), list);
    for name in ["list", "recent", "problems"] {
        let said = text(&replied(&recaps(&fake, name).send()).await);
        assert!(!said.contains("/srv/"), "{name}: {said}");
    }
    let typing = fake.autocomplete("recaps").subcommand("remove").focused("name", "").by_moderator();
    let choices = typing.send().first_callback().await.data["choices"].to_string();
    assert!(choices.contains("feed.xml") && !choices.contains("/srv/"), "{choices}");

    // A post whose file is gone may be quoted while the corpus can't be read.
    assert!(
        press_add(&fake, &looked_at(&fake, &blog.url("/feed.xml")).await).await.contains("2 posts added")
    );
    std::fs::rename(&corpus, &away).expect("it was there");
    let remove =
        |number: usize| recaps(&fake, "remove").option("name", blog.url(&format!("/posts/{number}"))).send();
    let removed = text(&replied(&remove(0)).await);
    assert!(removed.contains("Answers may still quote it until I can read the posts again"), "{removed}");
    assert!(!removed.contains("No answer quotes"), "{removed}");
    std::fs::rename(&away, &corpus).expect("it was there");
    let removed = text(&replied(&remove(1)).await);
    assert!(removed.contains("No answer quotes it any more"), "{removed}");
    assert!(!is_answered(&fake, 0).await && !is_answered(&fake, 1).await);
    fake.assert_clean();
}

#[tokio::test]
async fn hostile_words_of_a_blog_are_shown_and_not_obeyed() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(0), tempfile::tempdir().expect("a folder"));
    let title = "KubeCon EU 2019 @everyone <@1> [x](https://discord.gg/evil) **now** ||y||";
    let body = format!("<p>We were at KubeCon EU 2019. @everyone &lt;@1&gt; # {title}</p>").repeat(5);
    blog.write_post(title, &body);
    let _bot = setup(&fake, state.path()).start(&fake).await;
    let shown = looked_at(&fake, &blog.url("/feed.xml")).await;
    press_add(&fake, &shown).await;
    for name in ["list", "recent", "problems"] {
        replied(&recaps(&fake, name).send()).await;
    }
    assert!(
        fake.all_messages().iter().all(|message| message["mentions"].as_array().is_none_or(Vec::is_empty))
    );
    fake.assert_clean();
}

#[tokio::test]
async fn who_added_a_source_is_told_once_in_their_language_that_it_fails() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let clock = state.path().join("clock");
    let set_clock = |hours: u32| {
        let written = state.path().join("clock.new");
        std::fs::write(&written, (hours * 3_600).to_string()).expect("a file");
        std::fs::rename(written, &clock).expect("a file");
    };
    set_clock(0);
    let start = || {
        setup(&fake, state.path())
            .env("TAKEAWAYS_FAULT_CLOCK", clock.to_str().expect("UTF-8"))
            .faults("sources.check=sleep:100,sources.notify=sleep:100")
    };
    let bot = start().start(&fake).await;
    let shown = looked_at(&fake, &blog.url("/feed.xml")).await;
    let press = fake.press(&shown, "1:add:0").by_moderator().locale("de").send();
    // The refresh every tenth of a second may read it before the press does.
    let said = text(&replied(&press).await);
    assert!(said.contains("1 post added") || said.contains("1 already there"), "{said}");
    let list = || std::fs::read_to_string(state.path().join("posts/sources.toml")).expect("a list");
    assert!(
        list().contains(&format!("added_by = \"{OTHER_USER}\"\nadded_language = \"de\"\n")),
        "{}",
        list()
    );
    blog.set_broken(true);
    set_clock(2);
    bot.until_metric("takeaways_sources{state=\"failing\"} 1\n").await;
    let problems = text(&replied(&recaps(&fake, "problems").send()).await);
    assert!(problems.contains("can't be read since") && problems.contains("status 500"), "{problems}");
    assert_eq!(told(&fake), 0, "a failure of an hour is no news");
    set_clock(30);
    until_told(&fake, 1).await;
    let message = fake.all_messages().into_iter().find(is_notice).expect("it was told");
    let said = text(&message);
    assert!(said.starts_with(&format!("Die Quelle <{}>", blog.url("/feed.xml"))), "{said}");
    assert!(said.contains("Der Grund: ") && (said.contains("500") || said.contains("robots.txt")), "{said}");
    bot.until_log("a source of posts can't be read").await;
    drop(bot);
    // Neither again, nor after a restart, while it goes on failing.
    let bot = start().start(&fake).await;
    set_clock(60);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(told(&fake), 1);
    // It comes back, and fails again: that is another time.
    blog.set_broken(false);
    set_clock(100);
    bot.until_metric("takeaways_sources{state=\"ok\"} 1\n").await;
    blog.set_broken(true);
    set_clock(102);
    bot.until_metric("takeaways_sources{state=\"failing\"} 1\n").await;
    set_clock(130);
    until_told(&fake, 2).await;
    let forgotten = fake.slash("forget-me").by(OTHER_USER).send().reply().await;
    assert!(text(&forgotten).contains("Blogs and posts that you added"), "{forgotten:#}");
    assert!(!list().contains("added_"), "{}", list());
    fake.assert_clean();
}

fn is_notice(message: &Value) -> bool {
    text(message).contains("Die Quelle")
}

fn told(fake: &FakeDiscord) -> usize {
    fake.all_messages().iter().filter(|message| is_notice(message)).count()
}

async fn until_told(fake: &FakeDiscord, count: usize) {
    let start = std::time::Instant::now();
    while told(fake) < count {
        assert!(start.elapsed() < crate::fake_discord::DEADLINE, "not told {count} times");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
