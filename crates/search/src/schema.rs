//! The schema of the index: fields, columns, tokenizer and version.

use std::sync::OnceLock;

use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, TextAnalyzer, TokenizerManager};
use tantivy::{IndexBuilder, IndexSettings};
use xxhash_rust::xxh3::Xxh3;

use crate::packed_tokens::{PackedTokenizer, TOKENIZER};
use takeaways_text::model::Language;
use takeaways_text::tokens::tokenize;

/// Must be raised when the index format changes in a way that neither the schema nor the terms show.
const FORMAT: u32 = 38;

/// A field of words that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TextField {
    Body,
    Heading,
    Title,
    Author,
    Event,
    Topics,
}

impl TextField {
    /// All text fields, in order.
    pub(super) const ALL: [Self; 6] =
        [Self::Body, Self::Heading, Self::Title, Self::Author, Self::Event, Self::Topics];

    /// Returns its position in [`TextField::ALL`].
    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// Returns the weight of a match in it, relative to the text.
    pub(super) fn weight(self) -> f32 {
        match self {
            Self::Body => 1.0,
            Self::Heading | Self::Author => 0.5,
            // The filter handles events that a question names.
            Self::Event => 0.3,
            Self::Title => 0.25,
            Self::Topics => 0.2,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Author => "author",
            Self::Event => "event",
            Self::Topics => "topics",
            Self::Body => "body",
        }
    }
}

/// Names of the columns, whose values are looked up by document.
pub(super) mod column {
    /// Every document: 0 for a file, or the position of the passage in its post, from 1.
    pub(crate) const PASSAGE_NUMBER: &str = "passage_number";
    /// Every document: the version of its file (`corpus_files::file_version`). Also indexed as a term, for deleting.
    pub(crate) const FILE_VERSION: &str = "file_version";
    /// Files: `corpus_files::file_key`.
    pub(crate) const KEY: &str = "key";
    /// Files: `corpus_files::file_stamp`.
    pub(crate) const STAMP: &str = "stamp";
    /// Files: the path under the corpus folder.
    pub(crate) const PATH: &str = "path";
    /// Files: the hash of the content.
    pub(crate) const CONTENT: &str = "content";
    /// Files: the number of problems.
    pub(crate) const PROBLEMS: &str = "problems";
    /// Files that were left out because of their content: 1.
    pub(crate) const REJECTED: &str = "rejected";
    /// Files with a post: the number of passages.
    pub(crate) const PASSAGES: &str = "passages";
    /// Files with a dated post: days since 1970.
    pub(crate) const DATE: &str = "date";
    /// Files with a post: `post_records::post_fingerprint`.
    pub(crate) const FINGERPRINT: &str = "fingerprint";
    /// Files with a post that has an address: that address.
    pub(crate) const URL: &str = "url";
    /// Files with a post that is not published yet: `post_records::unpublished_until`.
    pub(crate) const UNPUBLISHED: &str = "unpublished";
    /// Files with a post: its years, for the filter.
    pub(crate) const YEAR: &str = "year";
    /// Files with a post: its language, a position in `Language::ALL` or one past the end.
    pub(crate) const LANGUAGE: &str = "language";
    /// Files with a post: its id. Also indexed as a term.
    pub(crate) const ID: &str = "id";
    /// Files with a post: ids of its events.
    pub(crate) const EVENT: &str = "by_event";
    /// Files with a post: its authors, as `facets::author_key`.
    pub(crate) const AUTHOR: &str = "by_author";
    /// Files with a post, and passages: the people other than the authors whose own words they hold, as
    /// `facets::author_key`.
    pub(crate) const SPEAKER: &str = "by_speaker";
    /// Files with a post: its topics.
    pub(crate) const TOPIC: &str = "by_topic";
    /// Files with a post: the projects that it names.
    pub(crate) const PROJECT: &str = "by_project";
    /// Files with a post: the companies that it names.
    pub(crate) const COMPANY: &str = "by_company";
}

/// Handles to the fields that documents are written with.
#[derive(Debug, Clone, Copy)]
pub(super) struct SchemaFields {
    /// In the order of [`TextField::ALL`].
    pub(super) text_fields: [Field; 6],
    pub(super) passage_number: Field,
    pub(super) file_version: Field,
    pub(super) key: Field,
    pub(super) stamp: Field,
    pub(super) path: Field,
    pub(super) content: Field,
    pub(super) problems: Field,
    pub(super) rejected: Field,
    pub(super) passages: Field,
    pub(super) date: Field,
    pub(super) fingerprint: Field,
    pub(super) url: Field,
    pub(super) unpublished: Field,
    pub(super) year: Field,
    pub(super) language: Field,
    pub(super) id: Field,
    pub(super) by_event: Field,
    pub(super) by_author: Field,
    pub(super) by_speaker: Field,
    pub(super) by_topic: Field,
    pub(super) by_project: Field,
    pub(super) by_company: Field,
    /// Files with a post: the [keys](takeaways_text::tokens::word_key) of the words of its title, its text, its authors and its tags.
    pub(super) word: Field,
    /// The post itself without its text, stored.
    pub(super) post: Field,
    /// The text of the post, stored.
    pub(super) text: Field,
}

impl SchemaFields {
    /// Returns tantivy's field of a text field.
    pub(super) fn text_field(&self, field: TextField) -> Field {
        self.text_fields[field.index()]
    }

    /// Returns the text field of one of tantivy's fields; `None` for all others.
    pub(super) fn text_field_of(&self, field: Field) -> Option<TextField> {
        TextField::ALL.into_iter().find(|&text_field| self.text_field(text_field) == field)
    }
}

/// Returns the schema and its fields. They are always the same.
pub(super) fn schema() -> (Schema, SchemaFields) {
    let mut builder = Schema::builder();
    let text_fields = TextField::ALL.map(|field| builder.add_text_field(field.name(), text_options()));
    let fields = SchemaFields {
        text_fields,
        passage_number: builder.add_u64_field(column::PASSAGE_NUMBER, column_options()),
        file_version: builder.add_u64_field(column::FILE_VERSION, column_options().set_indexed()),
        key: builder.add_u64_field(column::KEY, column_options()),
        stamp: builder.add_u64_field(column::STAMP, column_options()),
        path: builder.add_text_field(column::PATH, name_options()),
        content: builder.add_u64_field(column::CONTENT, column_options()),
        problems: builder.add_u64_field(column::PROBLEMS, column_options()),
        rejected: builder.add_u64_field(column::REJECTED, column_options()),
        passages: builder.add_u64_field(column::PASSAGES, column_options()),
        date: builder.add_i64_field(column::DATE, column_options()),
        fingerprint: builder.add_u64_field(column::FINGERPRINT, column_options()),
        url: builder.add_text_field(column::URL, name_options()),
        unpublished: builder.add_i64_field(column::UNPUBLISHED, column_options()),
        year: builder.add_i64_field(column::YEAR, column_options()),
        language: builder.add_u64_field(column::LANGUAGE, column_options()),
        id: builder.add_text_field(column::ID, name_options().set_indexing_options(exact_indexing())),
        by_event: builder.add_text_field(column::EVENT, name_options()),
        by_author: builder.add_text_field(column::AUTHOR, name_options()),
        by_speaker: builder.add_text_field(column::SPEAKER, name_options()),
        by_topic: builder.add_text_field(column::TOPIC, name_options()),
        by_project: builder.add_text_field(column::PROJECT, name_options()),
        by_company: builder.add_text_field(column::COMPANY, name_options()),
        word: builder.add_text_field("word", TextOptions::default().set_indexing_options(exact_indexing())),
        post: builder.add_bytes_field("post", BytesOptions::default().set_stored()),
        text: builder.add_text_field("text", TextOptions::default().set_stored()),
    };
    (builder.build(), fields)
}

/// Returns the builder of an index, without its directory.
pub(super) fn index_builder() -> IndexBuilder {
    let settings = IndexSettings {
        // On two cores a compression thread for each segment costs more than it gains.
        docstore_compress_dedicated_thread: false,
        // Posts are read one by one, so other posts of a block would be decompressed for nothing.
        docstore_blocksize: 4_096,
        ..IndexSettings::default()
    };
    IndexBuilder::new().schema(schema().0).settings(settings).tokenizers(tokenizers())
}

/// Returns the tokenizers of the index.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(TOKENIZER, TextAnalyzer::from(PackedTokenizer));
    manager
}

/// Returns the version of the index format: a hash of schema, terms, tables and program version. An index of another
/// version is rebuilt.
pub(super) fn index_version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut hash = Xxh3::new();
        hash.update(&FORMAT.to_le_bytes());
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(&takeaways_corpus::tables_version().to_le_bytes());
        hash.update(&serde_json::to_vec(&schema().0).unwrap_or_default());
        for language in Language::ALL.into_iter().chain([Language::Other]) {
            for token in tokenize(PROBE, language) {
                hash.update(token.term.as_bytes());
                hash.update(&token.position.to_le_bytes());
            }
        }
        format!("{:016x}", hash.digest())
    })
}

/// A text that a change of the analyser would likely tokenize differently: case, accents, compounds, versions, scripts.
const PROBE: &str = "The Naïve engineers' meshes weren't re-running kube-proxy v1.16, all employees agreed on etcd/Raft & CI/CD at 50% \
    — gestiegene Häuser, chevaux évidents, organizaciones, coleções, città, huizen; ｆｕｌｌ ｗｉｄｔｈ, \
    可观测性平台, クラウドネイティブ, 쿠버네티스 클러스터, ﬁn. user_name k8s C++ C# .NET";

fn text_options() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

fn exact_indexing() -> TextFieldIndexing {
    TextFieldIndexing::default()
        .set_tokenizer(RAW_TOKENIZER_NAME)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic)
}

fn name_options() -> TextOptions {
    TextOptions::default().set_fast(RAW_TOKENIZER_NAME)
}

fn column_options() -> NumericOptions {
    NumericOptions::default().set_fast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_the_position_in_all() {
        for (at, field) in TextField::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), at, "{field:?}");
        }
    }
}
