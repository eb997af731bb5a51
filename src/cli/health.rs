//! `takeaways health`: asks the bot on this machine whether it is healthy.
//!
//! A container image without a shell has no other way to check the bot. Plain sockets suffice: the request is one line,
//! and the reply is our own.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Result, bail};

use super::args::GlobalArgs;
use super::context::Session;
use super::exit::Exit;
use super::terminal;
use takeaways_render::clean;
use takeaways_settings::Settings;

/// The time limit of each step, well below the five seconds that a container's health check has.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The size limit of a reply in bytes.
const MAX_REPLY: u64 = 4 << 10;

/// Prints the health of the bot. The exit is negative if it can't answer people.
pub fn run(global: &GlobalArgs, only_liveness: bool) -> Result<Exit> {
    let Some(address) = probe_address(&Session::start(global)?.settings) else {
        bail!("ops.listen is off, so the bot can't be asked; set it to an address")
    };
    let (is_ready, text) = match request(address, if only_liveness { "/healthz" } else { "/readyz" }) {
        Ok(reply) => parse_reply(&reply),
        Err(error) => (false, format!("nothing answers at {address}: {error}")),
    };
    terminal::print(&format!("{}\n", clean(&text)))?;
    Ok(Exit::from_success(is_ready))
}

/// The address of the bot, as seen from its own machine.
fn probe_address(settings: &Settings) -> Option<SocketAddr> {
    let mut address = settings.ops.listen?;
    // A bot that listens on all interfaces listens on loopback.
    if address.ip().is_unspecified() {
        let v4 = IpAddr::from(Ipv4Addr::LOCALHOST);
        address.set_ip(if address.is_ipv4() { v4 } else { Ipv6Addr::LOCALHOST.into() });
    }
    Some(address)
}

fn request(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut reply = Vec::new();
    stream.take(MAX_REPLY).read_to_end(&mut reply)?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

/// Whether a reply has the status 200, and its text.
fn parse_reply(reply: &str) -> (bool, String) {
    let Some((head, body)) = reply.split_once("\r\n\r\n").filter(|(head, _)| head.starts_with("HTTP/1.1 "))
    else {
        return (false, "another program answers at this address; check ops.listen".into());
    };
    let is_ready = head.starts_with("HTTP/1.1 200 ");
    let body = body.lines().next().unwrap_or_default().trim();
    (is_ready, body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_200_is_well() {
        let reply = |status: &str| format!("HTTP/1.1 {status}\r\ncontent-length: 3\r\n\r\nthe text\n");
        assert_eq!(parse_reply(&reply("200 OK")), (true, "the text".into()));
        assert_eq!(parse_reply(&reply("503 Service Unavailable")), (false, "the text".into()));
        assert_eq!(parse_reply(&reply("2000 OK")), (false, "the text".into()));
        for odd in ["", "SSH-2.0-x\r\n", "HTTP/1.1 200 OK\r\n", "220 mail\r\n\r\nHTTP/1.1 200 "] {
            assert!(!parse_reply(odd).0, "{odd:?}");
        }
    }
}
