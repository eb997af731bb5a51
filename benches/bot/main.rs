//! Measures the bot over loopback: `cargo bench --bench bot`.
//!
//! The real program is a separate process; this process is Discord. Prints Markdown. Options: `--questions FILE`, lines
//! of JSON with the question as `q`; `--corpus DIR`; `--program FILE`, another build; `--seconds 10` for each rate;
//! `--starts 20`; `--only starts|load|rates`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod bot;
mod discord;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bot::{BotCommand, RunningBot};
use discord::{BenchSession, FakeGateway};
use serde_json::Value;
use takeaways_testing::Percentiles;

/// The rates, in interactions per second.
const RATES: [u32; 4] = [50, 200, 500, 1_000];
/// As many as the bot answers at once; further ones would be deferred.
const IN_FLIGHT: u32 = 60;
/// The numbers of interactions after which memory is measured.
const STEP: u32 = 10_000;
const STEPS: u32 = 5;
/// The number of questions before the rates are measured.
const WARM_UP: u32 = 2_000;
/// The delay of a sleeping thread's wake-up; the rest of a wait is a busy loop.
const WAKE_UP: Duration = Duration::from_micros(100);

fn main() -> Result<()> {
    let options = options()?;
    let option = |name: &str| options.get(name).map(String::as_str);
    let count = |name: &str, default: u32| option(name).map_or(Ok(default), str::parse);
    let questions = read_questions(option("questions"))?;
    let corpus = option("corpus").map(std::fs::canonicalize).transpose().context("no such corpus")?;
    let path = PathBuf::from(option("program").unwrap_or(env!("CARGO_BIN_EXE_takeaways"))).canonicalize()?;
    let folder = tempfile::tempdir()?;
    let program = BotCommand { path: &path, corpus: corpus.as_deref(), folder: folder.path() };
    let discord = FakeGateway::start()?;
    // This run builds the index.
    drop(start(&program, &discord, &questions)?);

    let wanted = |part: &str| option("only").is_none_or(|only| only == part);
    if wanted("starts") {
        starts(&program, &discord, count("starts", 20)?)?;
    }
    if wanted("load") {
        let (bot, mut session) = start(&program, &discord, &questions)?;
        load(&bot, &mut session)?;
    }
    if wanted("rates") {
        let (bot, mut session) = start(&program, &discord, &questions)?;
        rates(&bot, &mut session, count("seconds", 10)?)?;
    }
    Ok(())
}

/// Returns the values of all `--name value`.
fn options() -> Result<BTreeMap<String, String>> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut options = BTreeMap::new();
    while let Some(word) = words.next() {
        let (Some(name), Some(value)) = (word.strip_prefix("--"), words.next()) else {
            bail!("{word:?} is no option with a value");
        };
        options.insert(name.to_owned(), value);
    }
    Ok(options)
}

/// Starts a bot that answers questions.
fn start<'d>(
    program: &BotCommand,
    discord: &'d FakeGateway,
    questions: &[String],
) -> Result<(RunningBot, BenchSession<'d>)> {
    let bot = program.start(discord)?;
    let session = discord.session(questions)?;
    bot.until_read()?;
    Ok((bot, session))
}

/// The time in which a bot that has read its posts does all that belongs to a start.
const SETTLE: Duration = Duration::from_secs(2);

/// Measures the time from the start of the process to its IDENTIFY, and what a start costs.
fn starts(program: &BotCommand, discord: &FakeGateway, count: u32) -> Result<()> {
    let (mut times, mut costs) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (bot, session) = start(program, discord, &[])?;
        times.push(session.identified - bot.started);
        sleep(SETTLE);
        costs.push((bot.processor_time()?, bot.memory("VmHWM")?));
    }
    let times = Percentiles::new(times);
    println!(
        "Start → READY, {count} starts: {:.1} ms in the middle, {:.1} to {:.1} ms.\n",
        times.percentile(50),
        times.percentile(0),
        times.percentile(100)
    );
    let processor = costs.iter().map(|(time, _)| time.as_secs_f64()).fold(0.0, f64::max);
    let memory = costs.iter().map(|(_, memory)| *memory).fold(0.0, f64::max);
    println!("A start costs at most {processor:.2} s of processor time and {memory:.1} MB.\n");
    Ok(())
}

/// Measures the throughput: each question is asked when an answer has arrived.
fn load(bot: &RunningBot, session: &mut BenchSession) -> Result<()> {
    sleep(Duration::from_secs(1));
    println!("| questions, {IN_FLIGHT} in flight | answers/s | CPU an answer | cited | memory |");
    println!("|---|---|---|---|---|");
    println!("| 0 | | | | {:.1} MB |", bot.memory("VmRSS")?);
    for step in 1..=STEPS {
        let (begin, before) = (Instant::now(), bot.processor_time()?);
        let cited = saturate(session, STEP)?;
        let (took, used) = (begin.elapsed(), bot.processor_time()?.saturating_sub(before));
        println!(
            "| {} | {:.0} | {} | {} % | {:.1} MB |",
            step * STEP,
            f64::from(STEP) / took.as_secs_f64(),
            each(used, STEP),
            cited * 100 / STEP,
            bot.memory("VmRSS")?
        );
    }
    println!("\nAt the most {:.1} MB.\n", bot.memory("VmHWM")?);
    Ok(())
}

/// Asks this number of questions. Returns the number of answers with excerpts.
fn saturate(session: &mut BenchSession, count: u32) -> Result<u32> {
    let end = session.sent() + count;
    for _ in 0..IN_FLIGHT.min(count) {
        session.send()?;
    }
    session.flush()?;
    let (mut answers, mut cited) = (0, 0);
    while answers < count {
        let receipt = if let Some(receipt) = session.try_receipt() {
            receipt
        } else {
            session.flush()?;
            session.receipt()?
        };
        answers += u32::from(receipt.is_answer);
        cited += u32::from(receipt.is_cited);
        if receipt.is_answer && session.sent() < end {
            session.send()?;
        }
    }
    Ok(cited)
}

/// Asks at a fixed rate, even if the bot is slower. Each latency starts when the question is due.
fn rates(bot: &RunningBot, session: &mut BenchSession, seconds: u32) -> Result<()> {
    saturate(session, WARM_UP)?;
    println!("| a second | acknowledged p50 / p99 | longest | CPU an answer |");
    println!("|---|---|---|---|");
    for rate in RATES {
        let before = bot.processor_time()?;
        let times = at_rate(session, rate, rate * seconds)?;
        let used = bot.processor_time()?.saturating_sub(before);
        println!(
            "| {rate} | {:.2} / {:.2} ms | {:.1} ms | {} |",
            times.percentile(50),
            times.percentile(99),
            times.percentile(100),
            each(used, rate * seconds)
        );
    }
    println!();
    Ok(())
}

fn at_rate(session: &mut BenchSession, rate: u32, count: u32) -> Result<Percentiles> {
    let first = session.sent();
    let begin = Instant::now() + Duration::from_millis(10);
    let due = |number: u32| begin + Duration::from_secs(1) * number / rate;
    for number in 0..count {
        let at = due(number);
        sleep(at.saturating_duration_since(Instant::now()).saturating_sub(WAKE_UP));
        while Instant::now() < at {
            std::hint::spin_loop();
        }
        session.send()?;
        session.flush()?;
    }
    let mut times = Vec::new();
    let mut answers = 0;
    while answers < count {
        let receipt = session.receipt()?;
        if receipt.is_first {
            times.push(receipt.at - due(receipt.number - first));
        }
        answers += u32::from(receipt.is_answer);
    }
    Ok(Percentiles::new(times))
}

fn each(time: Duration, count: u32) -> String {
    format!("{:.0} µs", time.as_secs_f64() * 1e6 / f64::from(count))
}

/// Most have an answer, some name an event, a year or a person, and a few have no answer.
const OWN: [&str; 30] = [
    "how many people attended KubeCon in San Diego?",
    "what did people say about service mesh?",
    "which company bought Docker Enterprise?",
    "what are alternatives to Docker?",
    "is Kubernetes boring?",
    "what was announced at KubeCon San Diego?",
    "how can I contribute to Kubernetes without code?",
    "how many sponsors did KubeCon Europe 2019 have?",
    "how does Kubernetes compare with OpenStack?",
    "what did Liz Rice talk about?",
    "should databases run inside Kubernetes?",
    "what happened at the Contributor Summit in Seattle?",
    "who works for Weaveworks?",
    "what did Kelsey Hightower say in his keynote?",
    "which vendors offer multi-cloud Kubernetes?",
    "what is new in EKS?",
    "how mature is container security?",
    "what was said about serverless in 2018?",
    "is it worth to run an own operations team for Kubernetes?",
    "what do people take away about tracing and monitoring?",
    "Helm 3",
    "when did Vitess graduate?",
    "what was the talk on Tungsten Fabric about?",
    "network policies and access control",
    "how big was KubeCon Copenhagen?",
    "what did Chris Short see?",
    "why are Operators useful?",
    "which tools trace security issues in a cluster?",
    "how much does a ticket to KubeCon cost?",
    "what do people say about Haskell at FOSDEM?",
];

/// Reads the questions of a file: lines of JSON with the question as `q`.
fn read_questions(file: Option<&str>) -> Result<Vec<String>> {
    let Some(file) = file else { return Ok(OWN.map(str::to_owned).to_vec()) };
    let text = std::fs::read_to_string(file).with_context(|| format!("{file} can't be read"))?;
    let question = |line: &str| -> Result<String> {
        let line: Value = serde_json::from_str(line)?;
        Ok(line["q"].as_str().context("a line has no \"q\"")?.to_owned())
    };
    let found: Result<Vec<String>> = text.lines().map(question).collect();
    found.and_then(|found| (!found.is_empty()).then_some(found).context("there are none"))
}
