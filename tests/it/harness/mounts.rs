//! A test's own file systems: one that is soon full, and one that turns read-only as a failing disk does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::skip;

/// The variable that marks a test in its own mount namespace.
const MOUNTS_VARIABLE: &str = "TAKEAWAYS_TEST_MOUNTS";

/// Runs a test of this binary again in its own mount namespace, and returns `true` there. Reports a skipped test if
/// the machine does not allow it.
pub fn run_with_own_mounts(test: &str) -> bool {
    if std::env::var_os(MOUNTS_VARIABLE).is_some() {
        return true;
    }
    let Some(unshare) = unshare_arguments() else {
        skip("no process may have mounts of its own here");
        return false;
    };
    let mut command = Command::new("unshare");
    command.args(unshare).arg(std::env::current_exe().expect("a path")).env(MOUNTS_VARIABLE, "1");
    let output = command.args([test, "--exact", "--nocapture"]).output().expect("it starts");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    said.lines().filter(|line| line.starts_with("skipped")).for_each(|line| println!("{line}"));
    false
}

/// Returns the command for a mount namespace: as root, or with a user namespace.
fn unshare_arguments() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let works = |way: &&[&str]| {
        let script = "mount -t tmpfs -o size=1m tmpfs \"$1\"";
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new("unshare");
        let command = command.args(*way).args(["sh", "-ec", script, "sh"]).arg(folder.path());
        command.output().is_ok_and(|output| output.status.success())
    };
    ways.into_iter().find(works)
}

/// A mount, which is removed on drop.
pub struct Mount {
    folder: PathBuf,
}

impl Mount {
    /// Mounts an empty file system of this size, in bytes, at a new folder.
    pub fn small(at: &Path, bytes: u64) -> Self {
        fs::create_dir_all(at).expect("a folder");
        assert!(mount(&["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"], at), "it was tried before");
        Self { folder: at.to_owned() }
    }

    /// Mounts a disk of this size, in bytes, in a file; reports and returns `None` if there are no loop devices.
    pub fn disk(file: &Path, at: &Path, bytes: u64) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        fs::File::create(file).and_then(|disk| disk.set_len(bytes)).expect("a file");
        let made =
            Command::new("mkfs.ext4").arg("-q").arg(file).status().is_ok_and(|status| status.success());
        let options = ["-o", "loop,errors=remount-ro", file.to_str().expect("a path in UTF-8")];
        if made && mount(&options, at) {
            return Some(Self { folder: at.to_owned() });
        }
        println!("skipped: this machine mounts no disk that is in a file");
        None
    }

    /// Shows a folder of the machine, read-only, at a new folder.
    pub fn read_only_view(of: &Path, at: &Path) -> Self {
        fs::create_dir_all(at).expect("a folder");
        assert!(mount(&["--bind", of.to_str().expect("a path in UTF-8")], at), "it was tried before");
        assert!(mount(&["-o", "remount,bind,ro"], at), "it is mounted");
        Self { folder: at.to_owned() }
    }

    /// Makes it read-only, as a container engine does.
    pub fn protect(&self) {
        assert!(mount(&["-o", "remount,ro"], &self.folder), "it is mounted");
    }

    /// Fills it to the last byte. Removing the returned file frees it.
    pub fn fill(&self) -> PathBuf {
        let path = self.folder.join("filler");
        let mut size = 1 << 20;
        let mut all = Vec::new();
        while size > 0 {
            let longer = [all.as_slice(), &vec![b'x'; size]].concat();
            if fs::write(&path, &longer).is_ok() { all = longer } else { size /= 2 }
        }
        fs::write(&path, &all).expect("as much as fits");
        path
    }

    /// Makes it read-only, as after a disk error; open files can't be written either.
    pub fn fail(&self) {
        assert!(mount(&["-o", "remount,abort"], &self.folder), "it can be told so");
    }

    /// Mounts it again, as after a repair. No file may be open.
    pub fn repair(&self, file: &Path) {
        unmount(&self.folder);
        let options = ["-o", "loop,errors=remount-ro", file.to_str().expect("a path in UTF-8")];
        Command::new("fsck.ext4").args(["-p", "-f"]).arg(file).output().expect("it starts");
        assert!(mount(&options, &self.folder), "it was mounted before");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        unmount(&self.folder);
    }
}

fn mount(what: &[&str], at: &Path) -> bool {
    Command::new("mount").args(what).arg(at).output().is_ok_and(|output| output.status.success())
}

fn unmount(at: &Path) {
    Command::new("umount").args(["--lazy"]).arg(at).output().ok();
}

#[test]
fn a_file_system_is_full_or_fails_when_a_test_wants_it() {
    if !run_with_own_mounts("harness::mounts::a_file_system_is_full_or_fails_when_a_test_wants_it") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (small, disk) = (folder.path().join("small"), folder.path().join("disk"));
    let full = Mount::small(&small, 1 << 20);
    let filler = full.fill();
    assert!(fs::write(small.join("more"), "x".repeat(8_192)).is_err());
    fs::remove_file(filler).expect("a file");
    fs::write(small.join("more"), "x".repeat(8_192)).expect("there is room again");
    let file = folder.path().join("image");
    let Some(failing) = Mount::disk(&file, &disk, 8 << 20) else { return };
    let open = fs::File::create(disk.join("open")).expect("a file");
    failing.fail();
    assert!(std::io::Write::write_all(&mut &open, b"x").is_err());
    assert!(fs::write(disk.join("new"), "x").is_err());
    drop(open);
    failing.repair(&file);
    fs::write(disk.join("new"), "x").expect("it can be written again");
}
