//! What there is in a part, counted once when it is opened.

use tantivy::TantivyError;

use super::documents::{LANGUAGE_CODES, language_from_code};
use super::schema::{TextField, column};
use super::segment::IndexSegment;
use takeaways_text::model::Language;

/// Counts over living documents.
#[derive(Debug, Clone, Default)]
pub(super) struct SegmentCounts {
    /// Files, with or without a post.
    pub(super) files: u64,
    /// Files with a post.
    pub(super) posts: u64,
    /// Passages.
    pub(super) passages: u64,
    /// Problems that were found in the files.
    pub(super) problems: u64,
    /// Date of the newest post, in days since 1970.
    pub(super) newest: Option<i64>,
    /// For each zone: words of the passages, with each length as it is rounded in the index.
    pub(super) word_counts: [u64; 6],
    /// For each language by its code: posts.
    languages: [u64; LANGUAGE_CODES],
}

impl SegmentCounts {
    /// Counts a part.
    pub(super) fn of_segment(part: &IndexSegment) -> Result<Self, TantivyError> {
        let problems = part.u64_column(column::PROBLEMS)?;
        let dates = part.i64_column(column::DATE)?;
        let languages = part.u64_column(column::LANGUAGE)?;
        let mut counts = Self::default();
        for (file, passages) in part.live_files() {
            counts.files += 1;
            counts.problems += problems.as_ref().and_then(|column| column.first(file)).unwrap_or(0);
            let Some(passages) = passages else { continue };
            counts.posts += 1;
            counts.passages += u64::from(passages);
            counts.newest = counts.newest.max(dates.as_ref().and_then(|column| column.first(file)));
            let language = languages.as_ref().and_then(|column| column.first(file)).unwrap_or(u64::MAX);
            counts.languages[usize::try_from(language).unwrap_or(LANGUAGE_CODES).min(LANGUAGE_CODES - 1)] +=
                1;
            let end = file.saturating_add(1).saturating_add(passages).min(part.reader.max_doc());
            for zone in TextField::ALL {
                let lengths = part.field_norms(zone);
                let words = (file + 1..end).map(|doc| u64::from(lengths.fieldnorm(doc)));
                counts.word_counts[zone.index()] += words.sum::<u64>();
            }
        }
        Ok(counts)
    }

    /// Adds those of another part.
    pub(super) fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.posts += other.posts;
        self.passages += other.passages;
        self.problems += other.problems;
        self.newest = self.newest.max(other.newest);
        for (sum, words) in self.word_counts.iter_mut().zip(other.word_counts) {
            *sum += words;
        }
        for (sum, posts) in self.languages.iter_mut().zip(other.languages) {
            *sum += posts;
        }
    }

    /// The languages of the posts, most posts first, without those of fewer than one post in a thousand: each brings
    /// stems of its own into all questions.
    pub(super) fn languages(&self) -> Vec<Language> {
        let all: u64 = self.languages.iter().sum();
        let mut known: Vec<_> =
            (0..).zip(self.languages).filter(|(_, posts)| *posts > 0 && *posts * 1_000 >= all).collect();
        known.sort_by_key(|&(code, posts)| (std::cmp::Reverse(posts), code));
        known.into_iter().map(|(code, _)| language_from_code(code)).collect()
    }
}
