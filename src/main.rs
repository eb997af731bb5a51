//! The `takeaways` program.

use std::process::ExitCode;

// The system's allocator keeps the memory of a burst of questions for good.
#[cfg(all(target_os = "linux", feature = "jemalloc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    takeaways::cli::main()
}
