//! Which topics a post or a passage is about.
