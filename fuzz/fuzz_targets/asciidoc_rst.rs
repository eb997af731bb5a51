//! AsciiDoc and reStructuredText to text, sentences and passages.

#![no_main]

use libfuzzer_sys::fuzz_target;
use takeaways_text::MarkupFormat;

fuzz_target!(|data: &[u8]| takeaways_fuzz::check_formats(&[MarkupFormat::AsciiDoc, MarkupFormat::Rst], data));
