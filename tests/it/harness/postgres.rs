//! A real PostgreSQL for the tests: one server for the run on loopback, and a database for each test.
//!
//! It uses the machine's installation. If there is none, its tests are skipped and say so. With
//! `TAKEAWAYS_TEST_POSTGRES=required` they fail instead, and with `=off` they are always skipped.

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tempfile::TempDir;

/// The time limit of a server's reply to a command.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The password of the servers, which no output may show.
pub const PASSWORD: &str = "canary-5e1f";

/// Returns the shared server; reports and returns `None` if PostgreSQL is not installed.
pub fn shared() -> Option<&'static PostgresServer> {
    static SHARED: OnceLock<Option<PostgresServer>> = OnceLock::new();
    SHARED.get_or_init(|| Some(PostgresServer::start(&installed()?))).as_ref()
}

/// Returns the folder of PostgreSQL's programs.
pub fn installed() -> Option<PathBuf> {
    let wish = std::env::var("TAKEAWAYS_TEST_POSTGRES").unwrap_or_default();
    let found = (wish != "off").then(programs).flatten();
    if found.is_none() {
        assert_ne!(wish, "required", "PostgreSQL is not installed: on Debian, apt-get install postgresql");
        super::skip("PostgreSQL is not installed");
    }
    found
}

fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let has_all = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_ctl", "pg_basebackup"].iter().all(|name| folder.join(name).is_file())
    };
    debian.into_iter().rev().chain(std::env::split_paths(&path)).find(has_all)
}

/// A server, which is ended and removed with the test run.
pub struct PostgresServer {
    pub programs: PathBuf,
    pub data: PathBuf,
    pub port: u16,
    /// The process that ends the server when its standard input ends, even if the tests are killed.
    keeper: Child,
    folder: Option<TempDir>,
}

impl PostgresServer {
    /// Creates a server with an empty database.
    pub fn start(programs: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let secret = folder.path().join("password");
        fs::write(&secret, PASSWORD).expect("a file");
        chown_to_owner(folder.path());
        chown_to_owner(&secret);
        let mut initdb = command_as_owner(&programs.join("initdb"));
        initdb.arg("-D").arg(&data).arg("--pwfile").arg(&secret);
        run_checked(initdb.args([
            "-U",
            "takeaways",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        let mut server = Self::open(programs, data);
        server.folder = Some(folder);
        server
    }

    /// Starts a server on an existing data folder.
    pub fn open(programs: &Path, data: PathBuf) -> Self {
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let keeper = spawn_guard(programs, &data, port);
        let server = Self { programs: programs.to_owned(), data, port, keeper, folder: None };
        server.wait();
        server
    }

    /// Returns the URL of a database.
    pub fn address(&self, database: &str) -> String {
        self.address_at(self.socket(), database)
    }

    /// Returns the address of the server.
    pub fn socket(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Returns the URL of a database by another address.
    #[expect(clippy::unused_self, reason = "it is the password of this server")]
    pub fn address_at(&self, way: SocketAddr, database: &str) -> String {
        format!("postgres://takeaways:{PASSWORD}@{way}/{database}")
    }

    /// Creates a database and returns its URL.
    pub async fn database(&self) -> String {
        self.address(&self.new_database().await)
    }

    /// Creates a database and returns its name.
    pub async fn new_database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.execute("postgres", format!("CREATE DATABASE {name}")).await;
        name
    }

    /// Runs statements as the owner.
    pub async fn execute(&self, database: &str, sql: String) {
        execute(&self.address(database), sql).await;
    }

    /// Runs a PostgreSQL program on the data folder.
    pub fn pg_ctl(&self, what: &[&str]) {
        run_checked(command_as_owner(&self.programs.join("pg_ctl")).arg("-D").arg(&self.data).args(what));
    }

    /// Returns the id of the main process.
    pub fn process(&self) -> u32 {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).expect("it runs");
        text.lines().next().and_then(|line| line.parse().ok()).expect("a number")
    }

    fn wait(&self) {
        let ready = || {
            let log = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
            log.lines().nth(7).is_some_and(|status| status.trim() == "ready" || status.trim() == "standby")
        };
        let started = Instant::now();
        while !ready() {
            assert!(started.elapsed() < TIMEOUT, "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Runs statements at a URL.
pub async fn execute(address: &str, sql: String) {
    sqlx::any::install_default_drivers();
    let mut conn = AnyConnection::connect(address).await.expect("a connection");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.expect("it is done");
    conn.close().await.expect("it is closed");
}

/// Converts URLs to the type of the settings.
pub fn secrets<const N: usize>(addresses: [&str; N]) -> Vec<SecretString> {
    addresses.into_iter().map(SecretString::from).collect()
}

/// Starts a shell that ends the server and removes its folder when this process has ended.
fn spawn_guard(programs: &Path, data: &Path, port: u16) -> Child {
    let script = "data=$1; shift; \"$@\" >\"$data/log.txt\" 2>&1 & server=$!; read -r _; \
                  kill -INT $server 2>/dev/null; wait $server; rm -rf \"$(dirname \"$data\")\"";
    let command = command_as_owner(&programs.join("postgres"));
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(data).arg(command.get_program()).args(command.get_args());
    shell.arg("-D").arg(data).args(["-h", "127.0.0.1", "-k", "", "-c", "fsync=off", "-p", &port.to_string()]);
    let mut child = shell.stdin(Stdio::piped()).current_dir("/").spawn().expect("a shell");
    child.stdin.as_mut().expect("a pipe").flush().expect("it is open");
    child
}

/// PostgreSQL refuses to run as root.
pub fn command_as_owner(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    let user = owner();
    command.args([&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups"]);
    command.arg(program).current_dir("/");
    command
}

/// Gives a folder or a file to the server's user.
pub fn chown_to_owner(path: &Path) {
    if is_root() {
        run_checked(Command::new("chown").arg(owner()).arg(path));
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("an id");
    id.stdout == b"0\n"
}

fn owner() -> String {
    let has = |name: &&str| Command::new("id").arg(name).output().is_ok_and(|output| output.status.success());
    let user = ["postgres", "nobody"].into_iter().find(has).expect("a user for the server");
    let id = Command::new("id").args(["-u", user]).output().expect("an id");
    String::from_utf8(id.stdout).expect("a number").trim().to_owned()
}

/// Runs a command that must succeed.
#[track_caller]
pub fn run_checked(command: &mut Command) {
    let output = command.output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}\n{err}");
}
