//! A wire between a process and a server that a test can cut.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Forwards connections over loopback until it is cut; ends when it is dropped.
pub struct TcpProxy {
    address: SocketAddr,
    cut: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl TcpProxy {
    /// Before the server at this address.
    pub async fn connect_to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let cut = watch::Sender::new(false);
        let serving = tokio::spawn(serve(listener, server, cut.clone()));
        Self { address, cut, serving }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Nothing goes through any more, and nobody is told: connections stay open, new ones are taken and not answered.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// New connections go through again; those of before break.
    pub fn restore(&self) {
        self.cut.send_replace(false);
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, server: SocketAddr, cut: watch::Sender<bool>) {
    let mut open = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        open.spawn(forward(client, server, cut.subscribe()));
    }
}

async fn forward(mut client: TcpStream, server: SocketAddr, mut cut: watch::Receiver<bool>) {
    let through = async {
        if let Ok(mut server) = TcpStream::connect(server).await {
            copy_bidirectional(&mut client, &mut server).await.ok();
        }
    };
    let mut until = cut.clone();
    tokio::select! {
        _ = until.wait_for(|cut| *cut) => {}
        () = through => return,
    }
    // Held open in silence until it is healed.
    cut.wait_for(|cut| !*cut).await.ok();
}
