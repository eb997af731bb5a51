//! Writes the file of a post.

use takeaways_corpus::front_matter::split_front_matter;
use takeaways_faults::fail_point;
use xxhash_rust::xxh3::xxh3_64;

use crate::ingest::{Ingest, PostOutcome};
use crate::post_file::NewPost;
use crate::source_state::{PostState, PostStatus};
use crate::{address, store_files};

impl Ingest<'_> {
    pub(crate) fn write_file(
        &self,
        before: Option<&PostState>,
        post: &mut PostState,
        new: &NewPost,
        text: &str,
    ) -> std::io::Result<PostOutcome> {
        let is_below = |file: &String| store_files::join_below(self.folder, file).is_ok();
        let before = before.filter(|before| before.file.as_ref().is_some_and(is_below));
        let expected = before.map(|before| before.file_hash);
        let file = before.and_then(|before| before.file.clone());
        let file = file.unwrap_or_else(|| self.free_name(new, text));
        let path = store_files::join_below(self.folder, &file)?;
        let on_disk = store_files::read_if_there(&path)?;
        post.file = Some(file);
        let is_ours = |bytes: &[u8]| {
            expected == Some(xxh3_64(bytes)) || without_time(bytes) == without_time(text.as_bytes())
        };
        let outcome = match (on_disk, expected) {
            // A person deleted it. It does not come back.
            (None, Some(_)) => {
                post.status = PostStatus::Removed;
                return Ok(PostOutcome::Removed);
            }
            (Some(bytes), _) if !is_ours(&bytes) => {
                let orig = store_files::orig_path(&path);
                store_files::write_atomic(&orig, text.as_bytes())?;
                post.file_hash = expected.unwrap_or_else(|| xxh3_64(text.as_bytes()));
                post.status = PostStatus::Included;
                return Ok(PostOutcome::Edited);
            }
            (Some(bytes), None) => {
                // It was written before a kill, and what was known of it is lost.
                post.file_hash = xxh3_64(&bytes);
                post.status = PostStatus::Included;
                return Ok(PostOutcome::Added);
            }
            (Some(_), Some(_)) => PostOutcome::Changed,
            (None, None) => PostOutcome::Added,
        };
        fail_point("sources.write.before");
        store_files::write_atomic(&path, text.as_bytes())?;
        fail_point("sources.write.after");
        post.file_hash = xxh3_64(text.as_bytes());
        post.status = PostStatus::Included;
        Ok(outcome)
    }

    /// A name that no file of another post has. A file of the same address is the post itself, and without an address one
    /// of the same content.
    fn free_name(&self, new: &NewPost, text: &str) -> String {
        let (folder, stem) = (new.folder(&self.source.url), new.file_stem());
        let identity = crate::identity(&new.url);
        let has_address = address::is_of_web(&new.url);
        let read = |name: &String| store_files::read_if_there(&store_files::join_below(self.folder, name)?);
        let is_free = |name: &String| match read(name) {
            Ok(None) => true,
            Ok(Some(bytes)) if !has_address => without_time(&bytes) == without_time(text.as_bytes()),
            Ok(Some(bytes)) => {
                let text = String::from_utf8_lossy(&bytes);
                let url = split_front_matter(&text)
                    .ok()
                    .and_then(|split| split.fields.first_text(&["url"]).map(address::identity_of));
                url.as_deref() == Some(identity.as_str())
            }
            Err(_) => false,
        };
        let plain = format!("{folder}/{stem}.md");
        let numbered = (2..100).map(|number| format!("{folder}/{stem}-{number}.md"));
        std::iter::once(plain)
            .chain(numbered)
            .find(is_free)
            .unwrap_or_else(|| format!("{folder}/{stem}-{:016x}.md", xxh3_64(identity.as_bytes())))
    }
}

/// A file without the line that says when it was retrieved.
fn without_time(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut kept = String::with_capacity(text.len());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > 12 || !line.starts_with("retrieved: ") {
            kept.push_str(line);
        }
    }
    kept
}
