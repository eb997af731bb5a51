//! Runs a program as a user who may not read everything, also where the tests run as root.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// The user and the group without rights: nobody.
const NOBODY: u32 = 65_534;

/// Makes a command that runs `program` without the rights of root. A user other than root has none to lose.
pub fn unprivileged_command(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new(executable_copy(program));
    command.uid(NOBODY).gid(NOBODY);
    command
}

/// Gives a folder with all that is in it to the user of [`unprivileged_command`].
pub fn give_away(folder: &Path) {
    if !is_root() {
        return;
    }
    chown(folder, Some(NOBODY), Some(NOBODY)).expect("root may give files away");
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            give_away(&entry.path());
        } else {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("root may give files away");
        }
    }
}

/// Sets the permissions of a file or folder.
pub fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("its permissions");
}

fn is_root() -> bool {
    tempfile::tempfile().and_then(|file| file.metadata()).expect("a temporary file").uid() == 0
}

/// Returns a copy of the program that everybody may run: the folder of the original may be closed to others. The tests
/// of one binary run one program, and share its copy.
fn executable_copy(program: &Path) -> &'static Path {
    static COPY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, copy) = COPY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        set_mode(folder.path(), 0o755);
        let copy = folder.path().join("program");
        fs::copy(program, &copy).expect("a copy of the program");
        set_mode(&copy, 0o755);
        (folder, copy)
    });
    copy
}
