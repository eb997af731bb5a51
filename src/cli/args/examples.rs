//! The text below the options in each help. A test parses every example.

/// `takeaways --help`.
pub const ALL: &str = "\
Examples:
  takeaways ask \"what did people say about service mesh?\"
  takeaways ask \"what is new in GitOps\" --event \"KubeCon EU\" --year 2023
  takeaways --corpus ~/blog/posts ask \"who spoke about eBPF?\" --format json
  takeaways chat
  takeaways --corpus ~/blog/posts corpus check
  takeaways \"what about security?\"

Exit codes:
  0  success
  1  it ran, but the result is negative: no answer, errors in posts
  2  it could not run: wrong arguments, wrong settings, or another error";

/// `takeaways ask --help`.
pub const ASK: &str = "\
In a question:
  \"container runtime\"   this exact phrase
  -docker               without this word; if the question begins so, write `--` before it
  author:garuccio event:kubecon-eu year:2019   only posts by, about or from

Examples:
  takeaways ask \"which projects graduated?\"
  takeaways ask '\"service mesh\" -istio year:2019'
  takeaways ask \"what about security?\" --year 2018-2020 --limit 1
  takeaways ask \"what about GitOps?\" --explain
  takeaways ask --batch questions.jsonl > answers.jsonl
  echo '{\"id\": 1, \"q\": \"what about GitOps?\"}' | takeaways ask --batch -";

/// `takeaways event --help`.
pub const EVENT: &str = "\
Examples:
  takeaways event \"KubeCon EU 2019\"
  takeaways event \"KubeCon NA 2019\" --topic security --format json";

/// `takeaways compare --help`.
pub const COMPARE: &str = "\
Examples:
  takeaways compare 2018 2019
  takeaways compare Istio Linkerd
  takeaways compare \"KubeCon EU 2019\" \"KubeCon NA 2019\" --format json";

/// `takeaways trend --help`.
pub const TREND: &str = "\
Examples:
  takeaways trend \"service mesh\"
  takeaways trend eBPF --format json";

/// `takeaways who --help`.
pub const WHO: &str = "\
Examples:
  takeaways who Chris Short
  takeaways who \"Chris Short\" --event \"KubeCon NA 2021\"";

/// `takeaways topic --help`.
pub const TOPIC: &str = "\
Examples:
  takeaways topic Istio
  takeaways topic \"supply chain security\" --format json";

/// `takeaways latest --help`.
pub const LATEST: &str = "\
Examples:
  takeaways latest
  takeaways latest --now 2020-01-31";

/// `takeaways chat --help`.
pub const CHAT: &str = "\
Examples:
  takeaways chat
  takeaways chat --event \"KubeCon NA 2019\"
  takeaways chat < questions.txt";

/// `takeaways serve --help`.
pub const SERVE: &str = "\
It needs a token, in DISCORD_TOKEN or in the file that DISCORD_TOKEN_FILE names. To get one:
1. Open https://discord.com/developers/applications and choose \"New Application\".
2. On the page \"Bot\", choose \"Reset Token\" and copy the token. Discord shows it only once.
3. Run `takeaways doctor`: it prints the link that invites the bot to a server.

SIGTERM and SIGINT stop the bot. SIGHUP makes it read changed posts.

Examples:
  takeaways serve
  takeaways --corpus ~/blog/posts serve

Exit codes:
  0  it was stopped
  1  it failed, and a restart may help: a port in use, a folder, an outage
  2  it failed, and a restart does not help: wrong settings, or Discord refuses the token or the bot";

/// Which of the four checks is for what. It stands in the help of each.
macro_rules! checks {
    () => {
        "\
Which command to use:
  check          the settings and their folders; quick, without a network
  corpus check   the posts: every problem of every file
  state check    the state of the bot: the digests, and what was posted of them
  doctor         all of this in short, then Discord: token, permissions, invitation"
    };
}

/// `takeaways corpus check --help` and `takeaways state check --help`.
pub const CHECKS: &str = checks!();

/// `takeaways doctor --help`.
pub const DOCTOR: &str = concat!(
    checks!(),
    "

Examples:
  takeaways doctor
  takeaways doctor --server 81384788765712384 --channel 381870553235193857"
);

/// `takeaways corpus --help`.
pub const CORPUS: &str = "\
Examples:
  takeaways --corpus posts corpus check
  takeaways --corpus posts corpus list
  takeaways --corpus posts corpus projects --event \"KubeCon NA 2019\"
  takeaways --corpus posts corpus show 2019/kubecon-san-diego
  takeaways --corpus posts corpus text 2019/kubecon-san-diego.md | head -c 400";

/// `takeaways corpus projects --help`, and the same of topics, companies and people.
pub const CORPUS_NAMES: &str = "\
Examples:
  takeaways --corpus posts corpus topics
  takeaways --corpus posts corpus projects --event \"KubeCon NA 2019\"
  takeaways --corpus posts corpus people --format json";

/// `takeaways digest --help`.
pub const DIGEST: &str = "\
Examples:
  takeaways digest preview --by-date 2019-11-18 --event \"KubeCon NA 2019\"
  takeaways digest run --dry-run
  takeaways digest list
  takeaways digest log 12";

/// `takeaways digest run --help`.
pub const DIGEST_RUN: &str = "\
`takeaways serve` sends digests itself and locks the state: use this command only without it.

Examples:
  takeaways digest run
  takeaways digest run --for 5m
  takeaways digest run --dry-run
  takeaways digest run --now 2026-11-23T09:00Z --dry-run";

/// `takeaways digest preview --help`.
pub const DIGEST_PREVIEW: &str = "\
Several options of the same kind widen the digest, options of different kinds narrow it:
--event E1 --event E2 --topic T holds posts on T about E1 or E2.

Without --since and --by-date, the digest holds posts first seen in the last seven days.

Examples:
  takeaways digest preview --by-date 2019-11-18 --until 2020-01-01 --topic security
  takeaways digest preview --by-date 2019-11-18 --left-out
  takeaways digest preview --by-date 2019-11-18 --format discord

Exit codes:
  0  there are new posts
  1  there are no new posts
  2  it could not run: wrong arguments, wrong settings, or another error";

/// `takeaways state --help`.
pub const STATE: &str = "\
The state is the file state.sqlite3 in the folder of state.dir, or a PostgreSQL database if
state.url names one. docs/state.md says what it holds and how to restore a backup.

Examples:
  takeaways state backup state-2026-11-20.sqlite3
  takeaways state check
  takeaways state check --format json
  takeaways state export 80351110224678912
  takeaways state forget 80351110224678912
  takeaways state migrate

Exit codes:
  0  success
  1  it ran and found a problem with the state, such as damage
  2  it could not run: the state is missing, from a newer version, or in use by another process";

/// `takeaways check --help`.
pub const CHECK: &str = concat!(
    checks!(),
    "

Settings come from four places; a later place overrides an earlier one: the built-in
config/default.toml; takeaways.toml in the current folder, or the file of --config; the
environment; flags.

Examples:
  takeaways check
  takeaways check --all
  TAKEAWAYS__CORPUS__DRAFTS=true takeaways check
  takeaways --config server.toml check --format json"
);

/// `takeaways health --help`.
pub const HEALTH: &str = "\
It asks the address in ops.listen, where `takeaways serve` answers. Made for the health check of
a container.

Examples:
  takeaways health
  TAKEAWAYS__OPS__LISTEN=127.0.0.1:9465 takeaways health";

/// `takeaways completions --help`.
pub const COMPLETIONS: &str = "\
Examples, to install them for one person:
  takeaways completions bash > ~/.local/share/bash-completion/completions/takeaways
  takeaways completions zsh > ~/.zfunc/_takeaways
  takeaways completions fish > ~/.config/fish/completions/takeaways.fish

The folder has to exist. For zsh, ~/.zshrc needs these lines once:
  fpath+=~/.zfunc
  autoload -Uz compinit && compinit";

/// `takeaways man --help`.
pub const MAN: &str = "\
Examples:
  takeaways man ~/.local/share/man/man1
  man takeaways-ask";

/// `takeaways corpus add --help`.
pub const CORPUS_ADD: &str = "\
The posts become Markdown files that you may correct; a file that you edited is never overwritten. While the bot runs, it
reads the source again each hour. What it fetches is limited: see docs/sources.md.

Examples:
  takeaways corpus add https://blog.example
  takeaways corpus add https://blog.example --all-time --since 2018-01-01 --match kubecon
  takeaways corpus add https://blog.example/2019/kubecon-recap --yes
  takeaways corpus add links.txt --dry-run
  takeaways corpus add site/ --about-events=false
  takeaways --corpus posts corpus add https://blog.example --to posts";

/// `takeaways corpus refresh --help`.
pub const CORPUS_REFRESH: &str = "\
Examples:
  takeaways corpus refresh
  takeaways corpus refresh https://blog.example/feed.xml";

/// `takeaways corpus remove --help`.
pub const CORPUS_REMOVE: &str = "\
A post that is removed does not come back with the next refresh. `corpus add` with its address brings it back.

Examples:
  takeaways corpus remove https://blog.example/feed.xml
  takeaways corpus remove https://blog.example/feed.xml --keep-posts
  takeaways corpus remove https://blog.example/2019/kubecon-recap
  takeaways corpus remove blog.example/2019-11-21-kubecon-recap";
