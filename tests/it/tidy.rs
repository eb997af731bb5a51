//! Rules of the source tree that the compiler does not check: the dependencies of crates, the places of effects, and
//! facts that are in more than one file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::harness::{read, root};

/// The crates from the bottom up. Each may depend only on earlier ones. `takeaways` is the program.
const LAYERS: [&str; 17] = [
    "faults",
    "process_lock",
    "text",
    "corpus",
    "sources",
    "search",
    "answer",
    "digest",
    "store",
    "settings",
    "render",
    "ops",
    "delivery",
    "discord",
    "cli",
    "eval",
    "takeaways",
];

/// Libraries that only some crates may depend on.
const LIBRARIES: [(&str, &[&str]); 13] = [
    ("tantivy", &["search"]),
    ("serenity", &["discord"]),
    ("tokio-tungstenite", &["discord"]),
    ("reqwest", &["discord", "sources"]),
    ("governor", &["discord"]),
    ("sqlx", &["store"]),
    ("axum", &["ops"]),
    ("prometheus-client", &["ops"]),
    ("anyhow", &["cli", "eval", "takeaways"]),
    ("clap", &["cli", "eval", "takeaways"]),
    ("indicatif", &["cli"]),
    ("rustyline", &["takeaways"]),
    ("tiny-skia", &["render"]),
];

/// Effects and clocks, and the crates that may use them.
const EFFECTS: [(&str, &[&str]); 4] = [
    (
        r"\bstd::fs\b|\bFile::(open|create)\b",
        &[
            "faults",
            "process_lock",
            "corpus",
            "sources",
            "search",
            "store",
            "settings",
            "discord",
            "eval",
            "takeaways",
        ],
    ),
    (r"\b(Timestamp|Zoned|SystemTime)::now\b", &["delivery", "discord", "ops", "cli", "eval", "takeaways"]),
    (r"\bstd::env::(var|vars|args|current_dir)", &["faults", "discord", "cli", "eval", "takeaways"]),
    (r"\bthread::spawn\b", &["delivery", "discord", "ops", "takeaways"]),
];

/// A source file of the product.
struct RustFile {
    path: PathBuf,
    text: String,
    /// The crate of the file, as in [`LAYERS`].
    layer: &'static str,
}

impl RustFile {
    /// The source without comments, with unit tests.
    fn code(&self) -> String {
        let comment = Regex::new(r#"(?m)(^|[^:"'])//.*$"#).expect("a pattern");
        comment.replace_all(&self.text, "$1").into_owned()
    }

    /// Returns the source without comments and unit tests.
    fn product(&self) -> String {
        let code = self.code();
        let end = code.find("#[cfg(test)]\nmod tests {").unwrap_or(code.len());
        code[..end].to_owned()
    }

    fn shown(&self) -> String {
        self.path.strip_prefix(root()).expect("it is below the root").display().to_string()
    }
}

/// Returns the folder of a crate.
fn folder(layer: &str) -> PathBuf {
    if layer == "takeaways" { root() } else { root().join("crates").join(layer) }
}

/// Returns all files of the product. Files for tests only are left out.
fn sources() -> Vec<RustFile> {
    let mut all = Vec::new();
    for layer in LAYERS {
        let load = |path: PathBuf| RustFile { text: fs::read_to_string(&path).expect("UTF-8"), path, layer };
        all.extend(files(&folder(layer).join("src"), &["rs"]).into_iter().map(load));
    }
    let for_tests: Vec<PathBuf> = all.iter().flat_map(modules_for_tests).collect();
    let is_for_tests =
        |path: &Path| for_tests.iter().any(|module| path.with_extension("").starts_with(module));
    all.into_iter().filter(|source| !is_for_tests(&source.path)).collect()
}

/// Returns the paths, without extension, of the modules that a file declares for tests only.
fn modules_for_tests(source: &RustFile) -> Vec<PathBuf> {
    let declared = Regex::new(r"#\[cfg\(test\)\]\s*(?:pub(?:\(\w+\))? )?mod (\w+);").expect("a pattern");
    let inside = match source.path.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") => source.path.with_file_name(""),
        _ => source.path.with_extension(""),
    };
    declared.captures_iter(&source.text).map(|found| inside.join(&found[1])).collect()
}

/// Returns the crates that a crate depends on, except for tests.
fn dependencies(layer: &str) -> Vec<String> {
    let manifest = fs::read_to_string(folder(layer).join("Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    dependencies.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

/// Returns all files below a folder with one of these extensions, in order. Skips build output and hidden folders.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let is_ours = |name: &str| name == ".ci" || !(name.starts_with('.') || name == "target");
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    walk.filter_entry(|entry| entry.depth() == 0 || entry.file_name().to_str().is_some_and(is_ours))
        .map(|entry| entry.expect("a readable folder").into_path())
        .filter(|path| path.is_file())
        .filter(|path| path.extension().is_none_or(|ext| extensions.iter().any(|known| ext == *known)))
        .collect()
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn each_crate_depends_only_on_those_below_it() {
    let mut wrong = Vec::new();
    for (at, layer) in LAYERS.iter().enumerate() {
        for name in dependencies(layer) {
            let Some(below) = name.strip_prefix("takeaways-") else { continue };
            if !LAYERS[..at].contains(&below.replace('-', "_").as_str()) {
                wrong.push(format!("{layer} depends on {below}, which is not below it"));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_crate_is_in_the_list_and_on_the_map() {
    let map = read("ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("crates")).expect("a folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        assert!(map.contains(&format!("| `{name}` |")), "{name} is not on the map");
        assert!(name == "testing" || LAYERS.contains(&name.as_str()), "{name} is in no list");
    }
}

#[test]
fn only_their_crates_depend_on_certain_libraries() {
    let mut wrong = Vec::new();
    for layer in LAYERS {
        for name in dependencies(layer) {
            let allowed = LIBRARIES.iter().find(|(library, _)| *library == name);
            if allowed.is_some_and(|(_, layers)| !layers.contains(&layer)) {
                wrong.push(format!("{layer} depends on {name}"));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn each_dependency_is_used() {
    let all = sources();
    let mut unused = Vec::new();
    for layer in LAYERS {
        let product: String =
            all.iter().filter(|source| source.layer == layer).map(RustFile::product).collect();
        for name in dependencies(layer) {
            let path = Regex::new(&format!(r"\b{}(::|;| as )", name.replace('-', "_"))).expect("a pattern");
            if !path.is_match(&product) {
                unused.push(format!("{layer} depends on {name} and does not use it"));
            }
        }
    }
    assert_none(&unused);
}

#[test]
fn effects_stay_at_the_edge() {
    let mut found = Vec::new();
    for (pattern, layers) in EFFECTS {
        let effect = Regex::new(pattern).expect("a pattern");
        let with = sources().into_iter().filter(|source| !layers.contains(&source.layer));
        let with = with.filter(|source| effect.is_match(&source.product()));
        found.extend(with.map(|source| format!("{} holds {pattern}", source.shown())));
    }
    assert_none(&found);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources().into_iter().filter(|source| !source.text.starts_with("//! "));
    assert_none(
        &silent.map(|source| format!("{} does not begin with //!", source.shown())).collect::<Vec<_>>(),
    );
}

#[test]
fn no_file_is_too_long_for_one_reading() {
    let long = sources().into_iter().filter(|source| source.text.lines().count() > 450);
    assert_none(
        &long.map(|source| format!("{} has more than 450 lines", source.shown())).collect::<Vec<_>>(),
    );
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let places = ["work", "farm", "root", "home", "Users"].join("|");
    let place = Regex::new(&format!(r"(^|[^A-Za-z0-9_.~])/({places})/")).expect("a pattern");
    let kinds = ["rs", "toml", "md", "yml", "yaml", "json", "jsonl", "py", "sh"];
    let mut found = Vec::new();
    for path in files(&root(), &kinds) {
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a readable file")).into_owned();
        let with = text.lines().enumerate().filter(|(_, line)| place.is_match(line));
        found.extend(with.map(|(at, line)| format!("{}:{}: {line}", path.display(), at + 1)));
    }
    assert_none(&found);
}

#[test]
fn all_crates_come_from_the_public_registry() {
    let lock = read("Cargo.lock");
    let sources = lock.lines().filter(|line| line.starts_with("source = "));
    let crates_io = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    assert_none(&sources.filter(|line| *line != crates_io).map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn the_image_is_built_with_the_rust_of_all_others() {
    let toolchain: toml::Table = read("rust-toolchain.toml").parse().expect("TOML");
    let channel = toolchain["toolchain"]["channel"].as_str().expect("a version").to_owned();
    let image = format!("FROM rust:{channel}-");
    assert!(read("Dockerfile").contains(&image), "no {image}");
}

#[test]
fn the_image_is_built_from_what_docker_is_sent() {
    let (file, sent) = (read("Dockerfile"), read(".dockerignore"));
    let copied =
        file.lines().filter_map(|line| line.strip_prefix("COPY ")).flat_map(|names| names.split(' '));
    for name in copied.filter(|name| !name.starts_with(['-', '/', '.'])) {
        assert!(sent.lines().any(|line| line == format!("!{name}")), "{name} is not sent");
    }
}

/// View Channels, Send Messages, Embed Links, Read Message History, Send Messages in Threads.
#[test]
fn the_invitation_asks_for_five_permissions() {
    let bits: u64 = [10, 11, 14, 16, 38].into_iter().map(|bit| 1 << bit).sum();
    assert!(read("docs/deploy.md").contains(&format!("&permissions={bits}\n")), "{bits}");
}

#[test]
fn the_commands_of_the_readme_are_run_by_ci() {
    let (readme, ci) = (read("README.md"), read(".ci/run"));
    let commands: Vec<&str> = readme.lines().filter(|line| line.starts_with("cargo ")).collect();
    assert!(
        commands.iter().any(|command| command.starts_with("cargo run --release -- ask ")),
        "{commands:?}"
    );
    assert!(commands.iter().any(|command| command.starts_with("cargo test")), "{commands:?}");
    for command in commands {
        assert!(ci.lines().any(|line| line == command), ".ci/run does not run `{command}`");
    }
}

/// Returns the names of all functions in the tree.
fn functions() -> BTreeSet<String> {
    let function = Regex::new(r"\bfn (\w+)").expect("a pattern");
    let mut names = BTreeSet::new();
    for path in files(&root(), &["rs"]) {
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a readable file")).into_owned();
        names.extend(function.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    names
}

/// Returns the cases of `docs/faults.md` whose codes begin the name of a test.
fn cases(test: &str) -> Vec<String> {
    let code = Regex::new(r"^[afh]\d\d$").expect("a pattern");
    let codes = test.split('_').take_while(|part| code.is_match(part));
    codes.map(str::to_uppercase).collect()
}

#[test]
fn cases_are_read_from_the_beginning_of_a_name() {
    assert_eq!(cases("f01_f02_a_kill_at_f03"), ["F01", "F02"]);
    assert!(cases("a_kill").is_empty() && cases("f1_a_kill").is_empty() && cases("x01_a_kill").is_empty());
}

#[test]
fn every_test_in_the_list_of_faults_exists() {
    let (list, functions) = (read("docs/faults.md"), functions());
    let quoted = Regex::new("`([^`]+)`").expect("a pattern");
    let named: Vec<String> = quoted.captures_iter(&list).map(|found| found[1].to_owned()).collect();
    assert!(named.len() > 100, "only {} tests are named", named.len());
    let gone = named.iter().filter(|name| !functions.contains(*name));
    assert_none(
        &gone.map(|name| format!("docs/faults.md names {name}, and there is none")).collect::<Vec<_>>(),
    );
}

#[test]
fn every_case_that_a_test_is_named_after_is_in_the_list_of_faults() {
    let list = read("docs/faults.md");
    let mut found = Vec::new();
    let mut tests = 0;
    for name in functions() {
        let cases = cases(&name);
        tests += usize::from(!cases.is_empty());
        let unlisted = cases.iter().filter(|case| !list.contains(&format!("\n| {case} |")));
        found.extend(unlisted.map(|case| format!("{name}: docs/faults.md has no case {case}")));
    }
    assert!(tests > 100, "only {tests} tests are named after a case");
    assert_none(&found);
}
