//! F24 to F28: the state when processes end, disks are full or fail, and files are damaged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{DEADLINE, SEND_MESSAGE, ScriptedReply};
use crate::harness::bot::ProcessSignal;
use crate::harness::mounts::{Mount, run_with_own_mounts};
use crate::harness::{run, skip};

/// The time between SIGTERM and SIGKILL of a container engine.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
const NEXT_DAY: SignedDuration = SignedDuration::from_secs(24 * 3_600 + 5);

/// Checks that the state opens and is complete, and that all due digests have arrived.
async fn is_whole(fixture: &DigestFixture, digests: usize) {
    run(fixture.cli("state check")).await.code(0);
    let bot = fixture.bot().spawn();
    fixture.until_sent(&bot, digests).await;
    assert_eq!(fixture.assert_delivered_once().await, digests);
}

#[tokio::test]
async fn f24_two_requests_to_end_leave_a_clean_state() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(3).await;
    fixture.fake.script_always(SEND_MESSAGE, ScriptedReply::real().after(Duration::from_millis(700)));
    let mut bot = fixture.bot().spawn();
    fixture.fake.until_requests(SEND_MESSAGE, 1).await;
    bot.signal(ProcessSignal::Terminate);
    bot.signal(ProcessSignal::Terminate);
    bot.wait_exit(STOP_TIMEOUT).await;
    fixture.fake.unscript(SEND_MESSAGE);
    is_whole(&fixture, 3).await;
}

#[tokio::test]
async fn f24_kills_at_any_time_leave_a_clean_state() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(40).await;
    for requests in [1, 2, 5, 11, 23] {
        let mut bot = fixture.bot().spawn();
        fixture.fake.until_requests(SEND_MESSAGE, requests).await;
        bot.signal(ProcessSignal::Kill);
        assert_eq!(bot.wait_exit(STOP_TIMEOUT).await, None);
        run(fixture.cli("state check")).await.code(0);
    }
    is_whole(&fixture, 40).await;
}

#[tokio::test]
async fn f25_a_full_disk_stops_digests_but_no_answers_and_they_go_on_when_there_is_room() {
    if !run_with_own_mounts(
        "digest::state::f25_a_full_disk_stops_digests_but_no_answers_and_they_go_on_when_there_is_room",
    ) {
        return;
    }
    let fixture = DigestFixture::new().await;
    let disk = Mount::small(&fixture.folder(), 8 << 20);
    fixture.subscribe(3).await;
    fixture.set_clock(SignedDuration::from_hours(-1));
    let bot = fixture.bot().start(&fixture.fake).await;
    let filler = disk.fill();
    fixture.set_clock(SignedDuration::from_secs(5));
    bot.until_log("the state is not available").await;
    let answer = fixture.fake.ask("service meshes").send().reply().await.to_string();
    assert!(answer.contains("are still young"), "{answer}");
    assert_eq!(fixture.fake.messages(FIRST_CHANNEL).len(), 0, "what can't be written down is not sent");
    fs::remove_file(filler).expect("a file");
    fixture.until_sent(&bot, 3).await;
    assert_eq!(fixture.assert_delivered_once().await, 3);
    // The disk is full while digests are in progress at different steps.
    fixture.add_post("later");
    fixture.fake.script_always(SEND_MESSAGE, ScriptedReply::real().after(Duration::from_millis(200)));
    let before = fixture.fake.requests_to(SEND_MESSAGE).len();
    fixture.set_clock(NEXT_DAY);
    fixture.fake.until_requests(SEND_MESSAGE, before + 1).await;
    let filler = disk.fill();
    bot.until_log_times("the state is not available", 2).await;
    fs::remove_file(filler).expect("a file");
    fixture.fake.unscript(SEND_MESSAGE);
    fixture.until_sent(&bot, 6).await;
    assert_eq!(fixture.assert_delivered_once().await, 6);
    drop(bot);
    is_whole(&fixture, 6).await;
}

#[tokio::test]
async fn f25_on_a_full_disk_new_posts_are_indexed_in_memory() {
    if !run_with_own_mounts("digest::state::f25_on_a_full_disk_new_posts_are_indexed_in_memory") {
        return;
    }
    let fixture = DigestFixture::new().await;
    let disk = Mount::small(&fixture.folder(), 8 << 20);
    let bot = fixture.bot().start(&fixture.fake).await;
    let ask = async |question: &str| fixture.fake.ask(question).send().reply().await.to_string();
    assert!(ask("service meshes").await.contains("are still young"));
    let filler = disk.fill();
    fixture.add_post("quasars");
    bot.signal(ProcessSignal::HangUp);
    bot.until_metric("takeaways_reloads_total{outcome=\"changed\"} 1\n").await;
    bot.until_log("the index is only in memory").await;
    assert!(ask("service meshes").await.contains("are still young"));
    assert!(ask("who runs quasars?").await.contains("fewer moving parts"));
    fs::remove_file(filler).expect("a file");
    fixture.add_post("pulsars");
    bot.signal(ProcessSignal::HangUp);
    bot.until_metric("takeaways_reloads_total{outcome=\"changed\"} 2\n").await;
    assert!(ask("who runs pulsars?").await.contains("fewer moving parts"));
    drop(bot);
    // The next one finds the folder usable.
    let bot = fixture.bot().start(&fixture.fake).await;
    assert!(fixture.fake.ask("who runs pulsars?").send().reply().await.to_string().contains("moving parts"));
    assert!(!bot.log().contains("the index is only in memory"), "{}", bot.log());
    drop(bot);
    run(fixture.cli("check")).await.code(0);
}

#[tokio::test]
async fn f25_a_full_disk_for_the_log_stops_nothing() {
    if !run_with_own_mounts("digest::state::f25_a_full_disk_for_the_log_stops_nothing") {
        return;
    }
    let fixture = DigestFixture::new().await;
    let logs = tempfile::tempdir().expect("a temporary folder");
    let disk = Mount::small(&logs.path().join("disk"), 1 << 20);
    let file = logs.path().join("disk/log");
    fixture.subscribe(3).await;
    let filler = disk.fill();
    let script = format!("exec \"$0\" \"$@\" >{0} 2>>{0}", file.display());
    let program = ["/bin/sh", "-c", &script, env!("CARGO_BIN_EXE_takeaways")].map(str::to_owned);
    // Its log can't tell when the posts were read, but digests are sent only then.
    let mut bot = fixture.bot().program(&program).start_reading(&fixture.fake).await;
    let written = || fs::read_to_string(&file).expect("the shell made it");
    fixture.until_sent(&bot, 3).await;
    for _ in 0..20 {
        let answer = fixture.fake.ask("service meshes").send().reply().await.to_string();
        assert!(answer.contains("are still young"), "{answer}");
    }
    assert!(!written().contains("answered"), "the disk was not full: {}", written());
    fs::remove_file(filler).expect("a file");
    fixture.fake.ask("service meshes").send().reply().await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(STOP_TIMEOUT).await, Some(0));
    assert!(written().contains("answered"), "{}", written());
    assert_eq!(fixture.assert_delivered_once().await, 3);
}

#[tokio::test]
async fn f26_a_disk_that_turns_read_only_stops_digests_until_it_is_repaired() {
    if !run_with_own_mounts(
        "digest::state::f26_a_disk_that_turns_read_only_stops_digests_until_it_is_repaired",
    ) {
        return;
    }
    let fixture = DigestFixture::new().await;
    let files = tempfile::tempdir().expect("a temporary folder");
    let file = files.path().join("disk");
    let Some(disk) = Mount::disk(&file, &fixture.folder(), 16 << 20) else { return };
    fixture.subscribe(3).await;
    fixture.set_clock(SignedDuration::from_hours(-1));
    let mut bot = fixture.bot().start(&fixture.fake).await;
    disk.fail();
    fixture.set_clock(SignedDuration::from_secs(5));
    bot.until_log("the state is not available").await;
    let answer = fixture.fake.ask("service meshes").send().reply().await.to_string();
    assert!(answer.contains("are still young"), "{answer}");
    assert_eq!(fixture.fake.messages(FIRST_CHANNEL).len(), 0, "what can't be written down is not sent");
    bot.signal(ProcessSignal::Terminate);
    bot.wait_exit(STOP_TIMEOUT).await;
    // Another start fails too, and names the reason.
    let mut second = fixture.bot().spawn();
    assert_ne!(second.wait_exit(STOP_TIMEOUT).await, Some(0), "{}", second.log());
    assert!(!second.log().contains("cp BACKUP"), "it is no damage: {}", second.log());
    assert_eq!(fixture.fake.messages(FIRST_CHANNEL).len(), 0);
    disk.repair(&file);
    is_whole(&fixture, 3).await;
}

#[tokio::test]
async fn f27_who_holds_the_lock_for_five_seconds_costs_no_write_and_no_heartbeat() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(2).await;
    fixture.set_clock(SignedDuration::from_hours(-1));
    fixture.fake.gateway().heartbeat_every(1_000);
    let bot = fixture.bot().start(&fixture.fake).await;
    let mut other =
        SqliteConnectOptions::new().filename(fixture.database_file()).connect().await.expect("a connection");
    let held = other.begin_with("BEGIN IMMEDIATE").await.expect("the lock");
    fixture.set_clock(SignedDuration::from_secs(5));
    let beats = fixture.fake.gateway().ops(1).len();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let beats = fixture.fake.gateway().ops(1).len() - beats;
    assert!(beats >= 3, "{beats} heartbeats in five seconds, one of which is due each second");
    assert_eq!(fixture.fake.requests_to(SEND_MESSAGE).len(), 0, "nothing is sent that is not written down");
    held.rollback().await.expect("free");
    fixture.until_sent(&bot, 2).await;
    assert_eq!(fixture.assert_delivered_once().await, 2);
}

/// The disk takes five seconds for each flush. The library that does this replaces the C library's functions.
#[tokio::test]
async fn f27_a_disk_that_is_slow_to_flush_costs_no_write_and_no_heartbeat() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(2).await;
    fixture.set_clock(SignedDuration::from_hours(-1));
    fixture.fake.gateway().heartbeat_every(1_000);
    let files = tempfile::tempdir().expect("a temporary folder");
    let (slow, count) = (files.path().join("slow"), files.path().join("count"));
    let Some(library) = slow_flush_library(files.path()) else { return };
    let path = |file: &Path| file.to_str().expect("a path in UTF-8").to_owned();
    let setup = fixture.bot().env("LD_PRELOAD", &path(&library)).env("SLOW", &path(&slow));
    let bot = setup.env("SLOW_COUNT", &path(&count)).start(&fixture.fake).await;
    fs::write(&slow, "").expect("a file");
    fixture.set_clock(SignedDuration::from_secs(5));
    let start = Instant::now();
    while !count.exists() {
        assert!(start.elapsed() < DEADLINE, "nothing is flushed: {}", bot.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let beats = fixture.fake.gateway().ops(1).len();
    let answer = fixture.fake.ask("service meshes").send().reply().await.to_string();
    assert!(answer.contains("are still young"), "{answer}");
    // A heartbeat that waits for a flush does not come in time.
    fixture.fake.gateway().until_ops(1, beats + 4).await;
    assert!(fixture.fake.gateway().connections().len() == 1, "{}", bot.log());
    fs::remove_file(&slow).expect("a file");
    fixture.until_sent(&bot, 2).await;
    assert_eq!(fixture.assert_delivered_once().await, 2);
}

/// Compiles the library; reports and returns `None` if there is no C compiler.
fn slow_flush_library(folder: &Path) -> Option<PathBuf> {
    const SOURCE: &str = "
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        static void wait_if_slow(void) {
            if (access(getenv(\"SLOW\"), F_OK) != 0) return;
            close(open(getenv(\"SLOW_COUNT\"), O_CREAT | O_WRONLY, 0600));
            sleep(5);
        }
        int fsync(int file) { wait_if_slow(); return syscall(SYS_fsync, file); }
        int fdatasync(int file) { wait_if_slow(); return syscall(SYS_fdatasync, file); }
    ";
    let (source, library) = (folder.join("slow.c"), folder.join("slow.so"));
    fs::write(&source, SOURCE).expect("a file");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).output();
    if compiled.is_ok_and(|output| output.status.success()) {
        return Some(library);
    }
    skip("there is no C compiler");
    None
}

/// A kind of damage to a file.
type DamageFn = fn(&Path);

/// Creates a closed state with sent digests.
async fn used() -> DigestFixture {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(30).await;
    let mut bot = fixture.bot().spawn();
    fixture.until_sent(&bot, 30).await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(STOP_TIMEOUT).await, Some(0), "{}", bot.log());
    fixture
}

#[tokio::test]
async fn f28_a_damaged_state_is_named_with_what_to_do_and_is_not_replaced() {
    let damages: [(&str, DamageFn); 2] = [
        ("truncated", |file| {
            let opened = fs::OpenOptions::new().write(true).open(file).expect("a file");
            opened.set_len(fs::metadata(file).expect("a file").len() / 2).expect("a file");
        }),
        ("missing", |file| fs::remove_file(file).expect("a file")),
    ];
    let fixture = used().await;
    let whole = fs::read(fixture.database_file()).expect("a file");
    for beside in ["state.sqlite3-wal", "state.sqlite3-shm"] {
        assert!(!fixture.folder().join(beside).exists(), "{beside} is left by a clean end");
    }
    let before = fixture.fake.requests().len();
    for (how, damage) in damages {
        damage(&fixture.database_file());
        let mut bot = fixture.bot().spawn();
        assert_eq!(bot.wait_exit(STOP_TIMEOUT).await, Some(2), "{how}: {}", bot.log());
        for words in ["state.sqlite3", "restore", "cp BACKUP"] {
            assert!(bot.log().contains(words), "{how}: no {words:?} in {}", bot.log());
        }
        let once = run(fixture.cli("digest run")).await.code(2);
        assert!(once.err.contains("state.sqlite3"), "{how}: {}", once.err);
        let checked = run(fixture.cli("state check")).await;
        assert_ne!(checked.code, 0, "{how}: {}", checked.out);
        assert!(
            format!("{}{}", checked.out, checked.err).contains("state.sqlite3"),
            "{how}: {}",
            checked.out
        );
        assert_eq!(fixture.fake.requests().len(), before, "{how}: nobody talks to Discord");
        fs::write(fixture.database_file(), &whole).expect("a file");
    }
    is_whole(&fixture, 30).await;
}
