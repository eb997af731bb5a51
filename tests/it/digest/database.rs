//! A database of PostgreSQL for one test.

use std::net::SocketAddr;

/// A database that is gone when this is dropped.
pub struct Database;

impl Database {
    /// A new one; `None`, said aloud, where there is no server.
    pub async fn new() -> Option<Self> {
        None
    }

    /// Its address, as a setting names it.
    pub fn url(&self) -> String {
        String::new()
    }

    /// The same through another way to its server.
    pub fn url_at(&self, _address: SocketAddr) -> String {
        String::new()
    }

    /// Where its server listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 5_432))
    }
}
