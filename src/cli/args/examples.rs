//! What the help of each command teaches by; a test holds that every example can be typed.

/// `takeaways --help`.
pub const ALL: &str = "\
Examples:
  takeaways ask \"what did people say about service mesh?\"
  takeaways ask \"what is new in GitOps\" --event \"KubeCon EU\" --year 2023
  takeaways --corpus ~/blog/posts ask \"who spoke about eBPF?\" --format json
  takeaways chat
  takeaways --corpus ~/blog/posts corpus check

Exit codes:
  0  done
  1  it ran, and the answer is no: nothing found, errors in posts
  2  it could not run: wrong use, wrong settings, or something in its way";

/// `takeaways ask --help`.
pub const ASK: &str = "\
In a question:
  \"container runtime\"   the words as they stand, next to each other
  -docker               nothing with this word; one that comes first needs `--` before the question
  author:garuccio event:kubecon-eu year:2019   only there

Examples:
  takeaways ask \"which projects graduated?\"
  takeaways ask '\"service mesh\" -istio year:2019'
  takeaways ask \"what about security?\" --year 2018-2020 --limit 1
  takeaways ask --batch questions.jsonl > answers.jsonl
  echo '{\"id\": 1, \"q\": \"what about GitOps?\"}' | takeaways ask --batch -";

/// `takeaways chat --help`.
pub const CHAT: &str = "\
Examples:
  takeaways chat
  takeaways chat --event \"KubeCon NA 2019\"
  takeaways chat < questions.txt";

/// `takeaways serve --help`.
pub const SERVE: &str = "\
It needs a token, in DISCORD_TOKEN or in the file that DISCORD_TOKEN_FILE names; docs/deploy.md
shows how to get one. It ends on SIGTERM and SIGINT, and looks for changed posts on SIGHUP.

Examples:
  takeaways serve
  takeaways --corpus ~/blog/posts serve

Exit codes:
  0  it was told to end, and did
  1  something was in the way that another start may not meet: a port, a folder, a fault
  2  Discord refuses the token or the bot, or wrong settings";

/// `takeaways doctor --help`.
pub const DOCTOR: &str = "\
Examples:
  takeaways doctor
  takeaways doctor --server 81384788765712384 --channel 381870553235193857";

/// `takeaways corpus --help`.
pub const CORPUS: &str = "\
Examples:
  takeaways --corpus posts corpus check
  takeaways --corpus posts corpus list
  takeaways --corpus posts corpus show 2019/kubecon-san-diego
  takeaways --corpus posts corpus text 2019/kubecon-san-diego.md | head -c 400";

/// `takeaways check --help`.
pub const CHECK: &str = "\
Settings come from config/default.toml, which is compiled in, then takeaways.toml where the
program runs or the file of --config, then the environment, then flags. The later goes before
the earlier.

Examples:
  takeaways check
  TAKEAWAYS__CORPUS__DRAFTS=true takeaways check
  takeaways --config server.toml check --format json";

/// `takeaways health --help`.
pub const HEALTH: &str = "\
It asks the address in ops.listen, where `takeaways serve` answers, and is made for the health
check of a container.

Examples:
  takeaways health
  TAKEAWAYS__OPS__LISTEN=127.0.0.1:9465 takeaways health";
