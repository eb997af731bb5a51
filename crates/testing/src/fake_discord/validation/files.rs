//! The rules of files: a message names each of its files, and each name has a file.
//! <https://discord.com/developers/docs/reference#uploading-files>

use serde_json::Value;

use super::limits::{at_most, between, count, list};
use crate::fake_discord::rest::UploadedFile;

/// The most bytes of all files of a message.
const MAX_BYTES: usize = 10 << 20;

/// Returns the violations of the files of a message. `is_new` says that it has no files yet.
pub(super) fn violations(message: &Value, files: &[UploadedFile], is_new: bool) -> Vec<String> {
    let mut faults = Vec::new();
    let named = list(&message["attachments"]);
    count(&mut faults, "attachments", named, 10);
    for attachment in named {
        at_most(&mut faults, "description of a file", &attachment["description"], 1_024);
        let part = part_of(attachment);
        let file = files.iter().find(|file| file.part == part);
        match file {
            Some(file) => {
                between(&mut faults, "filename", &attachment["filename"], 1_024);
                if attachment["filename"] != file.name.as_str() {
                    faults.push(format!("{part} is {:?}, not {}", file.name, attachment["filename"]));
                }
                if attachment["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
                    faults.push(format!("nobody described {part}"));
                }
            }
            None if is_new => faults.push(format!("{part} is missing")),
            None => {}
        }
    }
    for file in files {
        let is_named = |attachment: &Value| file.part == part_of(attachment);
        if !named.iter().any(is_named) {
            faults.push(format!("the message does not name {:?}", file.part));
        }
        if file.content_type == "image/png" && !file.bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            faults.push(format!("{:?} is no PNG", file.name));
        }
    }
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    if bytes > MAX_BYTES {
        faults.push(format!("files of {bytes} bytes"));
    }
    faults
}

/// The part of the form that an attachment names.
fn part_of(attachment: &Value) -> String {
    format!("files[{}]", attachment["id"].as_str().unwrap_or_default())
}
