//! Posts of a test, in their own folder.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// A corpus folder, which is removed on drop.
pub struct TempCorpus {
    folder: TempDir,
}

impl TempCorpus {
    /// Creates an empty corpus.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Creates three posts: on service mesh (Ada, 2019), on GitOps (Grace, 2020), and a draft on eBPF.
    pub fn small() -> Self {
        Self::new()
            .file(
                "2019/mesh.md",
                "---\ntitle: Notes on meshes\nauthor: Ada Example\ndate: 2019-12-05\n\
                 url: https://example.com/mesh\n---\n\n# Networking\n\n\
                 Service meshes are still young, most teams run one in a single cluster.\n",
            )
            .file(
                "2020/gitops.md",
                "---\ntitle: A year of GitOps\nauthor: Grace Example\ndate: 2020-11-20\n---\n\n\
                 # Delivery\n\nPull requests became the way to deploy with GitOps.\n",
            )
            .file(
                "2021/draft.md",
                "---\ntitle: Unfinished\nauthor: Ada Example\ndate: 2021-01-01\ndraft: true\n---\n\n\
                 # Kernel\n\nTracing with eBPF needs no changes to programs.\n",
            )
    }

    /// Writes a file, and creates its folders.
    pub fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a file has a folder")).expect("folders");
        fs::write(file, bytes).expect("a file");
        self
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}
