//! One socket: accepts or refuses a client, and then transports frames.

use std::sync::Arc;
use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::super::SharedState;
use super::{ClientConnection, CloseReason, ConnectionCommand, Refusal};

type Socket = WebSocketStream<TcpStream>;

pub(in super::super) async fn serve(core: Arc<SharedState>, listener: TcpListener) {
    // Dropping the fake drops this set and all connections in it.
    let mut open = tokio::task::JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            // Else a frame waits up to 40 ms for the acknowledgement of the one before it.
            stream.set_nodelay(true).ok();
            open.spawn(accept(Arc::clone(&core), stream));
        }
    }
}

/// Serves a client from its first byte to its last.
async fn accept(core: Arc<SharedState>, mut tcp: TcpStream) {
    let refuse = core.change(|state| state.gateway.next_refusal());
    match refuse {
        Some(Refusal::Tcp) => return reset(&tcp),
        Some(Refusal::Http(status)) => return reject(&mut tcp, status).await,
        _ => {}
    }
    let (mut path, mut query) = (String::new(), String::new());
    // The error type is the library's, and large.
    #[expect(clippy::result_large_err, reason = "the signature is the library's")]
    let note = |request: &Request, response: Response| {
        // Clients write `…/resume?v=10` and `…/resume/?v=10`.
        path = format!("/{}", request.uri().path().trim_matches('/'));
        request.uri().query().unwrap_or_default().clone_into(&mut query);
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr_async(tcp, note).await else { return };
    if refuse == Some(Refusal::BeforeHello) {
        return reset(socket.get_ref());
    }
    let (orders, mut received) = mpsc::unbounded_channel();
    let id = core.change(|state| {
        if !query.contains("v=10") || !query.contains("encoding=json") || query.contains("compress") {
            state.violation(format!("the gateway was called with {query:?}"));
        }
        let connection = ClientConnection {
            opened: Instant::now(),
            path,
            query,
            ops: Vec::new(),
            closed: None,
            commands: orders,
        };
        state.gateway.connections.push(connection);
        let hello = json!({ "heartbeat_interval": state.gateway.heartbeat_interval, "_trace": [] });
        let id = state.gateway.connections.len() - 1;
        let frame = json!({ "op": 10, "d": hello, "s": null, "t": null }).to_string();
        if refuse != Some(Refusal::Silent) {
            state.gateway.command(id, ConnectionCommand::Send(frame, None));
        }
        match refuse {
            Some(Refusal::AfterHello(Some(with))) => {
                state.gateway.command(id, ConnectionCommand::Close(with));
            }
            Some(Refusal::AfterHello(None)) => state.gateway.command(id, ConnectionCommand::Break),
            _ => {}
        }
        id
    });
    let closed = run(&core, id, &mut socket, &mut received).await;
    core.change(|state| {
        if let CloseReason::ByClient(code) = closed {
            state.disconnect(id, code);
        }
        state.gateway.connections[id].closed = Some(closed);
    });
}

/// Transports frames until the end, and returns its reason.
async fn run(
    core: &SharedState,
    id: usize,
    socket: &mut Socket,
    received: &mut UnboundedReceiver<ConnectionCommand>,
) -> CloseReason {
    let url = format!("ws://{}/resume", core.gateway);
    let mut by_server = false;
    loop {
        let next = tokio::select! {
            biased;
            Some(order) = received.recv(), if !by_server => {
                match execute(core, socket, order).await {
                    Some(CloseReason::ByServer) => by_server = true,
                    Some(closed) => return closed,
                    None => {}
                }
                continue;
            }
            next = socket.next() => next,
        };
        match next {
            Some(Ok(Message::Text(frame))) if !by_server => {
                core.change(|state| state.receive(id, &frame, &url));
            }
            Some(Ok(Message::Close(frame))) if !by_server => {
                socket.flush().await.ok();
                return CloseReason::ByClient(frame.map(|frame| frame.code.into()));
            }
            Some(Ok(Message::Binary(_))) => core.change(|state| state.violation("a binary frame")),
            Some(Ok(_)) => {}
            Some(Err(_)) | None if by_server => return CloseReason::ByServer,
            Some(Err(Error::ConnectionClosed)) | None => return CloseReason::ByClient(None),
            Some(Err(_)) => return CloseReason::Broken,
        }
    }
}

/// Carries a command out. Returns the reason of the end, if it ends the connection.
async fn execute(core: &SharedState, socket: &mut Socket, order: ConnectionCommand) -> Option<CloseReason> {
    match order {
        ConnectionCommand::Send(frame, interaction) => {
            if let Some(id) = interaction {
                core.change(|state| state.started(id));
            }
            socket.send(Message::text(frame)).await.err().map(|_| CloseReason::Broken)
        }
        ConnectionCommand::Close(with) => {
            let frame = CloseFrame { code: CloseCode::from(with), reason: "as scripted".into() };
            socket.close(Some(frame)).await.ok();
            Some(CloseReason::ByServer)
        }
        ConnectionCommand::CutMidFrame => {
            // The start of a text frame of 4,096 bytes.
            let start = [&[0x81, 126, 0x10, 0x00], br#"{"op":0,"t":"GUI"#.as_slice()].concat();
            socket.get_mut().write_all(&start).await.ok();
            socket.get_mut().shutdown().await.ok();
            Some(CloseReason::Broken)
        }
        ConnectionCommand::Break => {
            reset(socket.get_ref());
            Some(CloseReason::Broken)
        }
    }
}

/// Sets the linger time to 0, so that dropping the socket sends a reset.
fn reset(stream: &TcpStream) {
    stream.set_zero_linger().ok();
}

/// Replies to the upgrade request with a status.
async fn reject(stream: &mut TcpStream, status: u16) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let answer = format!("HTTP/1.1 {status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}
