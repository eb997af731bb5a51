//! A frame of Discord's gateway: events, interactions, messages. Needs the feature `fuzzing` of the crate.

#![no_main]

use libfuzzer_sys::fuzz_target;
use takeaways_discord::fuzzing::parse_frame;

fuzz_target!(|data: &[u8]| parse_frame(&String::from_utf8_lossy(data)));
