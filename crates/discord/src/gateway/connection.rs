//! One connection to the gateway, from HELLO to its end.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::close::{After, after};
use super::frame::{self, Frame, Hello, OfServer, Ready, op};
use super::{Arrived, Event, Gateway, Session};

/// How long connecting, and the first frame, may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long Discord may take to begin or to go on with a session.
const SESSION_PATIENCE: Duration = Duration::from_mins(1);
/// How long the last goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// The largest frame that is read, in bytes. The largest tells of a server with all its channels and roles: 500 channels
/// with a hundred rules each are about half of this.
const MAX_FRAME: usize = 16 << 20;
/// The shortest time between two heartbeats, whatever Discord asks for: of frames it takes 120 a minute.
const BETWEEN_HEARTBEATS: Duration = Duration::from_secs(1);
/// The longest one: without heartbeats a connection that is dead would not be seen to be.
const LONGEST_INTERVAL: Duration = Duration::from_mins(5);

/// The code that says goodbye: Discord then ends the session.
const BYE: CloseCode = CloseCode::Normal;
/// Any code but 1000 and 1001 keeps the session to be gone on with.
const BACK_SOON: CloseCode = CloseCode::Library(4000);

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) after: After,
    /// For the log.
    pub(super) why: &'static str,
    /// How long the session was up; `None` where it never was.
    pub(super) held: Option<Duration>,
}

impl End {
    fn new(after: After, why: &'static str) -> Self {
        Self { after, why, held: None }
    }

    /// By the frame that Discord closed with.
    fn closed(frame: Option<&CloseFrame>) -> Self {
        let code = frame.map(|frame| u16::from(frame.code));
        tracing::info!(code, "Discord closed the connection");
        Self::new(after(code), "closed")
    }
}

/// What is known of the connection.
pub(super) struct Connection<'a> {
    gateway: &'a Gateway,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    interval: Duration,
    next_heartbeat: Instant,
    last_heartbeat: Option<Instant>,
    is_acknowledged: bool,
    /// Until when the session has to be up.
    deadline: Instant,
    /// Since when it is.
    up_since: Option<Instant>,
}

impl<'a> Connection<'a> {
    /// Connects, and waits for the first frame.
    pub(super) async fn open(gateway: &'a Gateway, address: &str) -> Result<Connection<'a>, End> {
        let config =
            WebSocketConfig::default().max_message_size(Some(MAX_FRAME)).max_frame_size(Some(MAX_FRAME));
        // A frame is an answer's first step and goes out at once (no Nagle).
        let connecting = connect_async_with_config(versioned(address), Some(config), true);
        let (socket, _) = timeout(PATIENCE, connecting)
            .await
            .map_err(|_| End::new(After::Resume, "it took too long to connect"))?
            .map_err(|error| End::new(After::Resume, refused(&error)))?;
        let now = Instant::now();
        let mut connection = Self {
            gateway,
            socket,
            interval: Duration::ZERO,
            next_heartbeat: now,
            last_heartbeat: None,
            is_acknowledged: true,
            deadline: now + patience(SESSION_PATIENCE),
            up_since: None,
        };
        let late = |_| End::new(After::Resume, "there was no HELLO in time");
        connection.interval = timeout(patience(PATIENCE), connection.hello()).await.map_err(late)??;
        // The first one at a random time, so that not all bots beat as one: by Discord's rule.
        connection.next_heartbeat = Instant::now() + connection.interval.mul_f64(fastrand::f64());
        Ok(connection)
    }

    async fn hello(&mut self) -> Result<Duration, End> {
        loop {
            let text = match self.socket.next().await {
                Some(Ok(Message::Text(text))) => text,
                // A version of the gateway that is gone is refused so, before anything was said.
                Some(Ok(Message::Close(frame))) => return Err(End::closed(frame.as_ref())),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return Err(End::new(After::Resume, "it broke before HELLO")),
            };
            let frame = serde_json::from_str::<Frame>(&text).ok().filter(|frame| frame.op == op::HELLO);
            if let Some(Hello { heartbeat_interval }) = frame.and_then(|frame| frame.data()) {
                let interval = Duration::from_millis(heartbeat_interval);
                return Ok(interval.clamp(BETWEEN_HEARTBEATS, LONGEST_INTERVAL));
            }
        }
    }

    /// Begins a session, or goes on with one, and hands on what comes until the connection ends.
    pub(super) async fn run(mut self, session: &mut Option<Session>) -> End {
        let greeting = match session {
            Some(session) => frame::resume(self.gateway.token(), session),
            None => frame::identify(self.gateway.token()),
        };
        if self.send(greeting).await.is_err() {
            return End::new(After::Resume, "it broke");
        }
        let mut end = loop {
            let step = tokio::select! {
                biased;
                () = self.gateway.stopped() => {
                    self.close(BYE).await;
                    return End::new(After::Identify, "stopped");
                }
                () = sleep_until(self.next_heartbeat) => self.heartbeat(session.as_ref()).await,
                () = sleep_until(self.deadline), if self.up_since.is_none() => {
                    Err(End::new(After::Identify, "the session did not begin in time"))
                }
                message = self.socket.next() => self.take(message, session).await,
            };
            if let Err(end) = step {
                break end;
            }
        };
        end.held = self.up_since.map(|since| since.elapsed());
        self.close(BACK_SOON).await;
        end
    }

    async fn take(
        &mut self,
        message: Option<Result<Message, Error>>,
        session: &mut Option<Session>,
    ) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => self.frame(&text, session).await,
            Some(Ok(Message::Close(frame))) => Err(End::closed(frame.as_ref())),
            // Pings are answered by the library; binary frames come only where they were asked for.
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => Err(End::new(After::Resume, "it broke")),
        }
    }

    async fn frame(&mut self, text: &str, session: &mut Option<Session>) -> Result<(), End> {
        let Ok(frame) = serde_json::from_str::<Frame>(text) else {
            // Never its words: they may be a person's.
            tracing::warn!(bytes = text.len(), "a frame of the gateway can't be read");
            return Ok(());
        };
        match frame.op {
            op::DISPATCH => self.dispatch(&frame, session),
            op::HEARTBEAT => {
                let is_due = self.last_heartbeat.is_none_or(|last| last.elapsed() >= BETWEEN_HEARTBEATS);
                if is_due {
                    self.beat(session.as_ref()).await?;
                }
                Ok(())
            }
            op::HEARTBEAT_ACK => {
                self.is_acknowledged = true;
                Ok(())
            }
            op::RECONNECT => Err(End::new(After::Resume, "Discord asked for it")),
            op::INVALID_SESSION if frame.data() == Some(true) => {
                Err(End::new(After::Resume, "the session was refused for now"))
            }
            op::INVALID_SESSION => Err(End::new(After::Identify, "the session is over")),
            _ => Ok(()),
        }
    }

    fn dispatch(&mut self, frame: &Frame, session: &mut Option<Session>) -> Result<(), End> {
        if let (Some(session), Some(sequence)) = (session.as_mut(), frame.s) {
            session.sequence = sequence;
        }
        match frame.t.as_deref() {
            Some("READY") => {
                let ready: Ready = frame.data().ok_or(End::new(After::Identify, "READY can't be read"))?;
                self.up_since = Some(Instant::now());
                *session = Some(Session {
                    id: ready.session_id,
                    sequence: frame.s.unwrap_or_default(),
                    address: ready.resume_gateway_url,
                });
                self.gateway.tell(Event::Ready {
                    user: ready.user.id,
                    application: ready.application.id,
                    servers: ready.guilds.map(|servers| servers.iter().map(|server| server.id).collect()),
                });
            }
            Some("RESUMED") => {
                self.up_since = Some(Instant::now());
                self.gateway.tell(Event::Resumed);
            }
            Some("INTERACTION_CREATE") => self.hand_on(frame, Event::Interaction),
            Some("MESSAGE_CREATE") => self.hand_on(frame, Event::Message),
            Some(event) if OfServer::is_of(event) => {
                let change = frame.data::<OfServer>().and_then(|of| of.change(event));
                if let Some((server, change)) = change {
                    self.gateway.tell(Event::Server { server, change });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn hand_on(&self, frame: &Frame, event: fn(Arrived) -> Event) {
        if let Some(data) = frame.d {
            self.gateway.tell(event(Arrived { json: data.get().to_owned(), at: Instant::now() }));
        }
    }

    async fn heartbeat(&mut self, session: Option<&Session>) -> Result<(), End> {
        if !self.is_acknowledged {
            return Err(End::new(After::Resume, "Discord stopped answering"));
        }
        self.beat(session).await?;
        self.is_acknowledged = false;
        self.next_heartbeat = Instant::now() + self.interval;
        Ok(())
    }

    async fn beat(&mut self, session: Option<&Session>) -> Result<(), End> {
        self.last_heartbeat = Some(Instant::now());
        let sent = self.send(frame::heartbeat(session.map(|session| session.sequence))).await;
        sent.map_err(|_| End::new(After::Resume, "it broke"))
    }

    async fn send(&mut self, value: Value) -> Result<(), Error> {
        // A peer that reads nothing must not hold up the heartbeat for ever.
        timeout(PATIENCE, self.socket.send(Message::text(value.to_string())))
            .await
            .unwrap_or(Err(Error::ConnectionClosed))
    }

    /// Says goodbye and waits a little for the answer; where that fails the connection is dropped, which ends it too.
    async fn close(&mut self, code: CloseCode) {
        let goodbye = async {
            if self.socket.close(Some(CloseFrame { code, reason: "".into() })).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

/// The address with the version and the encoding that we speak.
fn versioned(address: &str) -> String {
    let address = address.trim_end_matches('/');
    let has_path = address.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    format!("{address}{}?v=10&encoding=json", if has_path { "" } else { "/" })
}

/// How long to wait for something; shorter where a test wants to see the end of it.
fn patience(usual: Duration) -> Duration {
    match takeaways_faults::at("patience") {
        Some(takeaways_faults::Fault::Sleep(time)) => time,
        _ => usual,
    }
}

fn refused(error: &Error) -> &'static str {
    match error {
        Error::Io(_) => "the gateway can't be reached",
        Error::Tls(_) => "TLS failed",
        Error::Http(_) => "the gateway refused the connection",
        _ => "the connection failed",
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// The first byte of a handshake of TLS.
    const HANDSHAKE: u8 = 22;

    #[tokio::test]
    async fn an_address_with_tls_is_met_with_tls() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = format!("wss://{}/", listener.local_addr().expect("an address"));
        let accept = async {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.readable().await.expect("a byte");
            let mut first = [0];
            stream.try_read(&mut first).expect("a byte");
            first[0]
        };
        let connect = connect_async_with_config(address, None, true);
        let (first, connected) = tokio::join!(accept, connect);
        assert_eq!(first, HANDSHAKE);
        assert!(connected.is_err(), "nobody answered the handshake");
    }

    #[test]
    fn the_version_is_added_to_every_address() {
        for (address, expected) in [
            ("wss://gateway.discord.gg", "wss://gateway.discord.gg/?v=10&encoding=json"),
            ("wss://gateway.discord.gg/", "wss://gateway.discord.gg/?v=10&encoding=json"),
            ("ws://127.0.0.1:1/resume", "ws://127.0.0.1:1/resume?v=10&encoding=json"),
        ] {
            assert_eq!(versioned(address), expected);
        }
    }
}
