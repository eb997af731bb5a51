use std::path::Path;

use secrecy::ExposeSecret;

use super::*;

mod misplaced;

fn variables(set: &[(&str, &str)]) -> BTreeMap<String, String> {
    set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn sources(environment: &[(&str, &str)]) -> Sources {
    Sources {
        working_dir: "/here".into(),
        environment: variables(environment),
        data_dir: Some("/data".into()),
        ..Sources::default()
    }
}

/// Reads the settings with this text as their file.
fn with_file(text: &str) -> ResolvedSettings {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(FILE_NAME), text).expect("a file");
    ResolvedSettings::read(&Sources { working_dir: folder.path().into(), ..sources(&[]) })
}

fn problems(resolved: &ResolvedSettings) -> Vec<String> {
    resolved.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_defaults_are_whole_and_in_order() {
    let resolved = ResolvedSettings::read(&sources(&[]));
    assert_eq!(problems(&resolved), Vec::<String>::new());
    let settings = resolved.settings.expect("all have a value");
    assert_eq!(settings.state.dir, Path::new("/data"));
    assert_eq!(settings.corpus.max_bytes, 2 << 20);
    assert!(resolved.rows.iter().map(|row| row.key).eq(SETTINGS.iter().map(|setting| setting.name)));
}

#[test]
fn a_later_layer_overrides_an_earlier_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "[corpus]\ndrafts = true\nmax_posts = 7\nfolders = [\"posts\"]\n[log]\nlevel = \"info\"";
    std::fs::write(folder.path().join(FILE_NAME), file).expect("a file");
    let resolved = ResolvedSettings::read(&Sources {
        working_dir: folder.path().into(),
        flags: Flags { level: Some(LogLevel::Debug), ..Flags::default() },
        ..sources(&[("TAKEAWAYS__CORPUS__MAX_POSTS", "8"), ("TAKEAWAYS__CORPUS__EXCLUDE", "a*, b,")])
    });
    assert_eq!(problems(&resolved), Vec::<String>::new());
    let from: Vec<(&str, &str)> = resolved
        .rows
        .iter()
        .filter(|row| row.from != "default")
        .map(|row| (row.key, row.from.as_str()))
        .collect();
    assert_eq!(
        from,
        [
            ("corpus.folders", "takeaways.toml"),
            ("corpus.exclude", "TAKEAWAYS__CORPUS__EXCLUDE"),
            ("corpus.drafts", "takeaways.toml"),
            ("corpus.max_posts", "TAKEAWAYS__CORPUS__MAX_POSTS"),
            ("log.level", "-v"),
        ]
    );
    let settings = resolved.settings.expect("all have a value");
    assert_eq!(settings.corpus.max_posts, 8);
    assert_eq!(settings.corpus.exclude.patterns(), ["a*", "b"]);
    assert_eq!(settings.corpus.folders, [folder.path().join("posts")], "relative to its file");
}

#[test]
fn a_wrong_value_says_what_to_write() {
    for (text, expected) in [
        ("corpus.drafts = \"true\"", "corpus.drafts can't be \"true\"; write true or false"),
        ("corpus.folders = \"posts\"", "can't be \"posts\"; write a list, for example [\"one\", \"two\"]"),
        ("corpus.folders = [\"~/posts\"]", "write the full path: ~ is not expanded here"),
        ("corpus.folders = [\"\"]", "write a path that is not empty"),
        ("corpus.folders = [1]", "write each item of the list in quotation marks"),
        ("corpus.exclude = [\"a[\"]", "fix the pattern ("),
        ("corpus.max_bytes = -1", "write a whole number from 1 to 1073741824"),
        ("answering.limit = 2.7", "answering.limit can't be 2.7; write a whole number from 1 to 3"),
        ("answering.limit = 4", "answering.limit can't be 4; write a whole number from 1 to 3"),
        ("answering.strictness = \"lax\"", "write one of \"strict\", \"balanced\", \"eager\""),
        ("answering.limits = 2", "there is no setting answering.limits; did you mean answering.limit?"),
        ("drafts = true", "there is no setting drafts; did you mean corpus.drafts?"),
        ("zzz.q = 1", "there is no setting zzz.q; remove it: no setting has a similar name"),
        ("corpus = 1", "there is no setting corpus; "),
        ("other = {}", "there is no setting other; "),
        ("log.level = {}", "log.level can't be a table; write one of "),
        ("ops.listen = \"localhost\"", "write an address with its port, for example \"127.0.0.1:9464\""),
        ("ops.listen = 9464", "ops.listen can't be 9464; write an address with its port"),
        ("discord.token = \"s3cret \\n x\"", "discord.token can't be (hidden); copy the token again"),
        ("discord.tokn = \"s3cret\"", "there is no setting discord.tokn; "),
        (
            "log.level = \"info\"\nx = ",
            "takeaways.toml:2: string values must be quoted, expected literal string; fix the file",
        ),
        ("x = 1\nx = 2", "takeaways.toml:2: duplicate key; fix the file"),
        (
            "answering.limit = 99_999_999_999_999_999_999",
            "answering.limit can't be \"99999999999999999999\"; write a whole",
        ),
        ("answering.limit = 0x2_f", "answering.limit can't be 47; write a whole"),
        ("corpus.max_posts = 1979-05-27", "corpus.max_posts can't be \"1979-05-27\"; write a whole"),
    ] {
        let found = problems(&with_file(text));
        assert!(found.len() == 1 && found[0].contains(expected), "{text}: {found:?}");
        assert!(!found[0].contains("s3cret"), "{text}");
    }
}

#[test]
fn all_problems_are_found_at_once_and_name_their_source() {
    let resolved = ResolvedSettings::read(&sources(&[
        ("TAKEAWAYS__ANSWERING__LIMIT", "nine"),
        ("TAKEAWAYS__CORPUS__DRAFT", "true"),
        ("TAKEAWAYS_CORPUS_DRAFTS", "true"),
        ("TAKEAWAYS__STATE__DIR", ""),
        ("TAKEAWAYS_HOME", "is not ours"),
    ]));
    assert_eq!(
        problems(&resolved),
        [
            "TAKEAWAYS_CORPUS_DRAFTS: it has no effect; did you mean TAKEAWAYS__CORPUS__DRAFTS?",
            "TAKEAWAYS__ANSWERING__LIMIT: answering.limit can't be \"nine\"; write a whole number from 1 to 3",
            "TAKEAWAYS__CORPUS__DRAFT: there is no setting corpus.draft; did you mean TAKEAWAYS__CORPUS__DRAFTS?",
        ]
    );
}

#[test]
fn empty_sections_a_byte_order_mark_and_an_empty_file_are_fine() {
    for text in ["", "[corpus]", "\u{feff}[log]\nlevel = \"error\"\r\n"] {
        assert_eq!(problems(&with_file(text)), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn an_address_can_be_left_out() {
    let listen = |text: &str| with_file(text).settings.map(|settings| settings.ops.listen);
    assert_eq!(listen(""), Some("127.0.0.1:9464".parse().ok()), "loopback unless somebody says otherwise");
    assert_eq!(listen("ops.listen = \"\""), Some(None));
    assert_eq!(listen("ops.listen = \"[::1]:80\""), Some("[::1]:80".parse().ok()));
}

#[test]
fn a_file_that_was_asked_for_must_be_there() {
    let resolved = ResolvedSettings::read(&Sources { file: Some("none.toml".into()), ..sources(&[]) });
    assert!(problems(&resolved)[0].starts_with("none.toml: it can't be read ("), "{:?}", resolved.problems);
}

#[test]
fn without_a_data_folder_one_must_be_named() {
    let without = ResolvedSettings::read(&Sources { data_dir: None, ..sources(&[]) });
    assert_eq!(
        problems(&without),
        ["state.dir: the data folder of this machine is unknown; name one with --state-dir DIR"]
    );
    let flags = Flags { state_dir: Some("state".into()), ..Flags::default() };
    let with = ResolvedSettings::read(&Sources { data_dir: None, flags, ..sources(&[]) });
    assert_eq!(with.settings.map(|settings| settings.state.dir), Some("/here/state".into()));
}

#[test]
fn the_token_comes_from_its_own_variables_and_is_never_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), "from.a.file\n").expect("a file");
    let read = |environment: &[(&str, &str)]| {
        ResolvedSettings::read(&Sources { working_dir: folder.path().into(), ..sources(environment) })
    };
    for (environment, expected) in [
        (vec![], None),
        (vec![("DISCORD_TOKEN", " abc.de_f.g-h\n")], Some("abc.de_f.g-h")),
        (vec![("DISCORD_TOKEN_FILE", "token")], Some("from.a.file")),
        (vec![("DISCORD_TOKEN_FILE", "token"), ("TAKEAWAYS__DISCORD__TOKEN", "x.y.z")], Some("from.a.file")),
        (vec![("TAKEAWAYS__DISCORD__TOKEN", "x.y.z")], Some("x.y.z")),
    ] {
        let resolved = read(&environment);
        assert_eq!(problems(&resolved), Vec::<String>::new());
        assert!(!format!("{resolved:?}").contains("abc.de"));
        let token = resolved.settings.and_then(|settings| settings.discord.token);
        let token = token.as_ref().map(secrecy::ExposeSecret::expose_secret);
        assert_eq!(token, expected, "{environment:?}");
    }
    for (wrong, todo) in [
        ("se cret", "copy the token again: it has three parts"),
        ("secret", "copy the token again: it has three parts"),
        ("se.cr", "copy the token again: it has three parts"),
        ("se..cret", "copy the token again: it has three parts"),
        ("\"se.cr.et\"", "write the token without quotation marks in it"),
        ("Bot se.cr.et", "write the token without \"Bot\" before it"),
    ] {
        let read = read(&[("DISCORD_TOKEN", wrong)]);
        let expected = format!("DISCORD_TOKEN: discord.token can't be (hidden); {todo}");
        assert!(problems(&read).len() == 1 && problems(&read)[0].starts_with(&expected), "{wrong}: {read:?}");
        assert!(!format!("{read:?}").contains(wrong), "{read:?}");
    }
    assert!(problems(&read(&[("DISCORD_TOKEN_FILE", "none")]))[0].contains("none can't be read"));
    std::fs::write(folder.path().join("empty"), "\n").expect("a file");
    let empty = problems(&read(&[("DISCORD_TOKEN_FILE", "empty")]));
    assert_eq!(empty, ["DISCORD_TOKEN_FILE: the file empty is empty; write the token into it"]);
}

#[test]
fn two_variables_for_one_secret_are_a_problem() {
    let both = [("DISCORD_TOKEN", "a.b.c"), ("DISCORD_TOKEN_FILE", "token")];
    let resolved = ResolvedSettings::read(&sources(&both));
    assert_eq!(
        problems(&resolved),
        ["DISCORD_TOKEN_FILE: DISCORD_TOKEN is set too; remove one of the two variables"]
    );
}

#[test]
fn a_misspelt_variable_of_the_token_is_a_warning() {
    let warnings = |environment: &[(&str, &str)]| -> Vec<String> {
        let resolved = ResolvedSettings::read(&sources(environment));
        assert_eq!(problems(&resolved), Vec::<String>::new());
        resolved.warnings.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        warnings(&[("DISCORD_TOKN", "a.b.c"), ("DISCORD_WEBHOOK", "x"), ("PATH", "/bin")]),
        ["DISCORD_TOKN: it has no effect; did you mean DISCORD_TOKEN?"]
    );
    assert_eq!(
        warnings(&[("discord_token_file", "token")]),
        ["discord_token_file: it has no effect; did you mean DISCORD_TOKEN_FILE?"]
    );
    assert_eq!(warnings(&[("DISCORD_TOKN", "")]), Vec::<String>::new());
    assert_eq!(warnings(&[("DISCORD_TOKN", "x"), ("DISCORD_TOKEN", "a.b.c")]), Vec::<String>::new());
}

#[test]
fn each_problem_of_a_file_has_its_line() {
    let text = "[corpus]\ndraft = true\n\n[answering]\nlimit = 9\n[log]\nlevel = [\n  1\n]\n[other]\n";
    let found: Vec<String> = with_file(text).problems.into_iter().map(|problem| problem.from).collect();
    assert_eq!(found, ["takeaways.toml:2", "takeaways.toml:5", "takeaways.toml:7", "takeaways.toml:10"]);
}

#[test]
fn a_broken_file_shows_no_settings() {
    let broken = with_file("[corpus\ndrafts = true");
    assert!(broken.rows.is_empty() && broken.settings.is_none(), "{broken:?}");
    assert_eq!(broken.problems.len(), 1);
}

#[test]
fn nesting_without_end_is_refused() {
    for text in [
        "a.".repeat(100_000) + "b = 1",
        format!("[{}b]", "a.".repeat(100_000)),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{ a = ".repeat(100_000)),
    ] {
        assert_eq!(with_file(&text).problems.len(), 1);
    }
}

#[test]
fn the_addresses_of_the_bot_are_checked() {
    let file = "[discord]\napi_base = \"http://127.0.0.1:1/\"\n[discord.limits]\nperson = 0";
    let resolved = with_file(file);
    assert_eq!(problems(&resolved), Vec::<String>::new());
    let discord = resolved.settings.expect("all have a value").discord;
    assert_eq!(discord.api_base.as_deref(), Some("http://127.0.0.1:1"));
    assert_eq!(discord.person_limit, None);
    for wrong in ["api_base = \"discord.com\"", "api_base = \"http://u@h\""] {
        assert_eq!(with_file(&format!("[discord]\n{wrong}")).problems.len(), 1, "{wrong}");
    }
}

#[test]
fn servers_are_divided_and_hidden() {
    let (one, two) =
        ("postgres://bot:canary%2C1@a/takeaways", "postgresql://bot:canary@b:6543/takeaways?sslmode=require");
    for text in [format!("{one},{two}"), format!("{one}, {two}"), format!("{one} {two}\n")] {
        let resolved = ResolvedSettings::read(&sources(&[("TAKEAWAYS__STATE__URL", &text)]));
        let row = resolved.rows.iter().find(|row| row.key == "state.url").expect("its row");
        assert_eq!((row.value.clone(), row.from.as_str()), ("(hidden)".into(), "TAKEAWAYS__STATE__URL"));
        let settings = resolved.settings.expect("all have a value");
        assert!(!format!("{settings:?}").contains("canary"));
        let found: Vec<&str> = settings.state.servers.iter().map(ExposeSecret::expose_secret).collect();
        assert_eq!(found, [one, two]);
    }
    let listed = with_file(&format!("[state]\nurl = [\"{one}\", \"{two}\"]"));
    assert_eq!(listed.settings.expect("all have a value").state.servers.len(), 2);
    let none = ResolvedSettings::read(&sources(&[]));
    let row = none.rows.iter().find(|row| row.key == "state.url").expect("its row");
    assert_eq!(row.value, serde_json::json!([]), "that there is none is no secret");
}

#[test]
fn an_invalid_server_is_refused_without_showing_it() {
    for text in [
        "mysql://canary@a/b",
        "postgres://",
        "postgres://u:canary@x@a/b",
        "postgres://u:can#ary@a/b",
        "canary",
    ] {
        let found = problems(&ResolvedSettings::read(&sources(&[("TAKEAWAYS__STATE__URL", text)])));
        assert_eq!(found.len(), 1, "{text}");
        assert!(
            found[0].contains("state.url can't be (hidden); write addresses like postgres://"),
            "{found:?}"
        );
        assert!(!found[0].contains("can#ary") && !found[0].contains("canary"), "{found:?}");
    }
}

#[test]
fn servers_can_stand_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("url"), "postgres://u:canary@a/b\n").expect("a file");
    let from = |path: &str| Sources {
        working_dir: folder.path().into(),
        ..sources(&[("TAKEAWAYS__STATE__URL_FILE", path)])
    };
    let resolved = ResolvedSettings::read(&from("url"));
    assert_eq!(problems(&resolved), Vec::<String>::new());
    assert_eq!(resolved.settings.expect("all have a value").state.servers.len(), 1);
    assert!(problems(&ResolvedSettings::read(&from("none")))[0].contains("the file none can't be read"));
}
