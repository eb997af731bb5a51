//! The index: writing and searching it. The only room that names tantivy.
//! PLACEHOLDER of signatures until the room lands.
#![allow(missing_docs, clippy::missing_errors_doc, clippy::pedantic)]

use crate::model::{Event, EventId, Language, Post, PostId, Years};
use std::sync::Arc;

#[derive(Debug, Clone, Default)]
pub struct Query {
    pub groups: Vec<Group>,
    pub filter: Filter,
}
#[derive(Debug, Clone)]
pub struct Group {
    pub alternatives: Vec<Alternative>,
    pub weight: f32,
    pub need: Need,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Should,
    Must,
    MustNot,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    pub terms: Vec<String>,
    pub weight: f32,
}
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub events: Vec<EventId>,
    pub years: Option<Years>,
    pub authors: Vec<String>,
    pub visible_at: Option<jiff::Timestamp>,
}
#[derive(Debug, Clone)]
pub struct Hit {
    pub score: f32,
    pub post: Arc<Post>,
    pub passage: usize,
}
#[derive(Debug, thiserror::Error)]
pub enum RetrievalError {
    #[error("x")]
    X,
}
#[derive(Debug, Clone, Default)]
pub struct Facets {
    pub events: Vec<(Event, u32)>,
    pub years: Vec<(i16, u32)>,
    pub authors: Vec<(String, u32)>,
}
#[derive(Debug)]
pub struct Index;
impl Index {
    pub fn search(&self, _q: &Query, _limit: usize) -> Result<Vec<Hit>, RetrievalError> {
        Ok(vec![])
    }
    pub fn frequency(&self, _a: &Alternative) -> Result<u64, RetrievalError> {
        Ok(0)
    }
    pub fn passages(&self) -> u64 {
        0
    }
    pub fn similar_terms(&self, _t: &str, _d: u8, _l: usize) -> Result<Vec<(String, u64)>, RetrievalError> {
        Ok(vec![])
    }
    pub fn facets(&self) -> Result<Arc<Facets>, RetrievalError> {
        Ok(Arc::default())
    }
    pub fn languages(&self) -> &[Language] {
        &[Language::En]
    }
    pub fn post(&self, _id: &PostId) -> Result<Option<Arc<Post>>, RetrievalError> {
        Ok(None)
    }
}
