//! A database of PostgreSQL for one test.

use std::net::SocketAddr;

use crate::harness::postgres::{PASSWORD, PostgresServer, shared};

/// A new database.
pub struct TestDatabase {
    server: &'static PostgresServer,
    url: String,
}

impl TestDatabase {
    /// On the server of all tests; `None`, said aloud, where there is none.
    pub async fn new() -> Option<Self> {
        let server = shared()?;
        Some(Self { server, url: server.database().await })
    }

    /// Its address, as the setting names it.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The same by another way to its server.
    pub fn url_at(&self, address: SocketAddr) -> String {
        let name = self.url.rsplit('/').next().expect("it has a name");
        format!("postgres://takeaways:{PASSWORD}@{address}/{name}")
    }

    /// Where its server listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.server.port))
    }
}
