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

use super::frame::{self, GatewayFrame, Hello, Ready, ServerPayload, op};
use super::reconnect::{CloseAction, close_action};
use super::{Gateway, GatewayEvent, GatewaySession, RawEvent};

/// The timeout for the connection and for its first frame.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long Discord may take to start or to resume a session.
const SESSION_TIMEOUT: Duration = Duration::from_mins(1);
/// The timeout for the close handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// The largest frame that is read, in bytes. The largest ones describe a server with all its channels and roles: 500
/// channels with a hundred overwrites each need about half of this.
const MAX_FRAME: usize = 16 << 20;
/// The shortest interval between heartbeats, even if Discord asks for less: it accepts 120 frames a minute.
const MIN_HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);
/// The longest interval: heartbeats show whether a connection is dead.
const MAX_HEARTBEAT_INTERVAL: Duration = Duration::from_mins(5);

/// The code that also ends the session.
const CLOSE_NORMAL: CloseCode = CloseCode::Normal;
/// Any code but 1000 and 1001 keeps the session, so that it can be resumed.
const CLOSE_RESUMABLE: CloseCode = CloseCode::Library(4000);

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ConnectionEnd {
    pub(super) action: CloseAction,
    /// The reason for the log.
    pub(super) reason: &'static str,
    /// How long the session was up; `None` if it never was.
    pub(super) session_time: Option<Duration>,
}

impl ConnectionEnd {
    fn new(action: CloseAction, reason: &'static str) -> Self {
        Self { action, reason, session_time: None }
    }

    /// The end by Discord's close frame.
    fn from_close_frame(frame: Option<&CloseFrame>) -> Self {
        let code = frame.map(|frame| u16::from(frame.code));
        tracing::info!(code, "Discord closed the connection");
        Self::new(close_action(code), "closed")
    }
}

/// An open connection, with its session state.
pub(super) struct GatewayConnection<'a> {
    gateway: &'a Gateway,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    interval: Duration,
    next_heartbeat: Instant,
    last_heartbeat: Option<Instant>,
    is_acknowledged: bool,
    /// The deadline for the session to be up.
    deadline: Instant,
    /// When the session came up.
    up_since: Option<Instant>,
}

impl<'a> GatewayConnection<'a> {
    /// Connects and waits for the first frame.
    pub(super) async fn open(
        gateway: &'a Gateway,
        address: &str,
    ) -> Result<GatewayConnection<'a>, ConnectionEnd> {
        let config =
            WebSocketConfig::default().max_message_size(Some(MAX_FRAME)).max_frame_size(Some(MAX_FRAME));
        // An answer starts with a frame, so it is sent at once (no Nagle).
        let connecting = connect_async_with_config(with_version(address), Some(config), true);
        let (socket, _) = timeout(CONNECT_TIMEOUT, connecting)
            .await
            .map_err(|_| ConnectionEnd::new(CloseAction::Resume, "it took too long to connect"))?
            .map_err(|error| ConnectionEnd::new(CloseAction::Resume, describe_connect_error(&error)))?;
        let now = Instant::now();
        let mut connection = Self {
            gateway,
            socket,
            interval: Duration::ZERO,
            next_heartbeat: now,
            last_heartbeat: None,
            is_acknowledged: true,
            deadline: now + timeout_or_test_value(SESSION_TIMEOUT),
            up_since: None,
        };
        let late = |_| ConnectionEnd::new(CloseAction::Resume, "HELLO did not come in time");
        connection.interval = timeout(timeout_or_test_value(CONNECT_TIMEOUT), connection.wait_for_hello())
            .await
            .map_err(late)??;
        // The first heartbeat is at a random time, by Discord's rule, so that not all bots send it at once.
        connection.next_heartbeat = Instant::now() + connection.interval.mul_f64(fastrand::f64());
        Ok(connection)
    }

    async fn wait_for_hello(&mut self) -> Result<Duration, ConnectionEnd> {
        loop {
            let text = match self.socket.next().await {
                Some(Ok(Message::Text(text))) => text,
                // Discord refuses a retired version of the gateway like this, before the first frame.
                Some(Ok(Message::Close(frame))) => {
                    return Err(ConnectionEnd::from_close_frame(frame.as_ref()));
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => {
                    return Err(ConnectionEnd::new(CloseAction::Resume, "it broke before HELLO"));
                }
            };
            let frame =
                serde_json::from_str::<GatewayFrame>(&text).ok().filter(|frame| frame.op == op::HELLO);
            if let Some(Hello { heartbeat_interval }) = frame.and_then(|frame| frame.data()) {
                let interval = Duration::from_millis(heartbeat_interval);
                return Ok(interval.clamp(MIN_HEARTBEAT_INTERVAL, MAX_HEARTBEAT_INTERVAL));
            }
        }
    }

    /// Starts or resumes a session, and passes events on until the connection ends.
    pub(super) async fn run(mut self, session: &mut Option<GatewaySession>) -> ConnectionEnd {
        let greeting = match session {
            Some(session) => frame::resume(self.gateway.token(), session),
            None => frame::identify(self.gateway.token()),
        };
        if self.send(greeting).await.is_err() {
            return ConnectionEnd::new(CloseAction::Resume, "it broke");
        }
        let mut end = loop {
            let step = tokio::select! {
                biased;
                () = self.gateway.wait_for_stop() => {
                    self.close(CLOSE_NORMAL).await;
                    return ConnectionEnd::new(CloseAction::Identify, "stopped");
                }
                () = sleep_until(self.next_heartbeat) => self.heartbeat(session.as_ref()).await,
                () = sleep_until(self.deadline), if self.up_since.is_none() => {
                    Err(ConnectionEnd::new(CloseAction::Identify, "the session did not start in time"))
                }
                message = self.socket.next() => self.handle_message(message, session).await,
            };
            if let Err(end) = step {
                break end;
            }
        };
        end.session_time = self.up_since.map(|since| since.elapsed());
        self.close(CLOSE_RESUMABLE).await;
        end
    }

    async fn handle_message(
        &mut self,
        message: Option<Result<Message, Error>>,
        session: &mut Option<GatewaySession>,
    ) -> Result<(), ConnectionEnd> {
        match message {
            Some(Ok(Message::Text(text))) => self.handle_frame(&text, session).await,
            Some(Ok(Message::Close(frame))) => Err(ConnectionEnd::from_close_frame(frame.as_ref())),
            // The library answers pings. Binary frames come only if a client asks for them.
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => Err(ConnectionEnd::new(CloseAction::Resume, "it broke")),
        }
    }

    async fn handle_frame(
        &mut self,
        text: &str,
        session: &mut Option<GatewaySession>,
    ) -> Result<(), ConnectionEnd> {
        let Ok(frame) = serde_json::from_str::<GatewayFrame>(text) else {
            // The text is never logged, because it may be a person's.
            tracing::warn!(bytes = text.len(), "a frame of the gateway can't be read");
            return Ok(());
        };
        match frame.op {
            op::DISPATCH => self.handle_dispatch(&frame, session),
            op::HEARTBEAT => {
                let is_due = self.last_heartbeat.is_none_or(|last| last.elapsed() >= MIN_HEARTBEAT_INTERVAL);
                if is_due {
                    self.send_heartbeat(session.as_ref()).await?;
                }
                Ok(())
            }
            op::HEARTBEAT_ACK => {
                self.is_acknowledged = true;
                Ok(())
            }
            op::RECONNECT => Err(ConnectionEnd::new(CloseAction::Resume, "Discord asked for it")),
            op::INVALID_SESSION if frame.data() == Some(true) => {
                Err(ConnectionEnd::new(CloseAction::Resume, "the session was refused for now"))
            }
            op::INVALID_SESSION => Err(ConnectionEnd::new(CloseAction::Identify, "the session is over")),
            _ => Ok(()),
        }
    }

    fn handle_dispatch(
        &mut self,
        frame: &GatewayFrame,
        session: &mut Option<GatewaySession>,
    ) -> Result<(), ConnectionEnd> {
        if let (Some(session), Some(sequence)) = (session.as_mut(), frame.s) {
            session.sequence = sequence;
        }
        match frame.t.as_deref() {
            Some("READY") => {
                let ready: Ready =
                    frame.data().ok_or(ConnectionEnd::new(CloseAction::Identify, "READY can't be read"))?;
                self.up_since = Some(Instant::now());
                *session = Some(GatewaySession {
                    id: ready.session_id,
                    sequence: frame.s.unwrap_or_default(),
                    address: ready.resume_gateway_url,
                });
                self.gateway.emit(GatewayEvent::Ready {
                    user: ready.user.id.get(),
                    application: ready.application.id.get(),
                    servers: ready
                        .guilds
                        .map(|servers| servers.iter().map(|server| server.id.get()).collect()),
                });
            }
            Some("RESUMED") => {
                self.up_since = Some(Instant::now());
                self.gateway.emit(GatewayEvent::Resumed);
            }
            Some("INTERACTION_CREATE") => self.forward(frame, GatewayEvent::Interaction),
            Some("MESSAGE_CREATE") => self.forward(frame, GatewayEvent::Message),
            Some(event) if ServerPayload::is_server_event(event) => {
                if let Some(event) = frame.data::<ServerPayload>().and_then(|payload| payload.to_event(event))
                {
                    self.gateway.emit(event);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn forward(&self, frame: &GatewayFrame, event: fn(RawEvent) -> GatewayEvent) {
        if let Some(data) = frame.d {
            self.gateway.emit(event(RawEvent { json: data.get().to_owned(), received_at: Instant::now() }));
        }
    }

    async fn heartbeat(&mut self, session: Option<&GatewaySession>) -> Result<(), ConnectionEnd> {
        if !self.is_acknowledged {
            return Err(ConnectionEnd::new(CloseAction::Resume, "Discord stopped answering"));
        }
        self.send_heartbeat(session).await?;
        self.is_acknowledged = false;
        self.next_heartbeat = Instant::now() + self.interval;
        Ok(())
    }

    async fn send_heartbeat(&mut self, session: Option<&GatewaySession>) -> Result<(), ConnectionEnd> {
        self.last_heartbeat = Some(Instant::now());
        let sent = self.send(frame::heartbeat(session.map(|session| session.sequence))).await;
        sent.map_err(|_| ConnectionEnd::new(CloseAction::Resume, "it broke"))
    }

    async fn send(&mut self, value: Value) -> Result<(), Error> {
        // A peer that reads nothing must not block the heartbeat for ever.
        timeout(CONNECT_TIMEOUT, self.socket.send(Message::text(value.to_string())))
            .await
            .unwrap_or(Err(Error::ConnectionClosed))
    }

    /// Closes the connection and waits briefly for the reply. If that fails, the connection is dropped.
    async fn close(&mut self, code: CloseCode) {
        let goodbye = async {
            if self.socket.close(Some(CloseFrame { code, reason: "".into() })).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        let _ = timeout(CLOSE_TIMEOUT, goodbye).await;
    }
}

/// The address with our version and encoding.
fn with_version(address: &str) -> String {
    let address = address.trim_end_matches('/');
    let has_path = address.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    format!("{address}{}?v=10&encoding=json", if has_path { "" } else { "/" })
}

/// The timeout, or a shorter one that a test sets.
fn timeout_or_test_value(default: Duration) -> Duration {
    takeaways_faults::time_or("patience", default)
}

fn describe_connect_error(error: &Error) -> &'static str {
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

    /// The first byte of a TLS handshake.
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
            assert_eq!(with_version(address), expected);
        }
    }
}
