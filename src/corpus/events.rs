//! Which conference a text is about.
