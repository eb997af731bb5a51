//! Little words around the names of conferences, folded, in the languages that questions and posts come in.

/// Before a place. French `à` is one too, but not English `a`; the two differ only as typed.
pub(super) const WITHIN: &str = "\
    in en em te nach";

/// Between the last two of several.
pub(super) const LISTING: &str = "\
    and or und oder et ou y e en vs versus";

/// Between a name, a place and a year.
pub(super) const LITTLE: &str = "\
    in at of from the for this s de del der des du d la le el a en em im na no da do auf aus van von te \
    on year jahr annee ano conference conf edition convention event back held virtual online";

/// Inside the name of a place: Juiz de Fora.
pub(super) const PARTICLES: &str = "\
    de da do dos das del la los las le am upon of el";

/// Words that follow a conference's name with a capital and are no place.
pub(super) const NO_PLACE: &str = "\
    about after all and announcements april are around attendee attendees august became been before \
    began best blog but can community conference could day days december did diversity does event \
    events everything experience february feedback first for friday from general had has have here \
    highlights how interview january july june keynote keynotes liveblog love march may monday more \
    most my next not notes november october open opening organizer organizers our part person photos \
    pictures present recap report retro retrospective review roundup saturday schedule scholarship \
    second september session sessions slides space spaces speaker speakers sponsor sponsors stories \
    summary sunday takeaways talk talks team that the their there these they third this thoughts \
    thursday tickets today trip tuesday update updates videos was website wednesday week welcome were \
    what when where which who why will with workshop workshops would wrap year you your youtube twitter \
    github linkedin channel playlist live online virtual slack";

/// What is counted: `KubeCon 20 years later` names no year.
pub(super) const COUNTED: &str = "\
    years talks people sessions days minutes attendees times hours percent speakers sponsors keynotes \
    projects of jahre ans anos tage menschen personnes personas 年 人 일 명";

/// Whether a word is in one of these lists.
pub(super) fn holds(list: &str, word: &str) -> bool {
    list.split(' ').any(|other| other == word)
}
