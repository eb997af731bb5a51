//! Front matter in all its forms, and what the file says about itself. The first line of an input is the path.

#![no_main]

use libfuzzer_sys::fuzz_target;
use takeaways_corpus::{front_matter, metadata, read::decode};
use takeaways_fuzz::first_line;
use takeaways_fuzz::metadata::{check_metadata, check_split};
use takeaways_text::MarkupFormat;

/// Enough of a text for bylines and headings; what markup comes to is for other targets.
const MAX_BODY: usize = 2_000;

fuzz_target!(|data: &[u8]| {
    let (path, source) = first_line(data);
    let Ok(source) = decode(source).map(|decoded| decoded.text) else { return };
    match front_matter::split_front_matter(&source) {
        Ok(split) => {
            check_split(&split, &source);
            read(&String::from_utf8_lossy(path), &split);
        }
        Err(fault) => assert!(fault.kind.is_fatal(), "{fault:?} should not refuse the file"),
    }
});

fn read(path: &str, split: &front_matter::SplitSource<'_>) {
    let format =
        path.rsplit('.').next().and_then(MarkupFormat::from_extension).unwrap_or(MarkupFormat::Markdown);
    let body = &split.body[..split.body.floor_char_boundary(MAX_BODY)];
    let readable = takeaways_text::read_markup(format, body, split.body_line);
    check_metadata(&metadata::read_metadata(&metadata::MetadataInput {
        path,
        format,
        fields: &split.fields,
        head: &readable.head,
        body: &readable.body,
        this_year: 2026,
    }));
}
