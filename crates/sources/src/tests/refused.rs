//! A07: nothing lets a fetch into the own network.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use takeaways_testing::{LoopbackWeb, PageReply};
use url::{Host, Url};

use super::{block_on, clock, fetcher, loopback};
use crate::http::{HttpWeb, Lookup};
use crate::{AddressGuard, AddressRefusal, FetchError, Fetcher, FetcherOptions, WebError, parse_address};

/// Sixty addresses that must be refused, in the forms that attackers write them in.
const REFUSED: [&str; 60] = [
    "http://127.0.0.1/",
    "http://127.0.0.1:80/x",
    "http://127.1/",
    "http://127.000.000.001/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.255.255.254/",
    "http://0.0.0.0/",
    "http://0/",
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://192.168.255.255/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.0.1/",
    "http://0xa9fea9fe/",
    "http://2852039166/",
    "http://168.63.129.16/",
    "http://100.64.0.1/",
    "http://100.127.255.255/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::127.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[64:ff9b:1::1]/",
    "http://[2001:db8::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[100::1]/",
    "http://[fec0::1]/",
    "http://①②⑦.⓪.⓪.①/",
    "http://8.8.8.8:22/",
];

/// A resolver of the test. A name may have other addresses at each look-up.
#[derive(Default)]
struct TestLookup {
    names: HashMap<String, Vec<IpAddr>>,
    looked: AtomicUsize,
}

impl Lookup for TestLookup {
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let nth = self.looked.fetch_add(1, Ordering::SeqCst);
        let ip = self.names.get(host).map(|answers| answers[nth.min(answers.len() - 1)]);
        Box::pin(async move { Ok(Vec::from_iter(ip)) })
    }
}

/// A process whose names are looked up by this resolver. Each request makes a new connection, and so a look-up: the
/// servers of the tests close theirs.
fn fetcher_with(lookup: &Arc<TestLookup>, guard: AddressGuard) -> Fetcher {
    let web = HttpWeb::new(guard.clone(), "test".into())
        .with_lookup(Arc::clone(lookup) as Arc<dyn Lookup>)
        .with_time_limit(Duration::from_secs(5));
    let options = FetcherOptions { guard, interval: Duration::ZERO };
    Fetcher::new(Arc::new(web), clock(), options)
}

/// The IP address that an address means, as the client reads it.
fn ip_of(text: &str) -> IpAddr {
    match parse_address(text).expect("an address").host() {
        Some(Host::Ipv4(ip)) => ip.into(),
        Some(Host::Ipv6(ip)) => ip.into(),
        other => panic!("{text}: {other:?}"),
    }
}

fn is_refused(result: &Result<crate::FetchOutcome, FetchError>) -> bool {
    matches!(result, Err(FetchError::Web(WebError::Refused(_))))
}

#[test]
fn a07_sixty_addresses_are_refused_and_nothing_is_sent() {
    let fetcher = fetcher(AddressGuard::default(), Duration::from_secs(1));
    for text in REFUSED {
        let url = parse_address(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(is_refused(&block_on(fetcher.fetch(&url, None))), "{text}");
    }
}

#[test]
fn a07_other_schemes_user_info_and_ports_are_refused() {
    let guard = AddressGuard::default();
    for text in [
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/",
        "https://user@example.org/",
        "https://u:p@example.org/",
        "http://example.org:25/",
        "http://example.org:8080/",
        "http://localhost/",
        "http://x.localhost/",
        "http://metadata.google.internal/",
        "http://printer.local/",
    ] {
        assert!(guard.check_url(&Url::parse(text).expect("an address")).is_err(), "{text}");
    }
    assert_eq!(guard.check_url(&Url::parse("https://blog.example/").expect("an address")), Ok(()));
}

#[test]
fn a07_sixty_addresses_are_refused_after_a_redirect() {
    // Loopback itself is allowed here on the port of the test's web, so that there is something to redirect.
    let web = LoopbackWeb::handle(|request| {
        let at: Option<usize> = request.path.strip_prefix("/to/").and_then(|at| at.parse().ok());
        at.map_or(PageReply::status(404), |at| {
            PageReply::redirect([301, 302, 303, 307, 308][at % 5], REFUSED[at])
        })
    });
    let guard = AddressGuard::new(vec![format!("127.0.0.1:{}", web.port()).parse().expect("a network")]);
    let fetcher = fetcher(guard, Duration::from_secs(5));
    for (at, target) in REFUSED.iter().enumerate() {
        let url = parse_address(&web.url(&format!("/to/{at}"))).expect("an address");
        let result = block_on(fetcher.fetch(&url, None));
        // Letters of other scripts can't stand in a header, so there is no address to follow.
        let is_no_address = !target.is_ascii() && matches!(result, Err(FetchError::Location));
        assert!(is_no_address || is_refused(&result), "{target}: {result:?}");
    }
    // Redirects to other schemes are none.
    for target in ["file:///etc/passwd", "gopher://127.0.0.1/", "javascript:alert(1)"] {
        let web = LoopbackWeb::handle(move |request| match request.path.as_str() {
            "/robots.txt" => PageReply::status(404),
            _ => PageReply::redirect(302, target),
        });
        let url = parse_address(&web.url("/")).expect("an address");
        let result = block_on(super::fetcher(loopback(), Duration::from_secs(5)).fetch(&url, None));
        assert!(is_refused(&result), "{target}: {result:?}");
    }
}

#[test]
fn a07_sixty_addresses_are_refused_by_names_that_resolve_to_them() {
    let name = |at: usize| format!("evil{at}.example");
    let names = REFUSED.iter().enumerate().map(|(at, text)| (name(at), vec![ip_of(text)])).collect();
    let lookup = Arc::new(TestLookup { names, ..TestLookup::default() });
    let fetcher = fetcher_with(&lookup, AddressGuard::default());
    for (at, text) in REFUSED.iter().enumerate() {
        let port = parse_address(text).expect("an address").port();
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let url = Url::parse(&format!("http://{}{port}/", name(at))).expect("an address");
        let result = block_on(fetcher.fetch(&url, None));
        let Err(FetchError::Web(WebError::Refused(refusal))) = &result else { panic!("{text}: {result:?}") };
        // The last one is public, and its port is not.
        let expected = if *text == "http://8.8.8.8:22/" {
            AddressRefusal::Port(22)
        } else {
            AddressRefusal::LeadsInside(ip_of(text))
        };
        assert_eq!(*refusal, expected, "{text}");
    }
    assert_eq!(lookup.looked.load(Ordering::SeqCst), REFUSED.len() - 1, "a port needs no look-up");
}

/// A server on the second address of loopback, which counts who connects.
fn count_connections(port: u16) -> Option<Arc<AtomicUsize>> {
    let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), port)).ok()?;
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            seen.fetch_add(1, Ordering::SeqCst);
        }
    });
    Some(count)
}

#[test]
fn a07_a_resolver_that_answers_differently_the_second_time_does_not_get_through() {
    let web = LoopbackWeb::serve([("/".to_owned(), PageReply::html("<p>A page."))]);
    // 127.0.0.1 with the port of the test's web is allowed, 127.0.0.2 with the same port is refused.
    let allowed: IpAddr = Ipv4Addr::LOCALHOST.into();
    let refused: IpAddr = Ipv4Addr::new(127, 0, 0, 2).into();
    // Only some systems have further addresses of loopback.
    let Some(inside) = count_connections(web.port()) else { return };
    let guard = AddressGuard::new(vec![format!("127.0.0.1:{}", web.port()).parse().expect("a network")]);
    let url = Url::parse(&format!("http://rebind.example:{}/", web.port())).expect("an address");
    // The requests for robots.txt and the page are allowed, each with one look-up; a second look-up for a connection
    // that was judged already would get the refused address, and reach it.
    for allowed_lookups in 0..=2 {
        let mut answers = vec![allowed; allowed_lookups];
        answers.push(refused);
        let names = [("rebind.example".to_owned(), answers)].into();
        let lookup = Arc::new(TestLookup { names, ..TestLookup::default() });
        let fetcher = fetcher_with(&lookup, guard.clone());
        let before = web.requests().len();
        let result = block_on(fetcher.fetch(&url, None));
        let sent = web.requests().len() - before;
        if allowed_lookups == 2 {
            assert!(
                matches!(&result, Ok(crate::FetchOutcome::Page(page)) if page.body == b"<p>A page."),
                "{result:?}"
            );
        } else {
            let refusal = FetchError::Web(WebError::Refused(AddressRefusal::LeadsInside(refused)));
            assert_eq!(result.err(), Some(refusal), "{allowed_lookups}");
        }
        // Each request is one look-up, and each look-up is judged.
        assert_eq!(sent, allowed_lookups);
        let looked = lookup.looked.load(Ordering::SeqCst);
        assert_eq!(looked, (allowed_lookups + 1).min(2), "look-ups, {allowed_lookups} of them allowed");
    }
    assert_eq!(inside.load(Ordering::SeqCst), 0, "nothing reached the refused address");
}

#[test]
fn a07_no_redirect_leads_from_https_to_http() {
    let web = super::site::MemoryWeb::new(clock(), |request, _| {
        let reply = super::site::status(if request.url.path() == "/robots.txt" { 404 } else { 301 });
        Ok(crate::WebResponse { location: Some("http://blog.example/b".into()), ..reply })
    });
    let options = FetcherOptions { guard: AddressGuard::default(), interval: Duration::ZERO };
    let fetcher = Fetcher::new(web, clock(), options);
    let url = Url::parse("https://blog.example/a").expect("an address");
    assert_eq!(block_on(fetcher.fetch(&url, None)).err(), Some(FetchError::Downgrade));
}
