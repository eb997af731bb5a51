//! Lines of a file with their numbers, each in bounded memory.

use std::io::{BufRead, Read};

use super::error::CollectionError;

/// The longest line that is read, in bytes. The longest article of Wikipedia has 2 MB.
const MAX_BYTES: usize = 16 << 20;

/// Calls `each` with every line that is not blank, without its end and without a byte order mark.
pub(super) fn for_each_line(
    file: &str,
    mut input: impl BufRead,
    mut each: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<(), CollectionError> {
    let mut bytes = Vec::new();
    for line in 1.. {
        let broken = |what: String| CollectionError { file: file.to_owned(), line, what };
        bytes.clear();
        let read = input.by_ref().take(MAX_BYTES as u64 + 1).read_until(b'\n', &mut bytes);
        match read.map_err(|error| broken(format!("it can't be read: {error}")))? {
            0 => break,
            read if read > MAX_BYTES => return Err(broken("the line is longer than 16 MiB".to_owned())),
            _ => {}
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| broken("the line is not UTF-8".to_owned()))?;
        let text = if line == 1 { text.trim_start_matches('\u{feff}') } else { text };
        let text = text.trim_end_matches(['\n', '\r']);
        if !text.trim().is_empty() {
            each(line, text).map_err(broken)?;
        }
    }
    Ok(())
}
