//! A cache of posts.

use std::fmt;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tantivy::DocId;
use tantivy::index::SegmentId;

use super::error::SearchError;
use takeaways_text::model::Post;

/// The most bytes of the cache. Enough for all posts of most corpora; a question reads some dozen posts.
const MAX_BYTES: u64 = 8 << 20;

/// Bytes that a post takes beside its texts, roughly.
const OVERHEAD: usize = 1 << 10;

/// About as many posts fit into the cache, if they are short. So few that `quick_cache` makes one shard of it: in shards
/// of an eighth of [`MAX_BYTES`] a long post would find no room.
const EXPECTED_POSTS: usize = 60;

/// Where a post is stored. It never changes while its segment exists.
type PostAddress = (SegmentId, DocId);

/// Posts that were read lately, up to a number of bytes.
pub(super) struct PostCache(Cache<PostAddress, Arc<Post>, ByteWeighter>);

impl Default for PostCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_POSTS, MAX_BYTES, ByteWeighter))
    }
}

impl PostCache {
    /// The post at an address, read where it is not known.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn get(
        &self,
        address: PostAddress,
        read: impl FnOnce() -> Result<Post, SearchError>,
    ) -> Result<Arc<Post>, SearchError> {
        self.0.get_or_insert_with(&address, || read().map(Arc::new))
    }
}

impl fmt::Debug for PostCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostCache").field("posts", &self.0.len()).finish_non_exhaustive()
    }
}

/// Weighs posts by the bytes that they take.
#[derive(Debug, Clone)]
struct ByteWeighter;

impl Weighter<PostAddress, Arc<Post>> for ByteWeighter {
    fn weight(&self, _: &PostAddress, post: &Arc<Post>) -> u64 {
        let body = &post.body;
        let links: usize = body.links.iter().map(|link| link.url.len() + size_of_val(link)).sum();
        let bytes = OVERHEAD
            + body.text.len()
            + size_of_val(&*body.blocks)
            + size_of_val(&*body.sections)
            + size_of_val(&*body.sentences)
            + size_of_val(&*body.passages)
            + links;
        bytes as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::post;

    #[test]
    fn the_bound_holds_and_a_post_in_use_stays() {
        let cache = PostCache::default();
        let segment = SegmentId::generate_random();
        let text = "x".repeat(usize::try_from(MAX_BYTES / 4).expect("small"));
        let big = || Ok(post("big").text(&text).build());
        cache.get((segment, 0), big).expect("reads");
        for doc in 1..20 {
            cache.get((segment, doc), big).expect("reads");
            cache.get((segment, 0), || panic!("still there")).expect("kept");
        }
        assert!(cache.0.weight() <= MAX_BYTES, "{} bytes", cache.0.weight());
        assert_eq!(cache.0.len(), 3);
    }
}
