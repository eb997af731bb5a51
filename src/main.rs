//! The `takeaways` program.

fn main() {}
