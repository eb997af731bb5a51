//! Builders of posts, and a corpus in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::{CorpusFile, FileContent, FileSource};
use takeaways_corpus::UnreadPart;
use takeaways_text::model::{
    Block, BlockKind, Body, Boundary, Event, EventId, Language, Passage, Post, PostId, PostKind, Section,
    Sentence, Span,
};

/// Makes a builder of a post without text.
pub(crate) fn post(id: &str) -> PostBuilder {
    PostBuilder {
        post: Post {
            id: PostId(id.into()),
            path: format!("{id}.md"),
            kind: PostKind::Post,
            title: Some("Untitled".into()),
            authors: Vec::new(),
            date: None,
            url: None,
            publisher: None,
            // Without a known language, words are not stemmed.
            language: Language::Other,
            tags: Vec::new(),
            topics: Vec::new(),
            projects: Vec::new(),
            companies: Vec::new(),
            events: Vec::new(),
            draft: false,
            is_about_draft: false,
            visible_from: None,
            body: Body { sections: vec![Section::default()], ..Body::default() },
        },
    }
}

/// A builder of posts.
#[derive(Clone)]
pub(crate) struct PostBuilder {
    post: Post,
}

impl PostBuilder {
    pub(crate) fn title(mut self, title: &str) -> Self {
        self.post.title = Some(title.into());
        self
    }

    pub(crate) fn author(mut self, author: &str) -> Self {
        self.post.authors.push(author.into());
        self
    }

    pub(crate) fn date(mut self, date: &str) -> Self {
        self.post.date = Some(date.parse::<Date>().expect("a date"));
        self
    }

    pub(crate) fn visible_from(mut self, time: &str) -> Self {
        self.post.visible_from = Some(time.parse::<Timestamp>().expect("a time"));
        self
    }

    pub(crate) fn language(mut self, language: Language) -> Self {
        self.post.language = language;
        self
    }

    pub(crate) fn project(mut self, project: &str) -> Self {
        self.post.projects.push(project.into());
        self
    }

    pub(crate) fn company(mut self, company: &str) -> Self {
        self.post.companies.push(company.into());
        self
    }

    pub(crate) fn topic(mut self, topic: &str) -> Self {
        self.post.topics.push(topic.into());
        self
    }

    pub(crate) fn event(mut self, id: &str, year: Option<i16>) -> Self {
        self.post.events.push(Event {
            id: EventId(id.into()),
            series: "Conf".into(),
            name: id.replace('-', " "),
            year,
            city: None,
            country: None,
            region: None,
            start: None,
            end: None,
        });
        self
    }

    pub(crate) fn heading(mut self, text: &str) -> Self {
        let span = self.push(text);
        let body = &mut self.post.body;
        body.sections.push(Section { heading: Some(span), level: 2, parent: Some(0), event: None });
        let section = u32::try_from(body.sections.len() - 1).expect("few sections");
        body.blocks.push(Block {
            kind: BlockKind::Heading(2),
            span,
            section,
            lead_in: None,
            depth: 0,
            speaker: None,
            boundary: Boundary::None,
            number: None,
        });
        let block = u32::try_from(body.blocks.len() - 1).expect("few blocks");
        body.sentences.push(Sentence { span, block });
        self
    }

    /// Adds a paragraph of one sentence and one passage.
    pub(crate) fn text(mut self, text: &str) -> Self {
        let span = self.push(text);
        let body = &mut self.post.body;
        let section = u32::try_from(body.sections.len() - 1).expect("few sections");
        body.blocks.push(Block {
            kind: BlockKind::Paragraph,
            span,
            section,
            lead_in: None,
            depth: 0,
            speaker: None,
            boundary: Boundary::None,
            number: None,
        });
        let block = u32::try_from(body.blocks.len() - 1).expect("few blocks");
        body.sentences.push(Sentence { span, block });
        let sentence = u32::try_from(body.sentences.len() - 1).expect("few sentences");
        body.passages.push(Passage { span, section, first_sentence: sentence, end_sentence: sentence + 1 });
        self
    }

    /// Adds a paragraph of one sentence and one passage, in the words of a person.
    pub(crate) fn said_by(mut self, speaker: &str, text: &str) -> Self {
        self = self.text(text);
        let body = &mut self.post.body;
        let known = body.speakers.iter().position(|known| known == speaker);
        let at = known.unwrap_or_else(|| {
            body.speakers.push(speaker.into());
            body.speakers.len() - 1
        });
        body.blocks.last_mut().expect("a block").speaker = u32::try_from(at).ok();
        self
    }

    pub(crate) fn build(self) -> Post {
        self.post
    }

    fn push(&mut self, text: &str) -> Span {
        let body = &mut self.post.body;
        if !body.text.is_empty() {
            body.text.push_str("\n\n");
        }
        let start = body.text.len();
        body.text.push_str(text);
        Span::new(&body.text, start..body.text.len()).expect("not empty")
    }
}

/// Files in memory.
#[derive(Default)]
pub(crate) struct MemoryFiles {
    listed: Vec<CorpusFile>,
    contents: BTreeMap<String, (Option<Post>, u64)>,
    unread: Vec<UnreadPart>,
    reads: AtomicUsize,
}

impl MemoryFiles {
    /// Makes files of some posts, written long ago.
    pub(crate) fn from_posts(posts: impl IntoIterator<Item = PostBuilder>) -> Self {
        let mut files = Self::default();
        for (at, post) in posts.into_iter().enumerate() {
            files.put(post.build(), i64::try_from(at).expect("few posts"));
        }
        files
    }

    /// Adds a post or replaces it.
    pub(crate) fn put(&mut self, post: Post, modified_ns: i64) {
        let hash = xxhash_rust::xxh3::xxh3_64(format!("{post:?}").as_bytes());
        let (path, id) = (post.path.clone(), post.id.clone());
        self.list(&path, id, modified_ns);
        self.contents.insert(path, (Some(post), hash));
    }

    /// Adds a file without a post.
    pub(crate) fn put_empty(&mut self, path: &str) {
        self.list(path, PostId(path.into()), 0);
        self.contents.insert(path.into(), (None, 1));
    }

    /// Changes a file, but neither its size nor its time.
    pub(crate) fn change_silently(&mut self, post: Post) {
        let hash = xxhash_rust::xxh3::xxh3_64(format!("{post:?}").as_bytes());
        self.contents.insert(post.path.clone(), (Some(post), hash));
    }

    /// Removes a file.
    pub(crate) fn remove(&mut self, path: &str) {
        self.listed.retain(|file| file.path != path);
        self.contents.remove(path);
    }

    /// Removes a file that stays in the list.
    pub(crate) fn remove_after_listing(&mut self, path: &str) {
        self.contents.remove(path);
    }

    /// Makes a folder unreadable: none of its files is listed. The empty path stands for all folders.
    pub(crate) fn close(&mut self, folder: &str) {
        let part = UnreadPart { root: 0, path: folder.into(), reason: "permission denied".into() };
        self.listed.retain(|file| !part.contains(&file.path));
        self.unread.push(part);
    }

    /// Reverses the order of the files.
    pub(crate) fn reverse(&mut self) {
        self.listed.reverse();
    }

    /// Returns how many files were read since the last call.
    pub(crate) fn reads(&self) -> usize {
        self.reads.swap(0, Ordering::Relaxed)
    }

    fn list(&mut self, path: &str, id: PostId, modified_ns: i64) {
        let size = modified_ns.unsigned_abs();
        let file = CorpusFile { root: 0, path: path.into(), id, size, modified_ns };
        match self.listed.iter_mut().find(|old| old.path == path) {
            Some(old) => *old = file,
            None => self.listed.push(file),
        }
    }
}

impl FileSource for MemoryFiles {
    fn files(&self) -> &[CorpusFile] {
        &self.listed
    }

    fn unread(&self) -> &[UnreadPart] {
        &self.unread
    }

    fn hides_unpublished(&self) -> bool {
        true
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let (post, content_hash) = self.contents.get(&self.listed[at].path).ok_or("it is gone")?;
        Ok(FileContent {
            post: post.clone(),
            problems: usize::from(post.is_none()),
            is_rejected: post.is_none(),
            content_hash: *content_hash,
        })
    }
}
