//! Any bytes under any path to a post or to problems. The first line of an input is the path.

#![no_main]

use libfuzzer_sys::fuzz_target;
use takeaways_fuzz::posts;

fuzz_target!(|data: &[u8]| posts::check(&posts::read(data)));
