//! The archive of a release, made by `.ci/package` from a script that plays the program.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::{root, skip};

/// The commands of the program that the archive needs. `man` is left out by one test.
const COMPLETIONS: &str = "completions) echo \"completions of $2\" ;;";
const MAN: &str = "man) mkdir -p \"$2\" && echo .TH | tee \"$2/takeaways.1\" >\"$2/takeaways-ask.1\" ;;";

/// A program that says that it has this version.
struct Double {
    folder: TempDir,
}

impl Double {
    fn new(version: &str, commands: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let commands = commands.join("\n");
        let script = format!(
            "#!/bin/sh\ncase $1 in\n--version) echo \"takeaways {version}\" ;;\n{commands}\n\
             *) echo \"error: no $1\" >&2; exit 2 ;;\nesac\n"
        );
        let path = folder.path().join("program");
        fs::write(&path, script).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("its own file");
        Self { folder }
    }

    /// Runs `.ci/package` with a umask. The archive goes into a new folder of this name.
    fn package(&self, umask: &str, folder: &str) -> (Output, PathBuf) {
        let folder = self.folder.path().join(folder);
        let mut command = Command::new("sh");
        command.args(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", umask]);
        command.arg(root().join(".ci/package")).arg(self.folder.path().join("program")).arg("some-target");
        (command.arg(&folder).output().expect("it starts"), folder)
    }
}

fn archive_name() -> String {
    format!("takeaways-{}-some-target", env!("CARGO_PKG_VERSION"))
}

/// Returns what a tool prints in `folder`.
#[track_caller]
fn tool(folder: &Path, name: &str, arguments: &[&str]) -> String {
    let output = Command::new(name).args(arguments).current_dir(folder).output().expect("it starts");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The time in the archive is that of the commit, so that an archive of the source has none.
fn is_without_git() -> bool {
    let is_without = !root().join(".git").exists();
    if is_without {
        skip("this is no clone, so that there is no commit");
    }
    is_without
}

#[test]
fn an_archive_has_all_and_is_the_same_twice() {
    if is_without_git() {
        return;
    }
    let double = Double::new(env!("CARGO_PKG_VERSION"), &[COMPLETIONS, MAN]);
    let (first, one) = double.package("022", "one");
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let (name, file) = (archive_name(), format!("{}.tar.gz", archive_name()));
    let listed = tool(&one, "tar", &["--list", "--file", &file]);
    let listed: Vec<&str> = listed.lines().collect();
    for part in [
        "takeaways",
        "LICENSE",
        "README.md",
        "docs/deploy.md",
        "docs/answer.png",
        "docs/takeaways.service",
        "completions/takeaways.bash",
        "completions/_takeaways",
        "completions/takeaways.fish",
        "man/man1/takeaways.1",
        "man/man1/takeaways-ask.1",
    ] {
        assert!(listed.contains(&format!("{name}/{part}").as_str()), "no {part} in {listed:#?}");
    }
    assert!(listed.iter().all(|path| !path.contains("docs/quality/")), "{listed:#?}");
    tool(&one, "sha256sum", &["--check", &format!("{file}.sha256")]);
    let (second, two) = double.package("077", "two");
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert!(fs::read(one.join(&file)).expect("a file") == fs::read(two.join(&file)).expect("a file"));
}

/// The README's links lead to files that the archive has too.
#[test]
fn the_links_of_the_readme_work_in_an_archive() {
    if is_without_git() {
        return;
    }
    let double = Double::new(env!("CARGO_PKG_VERSION"), &[COMPLETIONS, MAN]);
    let (output, folder) = double.package("022", "one");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    tool(&folder, "tar", &["--extract", "--file", &format!("{}.tar.gz", archive_name())]);
    let unpacked = folder.join(archive_name());
    let readme = fs::read_to_string(unpacked.join("README.md")).expect("a file");
    let link = regex::Regex::new(r"\]\(([^)#:]+)[)#]").expect("a pattern");
    let links: Vec<&str> =
        link.captures_iter(&readme).filter_map(|found| found.get(1)).map(|at| at.as_str()).collect();
    assert!(links.len() > 10, "{links:?}");
    let dead: Vec<_> = links.iter().filter(|path| !unpacked.join(path).is_file()).collect();
    assert!(dead.is_empty(), "{dead:?}");
}

#[test]
fn a_program_that_does_not_fit_makes_no_archive() {
    let cases = [
        ("0.0.0", vec![COMPLETIONS, MAN], "but Cargo.toml says"),
        (env!("CARGO_PKG_VERSION"), vec![COMPLETIONS], "writes no manual pages"),
        (env!("CARGO_PKG_VERSION"), vec![MAN], "no completions"),
    ];
    for (version, commands, words) in cases {
        let double = Double::new(version, &commands);
        let (output, folder) = double.package("022", "one");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(words), "{said}");
        assert_eq!(fs::read_dir(folder).expect("a folder").count(), 0);
    }
}
