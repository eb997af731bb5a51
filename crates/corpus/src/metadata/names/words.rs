//! Words by which a person's name is told from other words with capitals. In lower case.

/// Words that end the name of a company or group, and of no person.
pub(super) const GROUPS: &str = "\
    center centre foundation team inc ltd llc gmbh ag corp corporation company labs lab university institute \
    group project community software technologies systems solutions cloud security consulting networks \
    networking research academy college bank media studio studios engineering digital services partners hat";

/// Words that begin or make up what a person does rather than a name.
pub(super) const ROLES: &str = "\
    engineer developer architect manager director lead head cto ceo cio vp phd founder co-founder cofounder \
    consultant advocate evangelist maintainer ambassador chair senior principal staff chief product software \
    sre devops jr sr md ph.d officer analyst editor writer student intern president specialist";

/// Words that stand in headings, greetings and places, written with capitals like names, and in no name.
pub(super) const NO_NAMES: &str = "\
    the an and my our your you we it this that end thank thanks happy stay tuned see soon read more good bye \
    goodbye enjoy until next previous follow share back top contact comments further related tags photo \
    photos image source sources references resources links slides video videos recap summary conclusion \
    kubecon conference summit day days part native open new san las los north south east west city popular \
    demand far now all table contents full transcript get involved key takeaways final thoughts closing \
    words about credits hacking learning coding january february march june july september october november \
    december monday tuesday wednesday thursday friday saturday sunday fin merci danke gracias obrigado";

/// Whether a word is in one of these lists.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|own| own == word)
}
