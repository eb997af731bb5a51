//! Decompression with a limit.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

/// Why bytes were not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GzipError {
    /// They hold more than the limit.
    TooLarge,
    /// They are damaged.
    Damaged,
}

/// Whether bytes begin as gzip does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Unpacks gzip, at most `limit` bytes; more are never held in memory.
pub(crate) fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, GzipError> {
    let mut unpacked = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(limit as u64 + 1);
    reader.read_to_end(&mut unpacked).map_err(|_| GzipError::Damaged)?;
    if unpacked.len() > limit { Err(GzipError::TooLarge) } else { Ok(unpacked) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::gzip;

    #[test]
    fn a06_a_gzip_bomb_is_cut_off_at_the_limit() {
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100 << 10);
        assert_eq!(unpack(&bomb, 10 << 20), Err(GzipError::TooLarge));
        assert_eq!(unpack(&gzip(&bomb), 10 << 20).expect("one level"), bomb, "only one level is unpacked");
    }

    #[test]
    fn whole_gzip_is_unpacked_and_damaged_is_not() {
        let packed = gzip(b"words");
        assert!(is_gzip(&packed));
        assert_eq!(unpack(&packed, 5), Ok(b"words".to_vec()));
        assert_eq!(unpack(&packed[..packed.len() - 9], 5), Err(GzipError::Damaged));
    }
}
