//! Pages and fragments of HTML to text, sentences and passages.

#![no_main]

use libfuzzer_sys::fuzz_target;
use takeaways_text::Format;

fuzz_target!(|data: &[u8]| takeaways_fuzz::check_formats(&[Format::Html], data));
