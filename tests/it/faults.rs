//! F29 of the fault list, and concurrent writers: repair of a state folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempDir;

use crate::harness::{Cli, CliRun, TempCorpus};

/// A corpus, a state folder and a question.
struct DamageFixture {
    corpus: TempCorpus,
    state: TempDir,
}

impl DamageFixture {
    fn new() -> Self {
        Self::over(TempCorpus::small())
    }

    /// Creates a corpus with so many posts that opening the index does not read all of it.
    fn large() -> Self {
        let fixture = Self::over((0..20).fold(TempCorpus::small(), |corpus, post| {
            let words = (0..2_000).map(|word| format!("{}\n\n", noise(post * 2_000 + word)));
            corpus.file(&format!("noise/{post}.md"), words.collect::<String>())
        }));
        fixture.ask();
        let size: u64 = files_below(&fixture.generation()).iter().map(|file| size(file)).sum();
        assert!(size > 5 << 19, "{size} bytes are checked whole");
        fixture
    }

    /// Makes the posts old enough that their modification times are trusted.
    fn over(corpus: TempCorpus) -> Self {
        for file in files_below(corpus.path()) {
            set_old_time(&file);
        }
        Self { corpus, state: tempfile::tempdir().expect("a folder") }
    }

    fn cli(&self) -> Cli {
        Cli::with_corpus(&self.corpus).state(self.state.path()).args("ask --format json service meshes")
    }

    /// Returns the answer without its latency.
    fn ask(&self) -> (serde_json::Value, String) {
        let run = self.cli().run().code(0);
        (answer(&run), run.err)
    }

    /// Returns the only index folder.
    fn index(&self) -> PathBuf {
        single(fs::read_dir(self.state.path().join("index")).expect("a folder").map(path).collect())
    }

    /// Returns the only generation of the index.
    fn generation(&self) -> PathBuf {
        let is_generation = |path: &PathBuf| name(path).starts_with("gen-");
        single(fs::read_dir(self.index()).expect("a folder").map(path).filter(is_generation).collect())
    }

    /// Returns the first file of the index with this extension.
    fn segment(&self, extension: &str) -> PathBuf {
        self.segments(extension).into_iter().next().unwrap_or_else(|| panic!("no .{extension} file"))
    }

    /// Returns all files of the index with this extension.
    fn segments(&self, extension: &str) -> Vec<PathBuf> {
        let mut files = files_below(&self.generation());
        files.retain(|file| file.extension().is_some_and(|known| known == extension));
        files
    }
}

/// Returns four words that are unique for each number and don't compress well.
fn noise(number: u64) -> String {
    let word = |at: u64| {
        let mut mixed = (number * 4 + at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (0..12).map(|letter| char::from(b'a' + (mixed >> (letter * 5) & 15) as u8)).collect::<String>()
    };
    (0..4).map(word).collect::<Vec<_>>().join(" ")
}

fn size(file: &Path) -> u64 {
    file.metadata().expect("a file").len()
}

fn answer(run: &CliRun) -> serde_json::Value {
    let mut line = run.json();
    let took = line.as_object_mut().expect("an object").remove("elapsed_us");
    assert!(took.is_some());
    assert_eq!(line["excerpts"][0]["post"], "2019/mesh", "{line}");
    line
}

fn path(entry: std::io::Result<fs::DirEntry>) -> PathBuf {
    entry.expect("an entry").path()
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("a name")
}

fn single(paths: Vec<PathBuf>) -> PathBuf {
    let [path] = <[PathBuf; 1]>::try_from(paths).expect("exactly one");
    path
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    walk.map(|entry| entry.expect("an entry").into_path()).filter(|path| path.is_file()).collect()
}

fn set_old_time(file: &Path) {
    let hour_ago = SystemTime::now() - Duration::from_hours(1);
    let file = fs::File::options().write(true).open(file).expect("a file");
    file.set_modified(hour_ago).expect("a time");
}

/// Damages the state between two runs: the second run warns and gives the same answer, the third is silent.
#[track_caller]
fn assert_survives(damage: impl FnOnce(&DamageFixture), warning: &str) {
    assert_survives_in(&DamageFixture::new(), damage, warning);
}

#[track_caller]
fn assert_survives_in(fixture: &DamageFixture, damage: impl FnOnce(&DamageFixture), warning: &str) {
    let (expected, quiet) = fixture.ask();
    assert_eq!(quiet, "");
    damage(fixture);
    let (answered, warned) = fixture.ask();
    assert_eq!(answered, expected);
    assert!(warned.contains("WARN") && warned.contains(warning), "no {warning:?} in {warned:?}");
    assert_eq!(fixture.ask(), (expected, String::new()), "warned of once");
    assert!(fixture.generation().is_dir());
}

const REBUILT: &str = "the index was damaged and has been rebuilt: ";

/// A search finds this damage; opening the index does not.
#[test]
fn f29_posts_that_can_not_be_read_are_seen_and_the_index_built_anew() {
    let blot = |fixture: &DamageFixture| {
        for path in fixture.segments("store") {
            let mut bytes = fs::read(&path).expect("read");
            // The footer has the position of the postings, which opening reads.
            let posts = bytes.len() * 9 / 10;
            bytes[..posts].fill(0xff);
            fs::write(path, bytes).expect("written");
        }
    };
    let fixture = DamageFixture::large();
    assert_survives_in(&fixture, blot, REBUILT);
    blot(&fixture);
    let both = "{\"q\":\"service meshes\"}\n{\"q\":\"deploy with GitOps\"}\n";
    let cli = |command: &str| Cli::with_corpus(&fixture.corpus).state(fixture.state.path()).args(command);
    let run = cli("ask --batch -").input(both).run().code(0).warns(REBUILT);
    assert!(run.json_lines().iter().all(|line| line["answered"] == true), "{}", run.out);
    blot(&fixture);
    cli("chat").input("service meshes\n").run().code(0).warns(REBUILT).says("Service meshes are still young");
}

/// The real program builds an index anew, and is killed at different times of its work.
#[test]
fn f30_a_program_that_is_killed_while_it_builds_an_index_spoils_no_answer() {
    const KILLS: u32 = 5;
    let fixture = DamageFixture::large();
    let (expected, _) = fixture.ask();
    let make_old = || {
        let line = format!("{} 0123456789abcdef\n", name(&fixture.generation()));
        fs::write(fixture.index().join("current"), line).expect("written");
    };
    make_old();
    let begun = Instant::now();
    fixture.ask();
    let whole = begun.elapsed();
    for at in 0..KILLS {
        make_old();
        let mut builder = Command::new(env!("CARGO_BIN_EXE_takeaways"));
        builder.env_clear().env("HOME", fixture.state.path()).current_dir(fixture.state.path());
        builder
            .arg("--corpus")
            .arg(fixture.corpus.path())
            .arg("ask")
            .arg("--state-dir")
            .arg(fixture.state.path());
        builder.arg("service meshes").stdout(Stdio::null()).stderr(Stdio::null());
        let mut builder = builder.spawn().expect("it starts");
        std::thread::sleep(whole * at / KILLS);
        builder.kill().expect("it is a child");
        builder.wait().expect("it is a child");
        assert_eq!(fixture.ask().0, expected, "killed after {at} of {KILLS} parts of {whole:?}");
        assert!(fixture.generation().is_dir(), "one generation is left");
        assert_eq!(fixture.ask(), (expected.clone(), String::new()));
    }
}

#[test]
fn f29_a_check_reports_damage_that_opening_mends() {
    let fixture = DamageFixture::new();
    fixture.ask();
    let check = || Cli::with_corpus(&fixture.corpus).state(fixture.state.path()).args("check").run();
    check().code(0);
    for (extension, is_emptied) in [("store", false), ("idx", true)] {
        let path = fixture.segment(extension);
        let mut bytes = fs::read(&path).expect("read");
        if is_emptied {
            bytes.clear();
        } else {
            bytes[0] ^= 0x10;
        }
        fs::write(path, bytes).expect("written");
        let told = check().code(2).out;
        assert!(told.contains("damaged"), "{extension}: {told}");
        fixture.ask();
        check().code(0);
    }
}

#[test]
fn f29_another_version_is_built_anew() {
    let other = |fixture: &DamageFixture| {
        let line = format!("{} 0123456789abcdef\n", name(&fixture.generation()));
        fs::write(fixture.index().join("current"), line).expect("written");
    };
    assert_survives(other, "the index was from another version and has been rebuilt");
}

#[test]
fn f29_a_writer_that_died_is_noticed() {
    let die = |fixture: &DamageFixture| {
        fs::write(fixture.index().join("lock"), "process 1 on a machine\n").expect("written");
        fs::create_dir(fixture.index().join("gen-99")).expect("made");
    };
    assert_survives(die, "the index was not closed properly; it has been checked");
}

#[test]
fn f29_a_state_folder_that_can_not_be_written_is_done_without() {
    let fixture = DamageFixture::new();
    let (expected, _) = fixture.ask();
    let file = fixture.corpus.path().join("2019/mesh.md");
    // A path through a file is an error even for root.
    for state in [file.clone(), file.join("state")] {
        let run = Cli::with_corpus(&fixture.corpus)
            .state(&state)
            .args("ask --format json service meshes")
            .run()
            .code(0);
        assert_eq!(answer(&run), expected);
        run.warns("WARN the index is only in memory: ");
    }
}

#[cfg(unix)]
#[test]
fn f29_a_permission_is_no_reason_to_rebuild() {
    use std::os::unix::fs::PermissionsExt;

    let fixture = DamageFixture::new();
    let (expected, _) = fixture.ask();
    let before = fixture.generation();
    let meta = before.join("meta.json");
    let mode = |mode| fs::set_permissions(&meta, fs::Permissions::from_mode(mode)).expect("permissions");
    mode(0o000);
    if fs::File::open(&meta).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let (answered, warned) = fixture.ask();
    assert_eq!(answered, expected);
    assert!(warned.contains("the index is only in memory: "), "{warned}");
    mode(0o600);
    assert_eq!(fixture.ask(), (expected, String::new()));
    assert_eq!(fixture.generation(), before);
}

#[cfg(unix)]
#[test]
fn f29_a_whole_index_that_can_not_be_written_is_no_fault() {
    use std::os::unix::fs::PermissionsExt;

    let corpus = TempCorpus::small(); // just written, as in the build of an image
    let state = tempfile::tempdir().expect("a folder");
    let cli = |command: &str| Cli::with_corpus(&corpus).state(state.path()).args(command);
    let mode = |folder, file| {
        for entry in walkdir::WalkDir::new(state.path()).contents_first(true) {
            let entry = entry.expect("an entry");
            let mode = if entry.file_type().is_dir() { folder } else { file };
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode)).expect("permissions");
        }
    };
    cli("ask service meshes").run().code(0).without_warning();
    mode(0o500, 0o400);
    if fs::write(state.path().join("probe"), "").is_ok() {
        println!("skipped: this user may write everything");
        return;
    }
    std::thread::sleep(Duration::from_millis(2_100)); // now the posts' times can be trusted
    cli("ask service meshes").run().code(0).without_warning();
    cli("check").run().code(0);
    fs::write(corpus.path().join("new.md"), "# New\n\nUnikernels were hardly seen.\n").expect("written");
    cli("check").run().code(2).says("nothing is writable ").says("the index is only in memory");
    mode(0o700, 0o600);
    cli("check").run().code(0);
}

#[test]
fn asking_twice_writes_nothing() {
    let fixture = DamageFixture::new();
    fixture.ask();
    let state = || {
        let state = |path: PathBuf| {
            let changed = path.metadata().and_then(|known| known.modified()).expect("a time");
            (fs::read(&path).expect("read"), changed, path)
        };
        files_below(fixture.state.path()).into_iter().map(state).collect::<Vec<_>>()
    };
    let before = state();
    fixture.ask();
    assert!(state() == before, "the second run wrote something");
}

/// Enough posts for indexing to take a while.
fn large() -> TempCorpus {
    let sentence =
        |n: usize| format!("In talk {n} somebody showed cluster number {n} and what became of it.\n\n");
    (0..60).fold(TempCorpus::small(), |corpus, post| {
        let text: String = (0..40).map(|n| sentence(post * 40 + n)).collect();
        corpus.file(
            &format!("more/{post}.md"),
            format!("---\ntitle: Post {post}\ndate: 2018-01-01\n---\n\n{text}"),
        )
    })
}

#[test]
fn processes_that_start_at_once_on_a_new_state_folder_all_answer() {
    let corpus = large();
    let state = tempfile::tempdir().expect("a folder");
    let cli = || Cli::with_corpus(&corpus).state(state.path()).args("ask --format json service meshes");
    let alone = answer(&Cli::with_corpus(&corpus).args("ask --format json service meshes").run().code(0));
    let runs: Vec<CliRun> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..4).map(|_| scope.spawn(|| cli().run())).collect();
        started.into_iter().map(|run| run.join().expect("it ends")).collect()
    });
    for run in runs {
        let run = run.code(0);
        assert_eq!(answer(&run), alone);
        // The second writer waits; on a slow machine it names the first one.
        let said = ["is writing the index", "is being built by"].iter().any(|said| run.err.contains(said));
        assert!(run.err.is_empty() || said, "{}", run.err);
    }
    let after = cli().run().code(0).without_warning();
    assert_eq!(answer(&after), alone);
}

#[test]
fn processes_that_meet_a_changed_corpus_damage_nothing() {
    let corpus = large();
    let state = tempfile::tempdir().expect("a folder");
    let cli = |question: &str| {
        Cli::with_corpus(&corpus).state(state.path()).args("ask --format json").arg(question)
    };
    cli("service meshes").run().code(0).without_warning();
    for round in 0..3 {
        let text = format!("# Round {round}\n\nUnikernels were hardly seen in round {round}.\n");
        fs::write(corpus.path().join(format!("new-{round}.md")), text).expect("written");
        std::thread::scope(|scope| {
            let started: Vec<_> = (0..3).map(|_| scope.spawn(|| cli("service meshes").run())).collect();
            for run in started {
                answer(&run.join().expect("it ends").code(0));
            }
        });
        let run = cli(&format!("unikernels \"round {round}\"")).run().code(0).without_warning();
        assert_eq!(run.json()["excerpts"][0]["post"], format!("new-{round}"));
    }
}
