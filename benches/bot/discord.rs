//! A Discord over loopback that accepts everything and records times, with a thread for each connection.
//! The tests have a strict one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept};

/// The id of the bot's user and application.
const BOT: u64 = 1_100_000_000_000_000_001;
/// The id of the first interaction.
const FIRST_INTERACTION: u64 = 1_300_000_000_000_000_000;
/// The heartbeat interval is longer than a run, so that the gateway need not be read.
const HEARTBEAT_INTERVAL: u64 = 1_000_000_000;
/// The time limit for any reply of the bot.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A response to an interaction: the first, or the edit of one that was deferred.
pub struct ReplyReceipt {
    /// The number of the interaction, from 0.
    pub number: u32,
    /// The time when it was complete.
    pub at: Instant,
    /// Whether it is the first response.
    pub is_first: bool,
    /// Whether it is an answer, and no deferral.
    pub is_answer: bool,
    /// Whether it has excerpts.
    pub is_cited: bool,
}

/// The address of the fake.
pub struct FakeGateway {
    rest: SocketAddr,
    gateway: TcpListener,
    receipts: Receiver<ReplyReceipt>,
}

/// A session of a bot.
pub struct BenchSession<'a> {
    /// The time of IDENTIFY.
    pub identified: Instant,
    socket: WebSocket<TcpStream>,
    receipts: &'a Receiver<ReplyReceipt>,
    /// Prepared interactions, with the positions of their numbers.
    templates: Vec<String>,
    sent: u32,
}

impl FakeGateway {
    /// Listens on a free port.
    pub fn start() -> Result<Self> {
        let (rest, gateway) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let (address, at) = (rest.local_addr()?, gateway.local_addr()?);
        let (sender, receipts) = channel();
        thread::spawn(move || {
            for stream in rest.incoming().flatten() {
                let sender = sender.clone();
                // The thread ends with its connection.
                thread::spawn(move || serve(stream, at, &sender));
            }
        });
        Ok(Self { rest: address, gateway, receipts })
    }

    /// Returns the URL for `discord.api_base`.
    pub fn address(&self) -> String {
        format!("http://{}", self.rest)
    }

    /// Waits for a bot and sends READY.
    pub fn session(&self, questions: &[String]) -> Result<BenchSession<'_>> {
        let (stream, _) = self.gateway.accept()?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let mut socket = accept(stream).ok().context("the bot does not speak WebSocket")?;
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": HEARTBEAT_INTERVAL } });
        socket.send(Message::text(hello.to_string()))?;
        let Message::Text(_) = socket.read()? else { bail!("the bot did not identify") };
        let identified = Instant::now();
        let ready = json!({ "op": 0, "s": 1, "t": "READY", "d": {
            "v": 10, "user": { "id": BOT.to_string() }, "guilds": [], "session_id": "one",
            "resume_gateway_url": format!("ws://{}", self.gateway.local_addr()?),
            "application": { "id": BOT.to_string(), "flags": 0 },
        }});
        socket.send(Message::text(ready.to_string()))?;
        let templates = questions.iter().map(|question| template(question)).collect();
        Ok(BenchSession { identified, socket, receipts: &self.receipts, templates, sent: 0 })
    }
}

impl BenchSession<'_> {
    /// Returns the number of sent interactions, which is the number of the next one.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Buffers the next interaction.
    pub fn send(&mut self) -> Result<()> {
        let template = &self.templates[self.sent as usize % self.templates.len()];
        let id = FIRST_INTERACTION + u64::from(self.sent);
        self.socket.write(Message::text(template.replace("{number}", &id.to_string())))?;
        self.sent += 1;
        Ok(())
    }

    /// Sends the buffered interactions.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.socket.flush()?)
    }

    /// Waits for the next response.
    pub fn receipt(&self) -> Result<ReplyReceipt> {
        self.receipts.recv_timeout(TIMEOUT).context("the bot does not answer")
    }

    /// Returns another response if it has arrived.
    pub fn try_receipt(&self) -> Option<ReplyReceipt> {
        self.receipts.try_recv().ok()
    }
}

/// Returns the frame of an `/ask` in a server, with all fields of a real one.
fn template(question: &str) -> String {
    let user = json!({
        "id": "1100000000000000002", "username": "user", "discriminator": "0", "global_name": "User",
        "avatar": null, "avatar_decoration_data": null, "collectibles": null, "primary_guild": null,
        "banner": null, "accent_color": null, "bot": false, "public_flags": 0, "flags": 0,
    });
    let member = json!({
        "nick": null, "avatar": null, "banner": null, "joined_at": "2023-04-20T10:00:00.000000+00:00",
        "premium_since": null, "roles": [], "deaf": false, "mute": false, "pending": false, "flags": 0,
        "communication_disabled_until": null, "permissions": "2147502080", "user": user,
    });
    let channel = json!({
        "id": "1100000000000000005", "type": 0, "guild_id": "1100000000000000004", "name": "talks", "topic": null,
        "position": 0, "permission_overwrites": [], "parent_id": null, "last_message_id": null,
        "last_pin_timestamp": null, "nsfw": false, "rate_limit_per_user": 0, "flags": 0,
    });
    let interaction = json!({
        "id": "{number}", "application_id": BOT.to_string(), "type": 2, "version": 1,
        // The length is about that of Discord's tokens.
        "token": format!("{{number}}{}", "aW50ZXJhY3Rpb24".repeat(13)),
        "data": {
            "id": "1100000000000000009", "type": 1, "name": "ask",
            "options": [{ "name": "question", "type": 3, "value": question }],
        },
        "guild_id": "1100000000000000004", "guild_locale": "en-US", "locale": "en-US", "context": 0,
        "guild": { "id": "1100000000000000004", "locale": "en-US", "features": [] },
        "channel_id": "1100000000000000005", "channel": channel, "member": member,
        "app_permissions": "117760", "entitlements": [], "entitlement_sku_ids": [],
        "authorizing_integration_owners": { "0": "1100000000000000004" }, "attachment_size_limit": 10_485_760,
    });
    json!({ "op": 0, "s": 2, "t": "INTERACTION_CREATE", "d": interaction }).to_string()
}

/// Replies to the requests of one connection until it is closed.
fn serve(stream: TcpStream, gateway: SocketAddr, receipts: &Sender<ReplyReceipt>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut replies = stream.try_clone()?;
    let mut requests = BufReader::with_capacity(16 << 10, stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    let about_gateway = json!({
        "url": format!("ws://{gateway}"), "shards": 1,
        "session_start_limit": { "total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1 },
    });
    loop {
        line.clear();
        if requests.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let is_first = line.contains("/interactions/");
        let number = number(&line);
        let is_gateway = line.contains("/gateway/bot ");
        let mut length = 0;
        while line != "\r\n" {
            line.clear();
            requests.read_line(&mut line)?;
            if let Some((_, value)) = line.split_once(':').filter(|(name, _)| is_length(name)) {
                length = value.trim().parse()?;
            }
        }
        body.resize(length, 0);
        requests.read_exact(&mut body)?;
        if let Some(number) = number {
            let at = Instant::now();
            let no_content = "HTTP/1.1 204 No Content\r\n\r\n";
            let message = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
            replies.write_all(if is_first { no_content } else { message }.as_bytes())?;
            let is_answer = !(is_first && holds(&body, b"\"type\":5"));
            let is_cited = holds(&body, b"\"embeds\":[{");
            receipts.send(ReplyReceipt { number, at, is_first, is_answer, is_cited })?;
        } else {
            let text = if is_gateway { about_gateway.to_string() } else { "[]".to_owned() };
            let kind = "content-type: application/json";
            write!(replies, "HTTP/1.1 200 OK\r\n{kind}\r\ncontent-length: {}\r\n\r\n{text}", text.len())?;
        }
    }
}

/// Returns the number of the interaction to which a request responds. Its token begins with its id.
fn number(request: &str) -> Option<u32> {
    let (_, token) = request.split_once("/interactions/").or_else(|| {
        let (_, path) = request.split_once("/webhooks/")?;
        path.split_once('/')
    })?;
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    let id: u64 = token[..digits].parse().ok()?;
    u32::try_from(id.checked_sub(FIRST_INTERACTION)?).ok()
}

fn is_length(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-length")
}

fn holds(body: &[u8], words: &[u8]) -> bool {
    body.windows(words.len()).any(|found| found == words)
}
