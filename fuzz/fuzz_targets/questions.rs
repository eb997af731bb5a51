//! Any question with any wish to an answer from a small index. The lines of an input: see `questions::request`.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use takeaways_fuzz::questions::{Asker, request};

static ASKER: LazyLock<Asker> = LazyLock::new(Asker::new);

fuzz_target!(|data: &[u8]| {
    if let Some(request) = request(data) {
        ASKER.check(&request);
    }
});
