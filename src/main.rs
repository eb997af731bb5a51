//! The `takeaways` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    takeaways::cli::main()
}
