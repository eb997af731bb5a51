//! What a file says about itself.

pub mod date;
