//! A PostgreSQL database for one test.

use std::net::SocketAddr;

use crate::harness::postgres::{PASSWORD, PostgresServer, shared};

/// A new database.
pub struct TestDatabase {
    server: &'static PostgresServer,
    url: String,
}

impl TestDatabase {
    /// Creates a database on the shared server; reports and returns `None` if there is no server.
    pub async fn new() -> Option<Self> {
        let server = shared()?;
        Some(Self { server, url: server.database().await })
    }

    /// Returns its URL for the settings.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Returns its URL by another address of its server.
    pub fn url_at(&self, address: SocketAddr) -> String {
        let name = self.url.rsplit('/').next().expect("it has a name");
        format!("postgres://takeaways:{PASSWORD}@{address}/{name}")
    }

    /// Returns the address of its server.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.server.port))
    }
}
