//! The collected posts, where they are present.
