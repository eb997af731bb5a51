//! A secret in a wrong place is never shown.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::Union;

use super::{FILE_NAME, Flags, ResolvedSettings, SETTINGS, Sources, sources};

/// A secret: the value that holds it, and the part that nobody may see.
#[derive(Debug, Clone)]
struct Canary {
    value: String,
    hidden: String,
}

/// Tokens as Discord makes them, and addresses with a password.
fn canaries() -> impl Strategy<Value = Canary> {
    let id =
        select(&["MTEwMDAwMDAwMDAwMDAwMDAwMQ", "ODE2NjU1NDQzMzIyMTEwMDk5OA", "NTU1NTU1NTU1NTU1NTU1NTU"][..]);
    let token =
        (id, "[A-Za-z0-9_-]{6}", "[A-Za-z0-9_-]{27,38}", select(&["", "Bot ", "'", "bot/"][..])).prop_map(
            |(id, time, hidden, before)| Canary { value: format!("{before}{id}.{time}.{hidden}"), hidden },
        );
    let scheme = select(&["http://", "https://", "postgres://", "mysql://"][..]);
    let address =
        (scheme, "[a-z]{1,8}", "[A-Za-z][A-Za-z0-9%!/?#: _-]{8,20}[a-z]", "[a-z]{1,8}(:[0-9]{1,5})?(/x)?")
            .prop_map(|(scheme, user, hidden, host)| Canary {
                value: format!("{scheme}{user}:{hidden}@{host}"),
                hidden,
            });
    Union::new([token.boxed(), address.boxed()])
}

/// Places where a person may put a secret by mistake. `%` stands for the value.
const FILES: [&str; 9] = [
    "NAME = \"%\"",
    "NAME = [\"%\"]",
    "NAME = [1, [\"%\"]]",
    "NAME = { a = \"%\" }",
    "[[NAME]]\na = \"%\"",
    "NAMEX = \"%\"",
    "\"%\" = 1",
    "NAME = %",
    "NAME = \"%",
];

fn with_secret(canary: &Canary, place: Index, setting: Index) -> Sources {
    let setting = &SETTINGS[setting.index(SETTINGS.len())];
    let (value, path) = (canary.value.clone(), canary.value.clone().into());
    let variable = |name: String| sources(&[(&name, &value)]);
    let flags = |flags: Flags| Sources { flags, ..sources(&[]) };
    match place.index(9) {
        0 => variable(setting.variable()),
        1 => variable(setting.variable() + "X"),
        2 => variable(setting.variable().replace("__", "_")),
        3 => variable("DISCORD_TOKEN".into()),
        4 => variable("DISCORD_TOKEN_FILE".into()),
        5 => variable("TAKEAWAYS__STATE__URL_FILE".into()),
        6 => flags(Flags { corpus: vec![path], ..Flags::default() }),
        7 => flags(Flags { state_dir: Some(path), ..Flags::default() }),
        _ => Sources { file: Some(path), ..sources(&[]) },
    }
}

#[track_caller]
fn assert_hidden(sources: &Sources, canary: &Canary) {
    let resolved = ResolvedSettings::read(sources);
    let mut shown = format!("{resolved:?}");
    for problem in resolved.problems.iter().chain(&resolved.warnings) {
        shown += &problem.to_string();
    }
    for row in &resolved.rows {
        shown += &row.value_as_toml();
    }
    assert!(!shown.contains(&canary.hidden), "{shown}");
}

proptest! {
    #[test]
    fn a16_a_secret_in_a_wrong_variable_or_flag_is_not_shown(
        canary in canaries(), place: Index, setting: Index
    ) {
        assert_hidden(&with_secret(&canary, place, setting), &canary);
    }

    #[test]
    fn a16_a_secret_in_a_wrong_place_of_a_file_is_not_shown(
        canary in canaries(), place in select(&FILES[..]), setting: Index
    ) {
        let name = SETTINGS[setting.index(SETTINGS.len())].name;
        let folder = tempfile::tempdir().expect("a folder");
        let text = place.replace("NAME", name).replace('%', &canary.value);
        std::fs::write(folder.path().join(FILE_NAME), text).expect("a file");
        assert_hidden(&Sources { working_dir: folder.path().into(), ..sources(&[]) }, &canary);
    }
}

#[test]
fn a16_a_misplaced_secret_says_where_it_belongs() {
    const TOKEN: &str = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Canary.never-to-be-seen-0000";
    for (name, value, expected) in [
        (
            "DISCORD_TOKEN_FILE",
            TOKEN,
            "DISCORD_TOKEN_FILE: its value is the token, not the path of a file; name a file that contains only the \
             token, or set DISCORD_TOKEN to the token",
        ),
        (
            "TAKEAWAYS__STATE__URL_FILE",
            "postgres://u:p@h/d",
            "TAKEAWAYS__STATE__URL_FILE: its value is the addresses, not the path of a file; name a file that contains \
             only the addresses, or set TAKEAWAYS__STATE__URL to the addresses",
        ),
        (
            "TAKEAWAYS__DISCORD__LINK",
            TOKEN,
            "TAKEAWAYS__DISCORD__LINK: discord.link can't be (hidden); it looks like a token: remove it here and set \
             DISCORD_TOKEN to it",
        ),
        (
            "TAKEAWAYS__DISCORD__API_BASE",
            "http://u:p@h",
            "TAKEAWAYS__DISCORD__API_BASE: discord.api_base can't be (hidden); write the address without a user and a \
             password",
        ),
    ] {
        let found: Vec<String> = ResolvedSettings::read(&sources(&[(name, value)]))
            .problems
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, [expected]);
    }
}
