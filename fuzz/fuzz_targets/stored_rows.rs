//! Rows of the state that somebody else has written to: the store must read them, or say that they are damaged. An
//! input is a list of changes; see `src/stored_rows.rs`.

#![no_main]

use std::sync::{LazyLock, Mutex};

use libfuzzer_sys::fuzz_target;
use takeaways_fuzz::stored_rows::State;

static STATE: LazyLock<Mutex<State>> = LazyLock::new(|| Mutex::new(State::new()));

fuzz_target!(|data: &[u8]| STATE.lock().expect("one thread").check(data));
