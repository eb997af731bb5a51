//! An answer to pages. Pure.
