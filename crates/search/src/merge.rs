//! Putting small segments together, and deleted documents away.

use tantivy::index::SegmentId;
use tantivy::{IndexWriter, SegmentMeta, TantivyError};

/// Up to so many documents an index is kept in one segment: merging them takes some milliseconds.
const SINGLE_SEGMENT_DOCUMENTS: u32 = 2_000;

/// How many segments of about the same size are merged into one.
const MERGE_FACTOR: usize = 8;

/// No segments are merged into one of more documents: that would take seconds and gain little.
const MAX_MERGED_DOCUMENTS: u32 = 100_000;

/// The most deleted documents that are left in the index. Each costs each query a little (`vocabulary::living`).
const MAX_DELETED: u32 = 2_048;

/// Puts segments together as [`next_merge`] says, until it has nothing more to say.
pub(super) fn merge_segments(index: &tantivy::Index, writer: &mut IndexWriter) -> Result<(), TantivyError> {
    // A merge leaves fewer segments or fewer deleted documents, so this ends; the bound is for what is not seen.
    for _ in 0..64 {
        let Some(segments) = next_merge(&index.searchable_segment_metas()?) else { break };
        writer.merge(&segments).wait()?;
    }
    Ok(())
}

/// The segments to merge next.
///
/// All of them while there is little; one that holds too many deleted documents; and some of about the same
/// size, where there are many, so that each document is merged a few times only.
fn next_merge(segments: &[SegmentMeta]) -> Option<Vec<SegmentId>> {
    let ids = |segments: &[&SegmentMeta]| Some(segments.iter().map(|segment| segment.id()).collect());
    let deleted: u32 = segments.iter().map(SegmentMeta::num_deleted_docs).sum();
    let mut by_size: Vec<&SegmentMeta> = segments.iter().collect();
    by_size.sort_by_key(|segment| segment.num_docs());
    if by_size.iter().map(|segment| segment.num_docs()).sum::<u32>() <= SINGLE_SEGMENT_DOCUMENTS {
        return if segments.len() > 1 || deleted > 0 { ids(&by_size) } else { None };
    }
    let worst = by_size.iter().max_by_key(|segment| segment.num_deleted_docs());
    let rotten = worst
        .filter(|_| deleted > MAX_DELETED)
        .or_else(|| by_size.iter().find(|segment| has_many_deleted(segment)));
    if let Some(segment) = rotten {
        return ids(&[segment]);
    }
    (0..by_size.len()).find_map(|from| {
        let most = by_size[from].num_docs().max(SINGLE_SEGMENT_DOCUMENTS).saturating_mul(4);
        let alike = by_size[from..].iter().take_while(|segment| segment.num_docs() <= most).count();
        let alike = &by_size[from..from + alike.min(MERGE_FACTOR)];
        let documents: u32 = alike.iter().map(|segment| segment.num_docs()).sum();
        if alike.len() == MERGE_FACTOR && documents <= MAX_MERGED_DOCUMENTS { ids(alike) } else { None }
    })
}

/// Whether a quarter of a segment is deleted.
fn has_many_deleted(segment: &SegmentMeta) -> bool {
    segment.num_deleted_docs() > segment.max_doc() / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of the segments are merged, by their place; each is (documents, deleted ones).
    fn merged_places(sizes: &[(u32, u32)]) -> Vec<usize> {
        let index = tantivy::Index::create_in_ram(tantivy::schema::Schema::builder().build());
        let segments: Vec<SegmentMeta> = sizes
            .iter()
            .map(|&(documents, deleted)| {
                let segment = index.new_segment().with_max_doc(documents);
                if deleted == 0 {
                    segment.meta().clone()
                } else {
                    segment.with_delete_meta(deleted, 1).meta().clone()
                }
            })
            .collect();
        let ids = next_merge(&segments).unwrap_or_default();
        let mut places: Vec<usize> =
            (0..segments.len()).filter(|&at| ids.contains(&segments[at].id())).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn what_is_merged() {
        for (name, sizes, expected) in [
            ("nothing", &[][..], &[][..]),
            ("one small segment", &[(500, 0)], &[]),
            ("small segments", &[(500, 0), (20, 0)], &[0, 1]),
            ("a small segment with a deleted document", &[(500, 1)], &[0]),
            ("a large segment with few", &[(50_000, 100)], &[]),
            ("a large segment with many", &[(50_000, 100), (50_000, 2_100)], &[1]),
            ("one that is a quarter deleted", &[(50_000, 100), (4_000, 1_200)], &[1]),
            ("seven additions", &[(50_000, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0)], &[]),
            (
                "eight additions",
                &[(50_000, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0)],
                &[1, 2, 3, 4, 5, 6, 7, 8],
            ),
            ("eight that are too large together", &[(50_000, 0); 8], &[]),
        ] {
            assert_eq!(merged_places(sizes), expected, "{name}");
        }
    }
}
