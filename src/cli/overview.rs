//! `takeaways event`, `compare`, `trend`, `who` and `topic`: overviews that are named by their parts.

use anyhow::{Result, bail};

use super::args::{AskFormat, CardArgs, CompareArgs, EventArgs, OverviewArgs, TrendArgs};
use super::ask::print_answer;
use super::context::{Asker, Session};
use super::exit::Exit;
use takeaways_answer::NamedOverview;

/// How many candidates of a refusal are explained.
const EXPLAINED: usize = 8;

/// Prints the takeaways of an event.
pub fn event(session: &Session, args: &EventArgs) -> Result<Exit> {
    let named = NamedOverview::Takeaways { topic: args.topic.clone() };
    print(session, named, Some(args.name.join(" ")), &args.overview)
}

/// Prints what differs between two things.
pub fn compare(session: &Session, args: &CompareArgs) -> Result<Exit> {
    let sides = [args.left.clone(), args.right.clone()];
    if sides[0].trim().eq_ignore_ascii_case(sides[1].trim()) {
        bail!("name two things that differ, for example `takeaways compare Istio Linkerd`");
    }
    print(session, NamedOverview::Comparison { sides }, None, &args.overview)
}

/// Prints how often a topic is named over the years.
pub fn trend(session: &Session, args: &TrendArgs) -> Result<Exit> {
    print(session, NamedOverview::Trend { topic: args.topic.join(" ") }, None, &args.overview)
}

/// Prints the card of a person.
pub fn who(session: &Session, args: &CardArgs) -> Result<Exit> {
    print(session, NamedOverview::Person { name: args.name.join(" ") }, None, &args.overview)
}

/// Prints the card of a topic, a project or a company.
pub fn topic(session: &Session, args: &CardArgs) -> Result<Exit> {
    print(session, NamedOverview::Thing { name: args.name.join(" ") }, None, &args.overview)
}

fn print(
    session: &Session,
    named: NamedOverview,
    event: Option<String>,
    args: &OverviewArgs,
) -> Result<Exit> {
    if args.explain && args.format == Some(AskFormat::Discord) {
        bail!("a message of the bot has no explanation; leave out --explain or --format discord");
    }
    let (question, answer) =
        Asker::open_in(session, &args.scope)?.overview(named, event, args.explain.then_some(EXPLAINED))?;
    print_answer(&question, answer, args.format)
}
