//! Words that end with a full stop of their own.

use crate::model::Language;

/// What the full stop after a word may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullStop {
    /// Never the end of a sentence: something always follows (`Dr.`).
    Never,
    /// Not the end where a number follows (`No. 5`).
    NotBeforeNumber,
    /// Either (`etc.`).
    Maybe,
    /// Always: the word is no abbreviation.
    Ends,
}

/// What the full stop after `word` may be; without that full stop, any case.
#[must_use]
pub fn full_stop_after(word: &str, language: Language) -> FullStop {
    let is_acronym = word.len() > 1 && word.chars().all(char::is_uppercase);
    if is_acronym && language != Language::Es {
        return FullStop::Ends;
    }
    let lower = word.to_lowercase();
    let in_list = |list: &str| list.split_ascii_whitespace().any(|known| known == lower);
    let (never, maybe) = lists(language);
    let is_title = word.starts_with(char::is_uppercase) && in_list(TITLES);
    if is_title || in_list(NEVER) || in_list(never) {
        FullStop::Never
    } else if in_list(BEFORE_NUMBERS) {
        FullStop::NotBeforeNumber
    } else if in_list(MAYBE) || in_list(maybe) {
        FullStop::Maybe
    } else {
        FullStop::Ends
    }
}

/// Names that end with an exclamation mark.
#[must_use]
pub fn is_name_with_mark(word: &str) -> bool {
    ["yahoo", "jeopardy", "joomla"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// What follows the full stop in the names of hosts and files, in lower case.
#[must_use]
pub fn is_name_ending(word: &str) -> bool {
    const ENDINGS: &str = "app asp bat blog cfg cloud com conf css csv dev dll doc docx edu env exe gif git gov html \
        info ini ipynb jar java jpeg jpg json jsx key lock log mod net org pdf php png ppt pptx proto rst svg tar tech \
        toml tsx txt vue wasm xls xlsx xml yaml yml zip";
    ENDINGS.split_ascii_whitespace().any(|ending| word.eq_ignore_ascii_case(ending))
}

/// Titles before names, in every language; without a capital they are other words (`20 ms.`).
const TITLES: &str = "mr mrs ms messrs dr drs st rev hon gen gov sen rep capt lt cmdr col sgt maj pres";

/// In every language, as English words are found in all.
const NEVER: &str = "prof e.g eg i.e ie vs cf viz resp approx ca esp incl excl";

const BEFORE_NUMBERS: &str = "no nos fig figs sec sect ch chap chpt eq vol vols p pp art par ver rev ref tab nr pt q v \
ed iss ex min max";

const MAYBE: &str = "inc ltd co corp jr sr plc llc bros dept univ assn al ph.d jan feb mar apr jun jul aug sep \
sept oct nov dec tue tues thu thurs fri";

fn lists(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::De => (
            "bzw d.h z.b vgl evtl ggf inkl exkl zzgl nr str frl hrn dipl geb gest sog z.t i.d.r s.o s.u bspw \
             abs bd jh tel mind max min ehem gem sek std",
            "usw etc ing u.a u.ä o.ä u.v.m mio mrd ff uvm",
        ),
        Language::Fr => {
            ("m mm mme mmes mlle mlles mgr pr me p.ex ex env av boul chap éd n° st ste", "ap apr hab")
        }
        Language::Es => (
            "sr sra sres sras srta dra d dña ud uds vd p.ej ej pág págs núm núms av avda ee aprox",
            "uu ee.uu",
        ),
        Language::Pt => ("sr sra srs sras srta dra exmo exma p.ex ex pág págs núm av r aprox", ""),
        Language::It => ("sig sigg sig.ra sig.na dott dott.ssa avv p.es es pag pagg art n", "ecc ing"),
        Language::Nl => ("dhr mevr mw ir bijv bv d.w.z o.a m.b.t i.p.v nr blz mr", "enz ing e.d e.a"),
        Language::En | Language::Ja | Language::Zh | Language::Ko | Language::Other => ("", ""),
    }
}
