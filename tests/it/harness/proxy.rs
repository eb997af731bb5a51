//! A proxy between a process and a server, whose connections a test can cut.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Forwards connections over loopback until it is cut. It ends on drop.
pub struct TcpProxy {
    address: SocketAddr,
    cut: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl TcpProxy {
    /// Starts a proxy for the server at this address.
    pub async fn connect_to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let cut = watch::Sender::new(false);
        let serving = tokio::spawn(serve(listener, server, cut.clone()));
        Self { address, cut, serving }
    }

    /// Returns its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the connection silently: connections stay open, and new ones are accepted and never answered.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// Forwards new connections again. Earlier ones break.
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
    // A cut connection stays open without data until the repair.
    cut.wait_for(|cut| !*cut).await.ok();
}
