//! The index: writing and searching it. The only room that names tantivy.
