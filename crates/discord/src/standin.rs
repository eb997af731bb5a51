//! What poise wants of serenity's client to run a command, without that client.
//!
//! A [`Context`] can only be had from a shard runner of serenity's, and a runner only over a connection. The gateway is
//! ours (see [`super::gateway`]), so the runner here gets a connection to nowhere: one over loopback, which is closed
//! again at once. It is never run; what commands use of the context is its HTTP client.

use std::io;
use std::sync::{Arc, OnceLock};

use serenity::all::{Context, GatewayIntents, Shard, ShardId, ShardInfo, ShardManager, ShardManagerOptions};
use serenity::all::{ShardMessenger, ShardRunner, ShardRunnerOptions};
use serenity::http::Http;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

/// The context and the manager that are handed to commands.
pub struct StandIn {
    pub context: Context,
    pub manager: Arc<ShardManager>,
}

impl StandIn {
    /// Makes them. Effects: opens and closes a connection over loopback.
    pub async fn new(http: Arc<Http>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = Arc::new(Mutex::new(format!("ws://{}/", listener.local_addr()?)));
        let accept = async {
            let (stream, _) = listener.accept().await?;
            tokio_tungstenite::accept_async(stream).await.map_err(io::Error::other)
        };
        let info = ShardInfo { id: ShardId(0), total: 1 };
        let intents = GatewayIntents::empty();
        let connect = async {
            Shard::new(Arc::clone(&address), "", info, intents, None).await.map_err(io::Error::other)
        };
        let (_nowhere, shard) = tokio::try_join!(accept, connect)?;
        let data = Arc::default();
        let (manager, _) = ShardManager::new(ShardManagerOptions {
            data: Arc::clone(&data),
            event_handlers: Vec::new(),
            raw_event_handlers: Vec::new(),
            framework: Arc::new(OnceLock::new()),
            shard_index: 0,
            shard_init: 0,
            shard_total: 1,
            ws_url: address,
            http: Arc::clone(&http),
            intents,
            presence: None,
        });
        let runner = ShardRunner::new(ShardRunnerOptions {
            data: Arc::clone(&data),
            event_handlers: Vec::new(),
            raw_event_handlers: Vec::new(),
            framework: None,
            manager: Arc::clone(&manager),
            shard,
            http: Arc::clone(&http),
        });
        let context = Context { data, shard: ShardMessenger::new(&runner), shard_id: info.id, http };
        Ok(Self { context, manager })
    }
}
