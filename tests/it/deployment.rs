//! What operators deploy: the image, the unit for systemd, and the workflows that make a release.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use regex::Regex;

use crate::fake_discord::{CloseReason, DEADLINE, FakeDiscord};
use crate::harness::bot::{ProcessSignal, TestBot};
use crate::harness::mounts::{Mount, run_with_own_mounts};
use crate::harness::{read, root, skip};

/// The user of the image.
const USER: u32 = 65_532;
/// The memory that docs/deploy.md gives to the container, in KiB.
const MEMORY: u64 = 256 << 10;
/// The processes and threads that docs/deploy.md gives to the container.
const THREADS: u64 = 128;

/// Returns the lines of a Dockerfile without comments, with continued lines joined.
fn instructions() -> Vec<String> {
    let text = read("Dockerfile");
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    joined.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Returns the command of the image's health check.
fn health_check() -> Vec<String> {
    let all = instructions();
    let line = all.iter().find(|line| line.starts_with("HEALTHCHECK ")).expect("a health check");
    let (_, command) = line.split_once(" CMD ").expect("a command");
    serde_json::from_str(command).expect("a list of arguments, since the image has no shell")
}

#[test]
fn a19_the_image_is_small_unprivileged_and_built_from_fixed_versions() {
    let all = instructions();
    let begin = all.iter().rposition(|line| line.starts_with("FROM ")).expect("a last stage");
    let (build, image) = all.split_at(begin);
    assert_eq!(image[0], "FROM scratch");
    let base = Regex::new(r"^FROM \S+:\S+@sha256:[0-9a-f]{64} AS build$").expect("a pattern");
    assert!(base.is_match(&build[0]), "{}", build[0]);
    assert!(build.iter().any(|line| line.contains("cargo build --profile dist --locked ")), "{build:#?}");
    for line in [
        &format!("USER {USER}:{USER}"),
        "VOLUME /state",
        "ENV TAKEAWAYS__STATE__DIR=/state",
        "ENTRYPOINT [\"/takeaways\"]",
        "CMD [\"serve\"]",
    ] {
        assert!(image.iter().any(|found| found == line), "no {line} in {image:#?}");
    }
    let copied = image.iter().filter(|line| line.starts_with("COPY "));
    assert!(copied.clone().all(|line| line.contains("--from=build ")), "{image:#?}");
    assert!(copied.clone().any(|line| line.contains(&format!("--chown={USER}:{USER} "))), "{image:#?}");
    assert_eq!(health_check(), ["/takeaways", "health", "--live"]);
}

/// A folder that looks to the program as the image does: nothing but the program and an empty folder for its state.
struct ImageRoot {
    folder: PathBuf,
    _mounts: Vec<Mount>,
}

impl ImageRoot {
    /// Takes the static program that `TAKEAWAYS_TEST_STATIC` names, as in the image; else the program as it was built,
    /// with the libraries of this machine.
    fn new(folder: &Path) -> Self {
        let at = folder.join("root");
        let system = Mount::small(&at, 512 << 20);
        let mut mounts = Vec::new();
        let fixed = std::env::var_os("TAKEAWAYS_TEST_STATIC").map(PathBuf::from);
        if fixed.is_none() {
            let libraries = ["/lib", "/lib64", "/usr/lib"].map(Path::new);
            for library in libraries.into_iter().filter(|library| library.is_dir()) {
                mounts.push(Mount::read_only_view(
                    library,
                    &at.join(library.strip_prefix("/").expect("a root")),
                ));
            }
        }
        let program = fixed.unwrap_or_else(|| env!("CARGO_BIN_EXE_takeaways").into());
        fs::copy(&program, at.join("takeaways")).expect("the program is copied");
        let state = Mount::small(&at.join("state"), 64 << 20);
        chown(at.join("state"), Some(USER), Some(USER)).expect("root may do that");
        system.protect();
        mounts.push(state);
        // Mounts are removed in this order, so that of the root comes last.
        mounts.push(system);
        Self { folder: at, _mounts: mounts }
    }

    /// Returns the command that runs the program there, as the image's user and without rights to get others.
    fn program(&self) -> Vec<String> {
        let user = format!("--userspec={USER}:{USER}");
        let folder = self.folder.to_str().expect("a path in UTF-8");
        ["/usr/bin/env", "setpriv", "--no-new-privs", "chroot", &user, "--groups=", folder, "/takeaways"]
            .map(str::to_owned)
            .to_vec()
    }

    /// Runs a command of the image.
    fn run(&self, arguments: &[String], environment: &[(&str, &str)]) -> Output {
        let program = self.program();
        let mut command = Command::new(&program[0]);
        command.args(&program[1..]).args(arguments).env("TAKEAWAYS__STATE__DIR", "/state");
        command.envs(environment.iter().copied()).output().expect("it starts")
    }
}

/// The container of docs/deploy.md, without its engine: this test makes the file system, the user and the rights, and
/// looks at the memory. It says nothing about the build of the image, the engine's limits or its filter of system calls.
#[tokio::test]
async fn a19_with_a_read_only_disk_and_another_user_it_answers_and_writes_its_state_only() {
    let name = "deployment::a19_with_a_read_only_disk_and_another_user_it_answers_and_writes_its_state_only";
    if !run_with_own_mounts(name) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    if chown(folder.path(), Some(USER), Some(USER)).is_err() {
        return skip("only root may become another user");
    }
    let image = ImageRoot::new(folder.path());
    let fake = FakeDiscord::start().await;
    let setup = TestBot::setup(&fake).program(&image.program()).state(Path::new("/state")).built_in_notes();
    let path = std::env::var("PATH").expect("a search path");
    let mut bot = setup.env("PATH", &path).env("HOME", "/").start(&fake).await;
    assert_eq!(
        bot.status("Uid"),
        [USER.to_string(), USER.to_string(), USER.to_string(), USER.to_string()].join("\t")
    );
    for (name, value) in [("CapEff", "0000000000000000"), ("NoNewPrivs", "1"), ("Groups", "")] {
        assert_eq!(bot.status(name), value, "{name}");
    }
    let reply = fake.ask("what did people say about service mesh?").send().reply().await;
    assert!(reply["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty()), "{reply:#}");

    let listen = bot.ops_address().await;
    let check = health_check();
    let health = image.run(&check[1..], &[("TAKEAWAYS__OPS__LISTEN", &listen)]);
    assert!(health.status.success(), "{health:?}");
    for (name, limit) in [("VmHWM", MEMORY), ("Threads", THREADS)] {
        let used = bot.status_number(name);
        assert!(used < limit, "{name}: {used}");
    }

    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert_eq!(fake.gateway().until_closed().await, CloseReason::ByClient(Some(1000)));
    fake.assert_clean();
    // All other places are read-only: who writes there gets an error, and says so.
    assert!(!bot.log().contains("\"WARN\"") && !bot.log().contains("\"ERROR\""), "{}", bot.log());
    let state = image.folder.join("state");
    assert!(state.join("index").is_dir() && state.join("state.sqlite3").is_file(), "{state:?} is not used");
    let gone = image.run(&check[1..], &[("TAKEAWAYS__OPS__LISTEN", &listen)]);
    assert_eq!(gone.status.code(), Some(1), "{gone:?}");
}

#[test]
fn the_unit_keeps_the_bot_apart() {
    let unit = read("docs/takeaways.service");
    for line in [
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "PrivateMounts=yes",
        "ProtectSystem=strict",
        "RestartPreventExitStatus=2",
        "LimitNOFILE=65536",
        "LimitCORE=0",
    ] {
        assert!(unit.lines().any(|found| found == line), "no {line}");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("takeaways.service");
    fs::write(&path, unit.replace("/usr/local/bin/takeaways", env!("CARGO_BIN_EXE_takeaways")))
        .expect("a file");
    match Command::new("systemd-analyze").arg("verify").arg(&path).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && !said.contains("takeaways.service:"), "{said}");
        }
        Err(_) => skip("systemd-analyze is not installed"),
    }
}

#[test]
fn workflows_run_the_scripts_and_only_actions_of_a_fixed_version() {
    let action = Regex::new(r"uses: (\S+)( # v\d+\.\d+\.\d+)?\n").expect("a pattern");
    let fixed = Regex::new(r"^[\w-]+/[\w-]+@[0-9a-f]{40}$").expect("a pattern");
    for (name, script) in [("ci", ".ci/run"), ("nightly", ".ci/nightly"), ("release", ".ci/package")] {
        let text = read(&format!(".github/workflows/{name}.yml"));
        assert!(text.contains(&format!("run: {script}")), "{name} does not run {script}");
        assert!(root().join(script).is_file(), "no {script}");
        assert!(!text.contains("run: cargo test"), "{name} has a test that nobody can run by hand");
        for found in action.captures_iter(&text) {
            assert!(fixed.is_match(&found[1]) && found.get(2).is_some(), "{name}: {}", &found[0]);
        }
    }
    let release = read(".github/workflows/release.yml");
    for words in ["TAKEAWAYS_COMMIT: ", "x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "--locked"]
    {
        assert!(release.contains(words), "release.yml has no {words}");
    }
}
