//! Composing digests of handmade posts.
