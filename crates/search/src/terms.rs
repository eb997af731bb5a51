//! A query with its terms looked up: what to open in each part.

use std::io;

use tantivy::TERMINATED;
use tantivy::postings::TermInfo;

use super::index::Index;
use super::query::{Alternative, Need, Query};
use super::schema::Zone;
use super::statistics::MOST;
use super::unit::Unit;

/// A query with its terms looked up.
pub(super) struct Terms {
    /// Those that score and those that must be there.
    pub(super) groups: Vec<GroupTerms>,
    /// Those that must not be there.
    pub(super) banned: Vec<GroupTerms>,
}

/// A concept with its terms looked up.
pub(super) struct GroupTerms {
    /// Sorted by zone.
    leaves: Vec<LeafTerms>,
    weight: f32,
    pub(super) must: bool,
}

/// One alternative in one zone.
struct LeafTerms {
    zone: Zone,
    /// The alternative's weight times its idf.
    weight: f32,
    /// For each part its terms, in order; empty where one of them is missing.
    terms: Vec<Vec<TermInfo>>,
}

impl Terms {
    /// Of the groups that have any, and not of more than are looked for.
    pub(super) fn of(query: &Query, index: &Index) -> io::Result<Self> {
        let (mut groups, mut banned) = (Vec::new(), Vec::new());
        let mut room = Query::MAX_TERMS;
        let (optional, required): (Vec<_>, Vec<_>) =
            query.groups.iter().partition(|group| group.need == Need::Should);
        for group in required.into_iter().chain(optional) {
            let alternatives = affordable(&group.alternatives, &mut room);
            if alternatives.is_empty() {
                continue;
            }
            let terms = GroupTerms {
                leaves: leaves(index, &Zone::ALL, &alternatives)?,
                weight: group.weight.max(0.0),
                must: group.need == Need::Must,
            };
            if group.need == Need::MustNot { &mut banned } else { &mut groups }.push(terms);
        }
        keep_the_strongest(&mut groups);
        Ok(Self { groups, banned })
    }
}

impl GroupTerms {
    /// One alternative in some zones.
    pub(super) fn one(alternative: &Alternative, zones: &[Zone], index: &Index) -> io::Result<Self> {
        Ok(Self { leaves: leaves(index, zones, &[alternative])?, weight: 1.0, must: false })
    }

    /// What stands for it in one part, zone by zone.
    pub(super) fn units<'i>(&self, index: &'i Index, at: usize) -> io::Result<Vec<Unit<'i>>> {
        let mut units = Vec::new();
        for leaves in self.leaves.chunk_by(|a, b| a.zone == b.zone) {
            let zone = leaves[0].zone;
            let weight = self.weight * zone.weight();
            let mut unit = Unit::new(&index.parts()[at], zone, index.statistics(), weight);
            for leaf in leaves.iter().filter(|leaf| !leaf.terms[at].is_empty()) {
                unit.add(&leaf.terms[at], leaf.weight)?;
            }
            if unit.doc != TERMINATED {
                units.push(unit);
            }
        }
        Ok(units)
    }

    /// More than a passage can score by it.
    fn bound(&self) -> f32 {
        let zones = self.leaves.chunk_by(|a, b| a.zone == b.zone);
        let best = |leaves: &[LeafTerms]| {
            let weights = leaves.iter().map(|leaf| leaf.zone.weight() * leaf.weight);
            weights.fold(0.0, f32::max) * MOST
        };
        self.weight * zones.map(best).sum::<f32>()
    }
}

/// The alternatives that have terms, as long as there is room for them.
fn affordable<'q>(alternatives: &'q [Alternative], room: &mut usize) -> Vec<&'q Alternative> {
    let fits = |alternative: &&Alternative| {
        let terms = alternative.terms.len();
        let fits = (1..=*room).contains(&terms);
        *room -= if fits { terms } else { 0 };
        fits
    };
    alternatives.iter().filter(fits).collect()
}

/// Leaves out the optional groups that could score least, where there are too many. Of equal ones the first stay.
fn keep_the_strongest(groups: &mut Vec<GroupTerms>) {
    let bounds: Vec<f32> = groups.iter().map(GroupTerms::bound).collect();
    let mut optional: Vec<usize> = (0..groups.len()).filter(|&group| !groups[group].must).collect();
    if optional.len() <= Query::MAX_GROUPS {
        return;
    }
    optional.sort_by(|&a, &b| bounds[b].total_cmp(&bounds[a]));
    let weak: Vec<usize> = optional.split_off(Query::MAX_GROUPS);
    let mut at = 0;
    groups.retain(|_| {
        at += 1;
        !weak.contains(&(at - 1))
    });
}

fn leaves(index: &Index, zones: &[Zone], alternatives: &[&Alternative]) -> io::Result<Vec<LeafTerms>> {
    let mut leaves = Vec::new();
    for &zone in zones {
        for alternative in alternatives {
            leaves.extend(leaf(index, zone, alternative)?);
        }
    }
    Ok(leaves)
}

/// `None` where the alternative stands nowhere in this zone.
fn leaf(index: &Index, zone: Zone, alternative: &Alternative) -> io::Result<Option<LeafTerms>> {
    let mut idf = 0.0;
    let mut terms = vec![Vec::with_capacity(alternative.terms.len()); index.parts().len()];
    for word in &alternative.terms {
        let (df, infos) = index.look_up(zone, word)?;
        if df == 0 {
            return Ok(None);
        }
        idf += index.statistics().idf(zone, df);
        for (terms, info) in terms.iter_mut().zip(infos) {
            terms.extend(info);
        }
    }
    for terms in &mut terms {
        if terms.len() < alternative.terms.len() {
            terms.clear();
        }
    }
    let nowhere = terms.iter().all(Vec::is_empty);
    Ok((!nowhere).then_some(LeafTerms { zone, weight: alternative.weight.max(0.0) * idf, terms }))
}
