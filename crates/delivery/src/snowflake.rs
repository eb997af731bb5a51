//! The times in Discord's ids: <https://discord.com/developers/docs/reference#snowflakes>.

use jiff::Timestamp;

/// The epoch of ids, in milliseconds since 1970.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// The time at which an id was made. `None` if that time can't be represented.
pub fn created_at(id: u64) -> Option<Timestamp> {
    let ms = i64::try_from(id >> 22).ok()?.checked_add(EPOCH_MS)?;
    Timestamp::from_millisecond(ms).ok()
}

/// The first id of a time; 0 for a time before the epoch.
pub(crate) fn first_id_at(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond() - EPOCH_MS).map_or(0, |ms| ms << 22)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_begin_with_their_time() {
        // The example of Discord's documentation.
        let time: Timestamp = "2016-04-30T11:18:25.796Z".parse().expect("a time");
        assert_eq!(first_id_at(time), 175_928_847_298_985_984);
        assert_eq!(first_id_at(Timestamp::UNIX_EPOCH), 0);
        assert_eq!(created_at(175_928_847_299_117_063), Some(time));
    }
}
