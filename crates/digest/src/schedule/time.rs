//! Parses a time of day.

use jiff::civil::Time;

/// Parses `9`, `09:00`, `9.30`, `0930`, `9am`, `5:30pm`, `17h`, `17h30`, `noon`, `midnight`.
pub(super) fn parse_time(word: &str) -> Option<Time> {
    match word {
        "noon" | "midday" => return Time::new(12, 0, 0, 0).ok(),
        "midnight" => return Some(Time::midnight()),
        _ => {}
    }
    let (clock, half) = split_day_half(word);
    let (hour, minute) = hour_and_minute(clock)?;
    let hour = match (half, hour) {
        (Some(_), 0 | 13..) => return None,
        (Some(DayHalf::Morning), 12) => 0,
        (None | Some(DayHalf::Morning), hour) | (Some(DayHalf::Evening), hour @ 12) => hour,
        (Some(DayHalf::Evening), hour) => hour + 12,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// Whether a word looks like a time of day, valid or not. A plain number does not.
pub(super) fn looks_like_time(word: &str) -> bool {
    let (clock, half) = split_day_half(word);
    let has_digit = clock.starts_with(|c: char| c.is_ascii_digit());
    let is_clock = has_digit && clock.chars().all(|c| c.is_ascii_digit() || ":.h".contains(c));
    let has_mark = half.is_some() || clock.contains([':', '.', 'h']);
    matches!(word, "noon" | "midday" | "midnight") || (is_clock && has_mark)
}

#[derive(Debug, Clone, Copy)]
enum DayHalf {
    Morning,
    Evening,
}

fn split_day_half(word: &str) -> (&str, Option<DayHalf>) {
    let suffixes = [
        ("am", DayHalf::Morning),
        ("a.m.", DayHalf::Morning),
        ("a.m", DayHalf::Morning),
        ("pm", DayHalf::Evening),
        ("p.m.", DayHalf::Evening),
        ("p.m", DayHalf::Evening),
    ];
    let split = suffixes.iter().find_map(|(suffix, half)| Some((word.strip_suffix(suffix)?, *half)));
    split.map_or((word, None), |(clock, half)| (clock, Some(half)))
}

fn hour_and_minute(clock: &str) -> Option<(i8, i8)> {
    let number = |digits: &str, max_digits: usize| {
        let is_number =
            (1..=max_digits).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse::<i8>().ok()).flatten()
    };
    if let Some((hour, minute)) = clock.split_once([':', '.', 'h']) {
        let is_whole = minute.is_empty() && clock.ends_with('h');
        let minute = if is_whole { "00" } else { minute };
        return Some((number(hour, 2)?, number(minute, 2).filter(|_| minute.len() == 2)?));
    }
    if clock.len() == 4 && clock.is_ascii() {
        return Some((number(&clock[..2], 2)?, number(&clock[2..], 2)?));
    }
    Some((number(clock, 2)?, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_times_in_many_ways() {
        for (word, time) in [
            ("9", "09:00"),
            ("09", "09:00"),
            ("9:00", "09:00"),
            ("09:05", "09:05"),
            ("9.30", "09:30"),
            ("0930", "09:30"),
            ("9am", "09:00"),
            ("12am", "00:00"),
            ("12pm", "12:00"),
            ("12:30am", "00:30"),
            ("5:30pm", "17:30"),
            ("5p.m.", "17:00"),
            ("17h", "17:00"),
            ("17h30", "17:30"),
            ("noon", "12:00"),
            ("midnight", "00:00"),
            ("23:59", "23:59"),
        ] {
            let read = parse_time(word).map(|time| time.strftime("%H:%M").to_string());
            assert_eq!(read.as_deref(), Some(time), "{word}");
        }
    }

    #[test]
    fn other_words_are_refused() {
        for word in [
            "", "24", "24:00", "9:60", "9:5", "13pm", "0am", "9:", ":30", "-1", "+9", "9:00:00", "123",
            "12345", "9h3", "am", "nine", "9:٣0", "é9:0", "99",
        ] {
            assert_eq!(parse_time(word), None, "{word}");
        }
    }

    #[test]
    fn a_plain_number_does_not_look_like_a_time() {
        assert!(
            looks_like_time("9:00")
                && looks_like_time("25:00")
                && looks_like_time("9pm")
                && looks_like_time("noon")
        );
        assert!(
            !looks_like_time("9")
                && !looks_like_time("31st")
                && !looks_like_time("am")
                && !looks_like_time("monday")
        );
    }
}
