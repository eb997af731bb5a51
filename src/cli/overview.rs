//! `takeaways event`, `compare`, `trend`, `who` and `topic`: overviews that are named by their parts.

use anyhow::{Result, bail};

use super::args::{
    CompareArgs, EventArgs, EventOptionArgs, OverviewOutputArgs, PageFormat, PersonArgs, ScopeArgs,
    ThingArgs, TrendArgs,
};
use super::ask::print_answer;
use super::context::{Asker, Session};
use super::exit::Exit;
use takeaways_answer::NamedOverview;

/// How many candidates of a refusal are explained.
const EXPLAINED: usize = 8;

/// Prints the takeaways of an event.
pub fn event(session: &Session, args: &EventArgs) -> Result<Exit> {
    let name = args.name.join(" ");
    if name.trim().is_empty() {
        bail!("name an event, for example `takeaways event \"KubeCon EU 2019\"`");
    }
    let scope = ScopeArgs {
        events: EventOptionArgs { event: vec![name] },
        years: args.years.clone(),
        authors: args.authors.clone(),
        reading: args.reading.clone(),
    };
    print(session, NamedOverview::Takeaways { topic: args.topic.clone() }, &scope, &args.output)
}

/// Prints what differs between two things.
pub fn compare(session: &Session, args: &CompareArgs) -> Result<Exit> {
    let sides = [args.left.clone(), args.right.clone()];
    if sides[0].trim().eq_ignore_ascii_case(sides[1].trim()) {
        bail!("name two things that differ, for example `takeaways compare Istio Linkerd`");
    }
    let scope = ScopeArgs { reading: args.reading.clone(), ..ScopeArgs::default() };
    print(session, NamedOverview::Comparison { sides }, &scope, &args.output)
}

/// Prints how often a topic is named over the years.
pub fn trend(session: &Session, args: &TrendArgs) -> Result<Exit> {
    let named = NamedOverview::Trend { topic: args.topic.join(" ") };
    print(session, named, &args.overview.scope, &args.overview.output)
}

/// Prints the card of a person.
pub fn who(session: &Session, args: &PersonArgs) -> Result<Exit> {
    let scope = ScopeArgs {
        events: args.events.clone(),
        years: args.years.clone(),
        reading: args.reading.clone(),
        ..ScopeArgs::default()
    };
    print(session, NamedOverview::Person { name: args.name.join(" ") }, &scope, &args.output)
}

/// Prints the card of a topic, a project or a company.
pub fn topic(session: &Session, args: &ThingArgs) -> Result<Exit> {
    let named = NamedOverview::Thing { name: args.name.join(" ") };
    print(session, named, &args.overview.scope, &args.overview.output)
}

fn print(
    session: &Session,
    named: NamedOverview,
    scope: &ScopeArgs,
    output: &OverviewOutputArgs,
) -> Result<Exit> {
    if output.explain && output.format == Some(PageFormat::Discord) {
        bail!("a message of the bot has no explanation; leave out --explain or --format discord");
    }
    let asker = Asker::open_in(session, scope)?.for_page(output.format);
    let (question, answer) = asker.overview(named, output.explain.then_some(EXPLAINED))?;
    print_answer(&asker, &question, answer, output.format)
}
