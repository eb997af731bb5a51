//! Parses the schedule of a digest, with a zone at its end or in an option of its own.

use jiff::Timestamp;

use super::Rejection;
use takeaways_digest::{Schedule, Zone};
use takeaways_render::discord as pages;

/// The schedule and zone as they were typed.
#[derive(Debug, Clone, Default)]
pub struct TimingOptions {
    /// The schedule.
    pub schedule: Option<String>,
    /// The zone's name.
    pub zone: Option<String>,
}

/// The parsed schedule and zone. `None` if one was not given.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    pub schedule: Option<Schedule>,
    pub zone: Option<Zone>,
}

impl TimingOptions {
    /// Timing options from two options; a blank counts as missing.
    pub fn new(schedule: Option<String>, zone: Option<String>) -> Self {
        let said = |option: Option<String>| option.filter(|text| !text.trim().is_empty());
        Self { schedule: said(schedule), zone: said(zone) }
    }

    /// Parses the options.
    ///
    /// # Errors
    /// A page that says what to write instead.
    pub fn parse(&self) -> Result<Timing, Rejection> {
        let zone = self.zone.as_deref().map(str::parse::<Zone>).transpose();
        let zone = zone.map_err(|error| Rejection::Page(pages::bad_zone(&error)))?;
        let Some(schedule) = &self.schedule else { return Ok(Timing { schedule: None, zone }) };
        let (schedule, at_end) = Schedule::parse_with_zone(schedule)
            .map_err(|error| Rejection::Page(pages::bad_schedule(&error)))?;
        match (zone, at_end) {
            (Some(zone), Some(at_end)) if zone != at_end => {
                Err(Rejection::Page(pages::conflicting_zones(&zone, &at_end)))
            }
            (zone, at_end) => Ok(Timing { schedule: Some(schedule), zone: zone.or(at_end) }),
        }
    }
}

/// Rejects a schedule that has no run after a time.
///
/// # Errors
/// A page that says what to write instead.
pub fn check_it_runs(schedule: &Schedule, zone: &Zone, now: Timestamp) -> Result<(), Rejection> {
    let next = schedule.next_run(zone, now);
    next.map(drop).ok_or_else(|| Rejection::Page(pages::never_runs()))
}
