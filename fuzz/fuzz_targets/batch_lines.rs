//! The lines of `takeaways ask --batch` to questions, or to errors. Every line gets one line of JSON back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use takeaways_cli::input_lines::{BatchError, BatchQuestion, LineReader};
use takeaways_render::json;

fuzz_target!(|data: &[u8]| {
    let mut lines = LineReader::new(data);
    while let Some(line) = lines.next_line().expect("memory can be read") {
        match BatchQuestion::from_line(line) {
            Ok(BatchQuestion { id, question, .. }) => {
                assert!(!question.text().trim().is_empty(), "an empty question");
                serde_json::from_str::<&RawValue>(id.get()).expect("the id is JSON");
            }
            Err(BatchError { id, why }) => {
                let reply = json::error(&id, &why).expect("an error as JSON");
                assert!(!why.trim().is_empty() && !reply.contains('\n'), "{reply}");
                serde_json::from_str::<&RawValue>(&reply).expect("the reply is JSON");
            }
        }
    }
});
