//! Digests by the real program: what arrives, once and on time, whatever breaks on the way.

mod calendar;
