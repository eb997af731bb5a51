//! Finds the mentions of events in a text and the editions that match them.

use super::evidence::refers_to_another_time;
use super::grammar::{MentionedPlace, ParsedMention};
use super::lexicon::PlaceId;
use super::mention_parser::MentionParser;
use super::table::{Edition, EventSeries, EventTable};
use std::ops::Range;
use takeaways_text::model::Event;
use takeaways_text::phrases::Words;

/// Words in a text that name an event, completely or in part.
#[derive(Debug, Clone, PartialEq)]
pub struct EventMention<'t> {
    /// The range of the words, in bytes of the text.
    pub range: Range<usize>,
    /// The conference; `None` if only a city is named, which may also be the name of a person.
    pub series: Option<&'t EventSeries>,
    /// The named region, in the form of [`Event::region`]: `North America`, `China`.
    pub region: Option<String>,
    /// The named city or country: its English name if the table has it, otherwise its original spelling.
    pub place: Option<String>,
    /// The named year.
    pub year: Option<i16>,
    /// All editions that match, newest first; empty if the series is known but no such edition is.
    pub editions: Vec<&'t Event>,
}

impl EventTable {
    /// Returns the mentions of events in a text, in its order. A text with very many is not read to its end.
    pub fn mentions<'t>(&'t self, text: &str) -> Vec<EventMention<'t>> {
        self.mentions_with_words(&Words::new(text)).into_iter().map(|(_, mention)| mention).collect()
    }

    /// Returns the mentions of conferences that the sentence around them does not place in another time, as `see you at
    /// KubeCon` does.
    pub fn current_mentions<'t>(&'t self, text: &str) -> Vec<EventMention<'t>> {
        let words = Words::new(text);
        let mentions = self.mentions_with_words(&words).into_iter();
        mentions
            .filter(|(range, mention)| mention.series.is_some() && !refers_to_another_time(&words, range))
            .map(|(_, mention)| mention)
            .collect()
    }

    /// Returns the countries and parts of the world that a text names beside its mentions of events, each with its range
    /// in bytes and its English name.
    pub fn lone_places(&self, text: &str) -> Vec<(Range<usize>, &str)> {
        let words = Words::new(text);
        let places = self.parse_lone_places(&words, &self.parse_mentions(&words));
        let named = |(range, id)| Some((words.byte_range(range), self.places.get(id)?.name.as_str()));
        places.into_iter().filter_map(named).collect()
    }

    /// Whether a text is the name of a city, a country or a part of the world, also in lower case.
    pub fn is_place(&self, name: &str) -> bool {
        let words = Words::new(name);
        let parser = MentionParser { table: self, words: &words };
        parser.place_at(0).is_some_and(|(len, _)| len == words.len())
    }

    /// Whether an event was held in a city, a country or a part of the world, or is named after it.
    pub fn is_held_in(&self, event: &Event, place: &str) -> bool {
        let outer = self.places.find(place);
        let names = [&event.city, &event.country, &event.region].into_iter().flatten();
        let mut lies_in = names.map(|name| match (self.places.find(name), outer) {
            (Some(inner), Some(outer)) => self.places.lies_in(inner, outer),
            _ => name.eq_ignore_ascii_case(place),
        });
        lies_in.any(|lies_in| lies_in)
    }

    /// Returns the mentions of events, each with the range of its words.
    pub(super) fn mentions_with_words<'t>(
        &'t self,
        words: &Words<'_>,
    ) -> Vec<(Range<usize>, EventMention<'t>)> {
        let mentions = self.parse_mentions(words);
        mentions
            .into_iter()
            .map(|parsed| (parsed.words.clone(), self.resolve_mention(words, &parsed)))
            .collect()
    }

    /// Whether any edition of the series matches.
    pub(super) fn has_edition(&self, parsed: &ParsedMention) -> bool {
        parsed.series.is_some_and(|series| {
            self.editions_of(series).iter().any(|edition| self.edition_matches(edition, parsed))
        })
    }

    fn resolve_mention(&self, words: &Words<'_>, parsed: &ParsedMention) -> EventMention<'_> {
        let name = |id: PlaceId| self.places.get(id).map(|place| place.name.clone());
        let editions = match parsed.edition.and_then(|at| self.editions.get(at)) {
            Some(edition) => vec![&edition.event],
            None => self.matching_editions(parsed),
        };
        EventMention {
            range: words.byte_range(parsed.words.clone()),
            series: parsed.series.and_then(|at| self.series.get(at)),
            region: parsed.region.and_then(name),
            place: match &parsed.place {
                Some(MentionedPlace::Known(id)) => name(*id),
                Some(MentionedPlace::Unknown(name)) => Some(name.clone()),
                None => None,
            },
            year: parsed.year,
            editions,
        }
    }

    /// Returns the editions that match, newest first.
    fn matching_editions(&self, parsed: &ParsedMention) -> Vec<&Event> {
        let all = parsed.series.map_or(self.editions.as_slice(), |series| self.editions_of(series));
        let matching = all.iter().filter(|edition| self.edition_matches(edition, parsed));
        let mut editions: Vec<&Event> = matching.map(|edition| &edition.event).collect();
        editions.sort_by_key(|event| std::cmp::Reverse((event.year, event.start)));
        editions
    }

    /// Returns the mention without its place if the place is probably wrong: no edition matches with it, and one
    /// matches without it. Otherwise the place may be that of an unlisted edition:
    ///
    /// | the mention names | the place is wrong if |
    /// |---|---|
    /// | an open series, with a region and a place of the table | the place is not in the region |
    /// | an open series, else | never: it may be held in any city |
    /// | another series, with a place of the table and no region | there is a year, and the series was there in another one |
    /// | another series, with a place that is not in the table and no region | there is a year |
    /// | another series, with a region | always |
    pub(super) fn without_place<'t>(&'t self, mention: &EventMention<'t>) -> Option<EventMention<'t>> {
        let place = mention.place.as_ref().filter(|_| mention.editions.is_empty())?;
        let place = self.places.find(place);
        let region = mention.region.as_ref().and_then(|region| self.places.find(region));
        let at = mention.series.and_then(|series| self.series.iter().position(|it| it.id == series.id))?;
        let matching_of_series =
            |parsed: ParsedMention| self.matching_editions(&ParsedMention { series: Some(at), ..parsed });
        let is_open = self.series.get(at)?.held_in_any_city;
        let is_wrong = match (region, place) {
            (Some(region), Some(place)) if is_open => !self.places.lies_in(place, region),
            (None, Some(place)) if !is_open => {
                let in_any_year =
                    ParsedMention { place: Some(MentionedPlace::Known(place)), ..ParsedMention::default() };
                mention.year.is_some() && !matching_of_series(in_any_year).is_empty()
            }
            // Words that are not in the table may not be a place: "KubeCon 2022 in Pictures".
            (None, None) => !is_open && mention.year.is_some(),
            _ => !is_open,
        };
        let editions =
            matching_of_series(ParsedMention { region, year: mention.year, ..ParsedMention::default() });
        (is_wrong && !editions.is_empty()).then(|| EventMention { place: None, editions, ..mention.clone() })
    }

    fn edition_matches(&self, edition: &Edition, parsed: &ParsedMention) -> bool {
        let lies_in = |outer: PlaceId| edition.place.is_some_and(|place| self.places.lies_in(place, outer));
        // A planned city counts only with a year. Without one, the city is that of an edition that was held there.
        let planned = edition.planned_place.filter(|_| parsed.series.is_some() && parsed.year.is_some());
        let was_planned_in = |outer: PlaceId| planned.is_some_and(|place| self.places.lies_in(place, outer));
        let in_region = |region: PlaceId| match edition.region {
            // Copenhagen was a KubeCon EU, and in Scandinavia.
            Some(label_region) => {
                self.places.lies_in(label_region, region)
                    || self.places.lies_in(region, label_region) && lies_in(region)
            }
            None => lies_in(region),
        };
        parsed.year.is_none_or(|year| edition.event.year == Some(year))
            && parsed.region.is_none_or(in_region)
            && parsed.label.as_ref().is_none_or(|label| edition.label == *label)
            && match &parsed.place {
                Some(MentionedPlace::Known(place)) => lies_in(*place) || was_planned_in(*place),
                Some(MentionedPlace::Unknown(_)) => false,
                None => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mention_parser::MAX_MENTIONS;
    use super::*;

    fn describe_mentions(text: &str) -> Vec<String> {
        let mentions = EventTable::builtin().mentions(text);
        let describe = |mention: &EventMention<'_>| {
            let ids: Vec<&str> = mention.editions.iter().map(|event| event.id.0.as_str()).collect();
            let ids = if ids.len() > 3 { "many".to_owned() } else { ids.join(" ") };
            let series = mention.series.map_or("-", |series| series.id.as_str());
            let place = mention.place.as_deref().unwrap_or("-");
            format!(
                "{series}|{}|{place}|{}|{ids}",
                mention.region.as_deref().unwrap_or("-"),
                mention.year.unwrap_or(0)
            )
        };
        mentions.iter().map(describe).collect()
    }

    fn check(rows: &[(&str, &[&str])]) {
        for (text, expected) in rows {
            assert_eq!(describe_mentions(text), *expected, "{text}");
        }
    }

    #[test]
    fn names_years_and_places_in_any_order() {
        check(&[
            ("KubeCon NA 19", &["kubecon|North America|-|2019|kubecon-na-2019"]),
            ("KubeCon '99", &["kubecon|-|-|1999|"]),
            ("KubeCon '19", &["kubecon|-|-|2019|kubecon-na-2019 kubecon-china-2019 kubecon-eu-2019"]),
            ("what about kubecon europe 2019?", &["kubecon|Europe|-|2019|kubecon-eu-2019"]),
            (
                "KubeCon + CloudNativeCon North America 2019",
                &["kubecon|North America|-|2019|kubecon-na-2019"],
            ),
            ("KubeCon/CloudNativeCon EU 2018", &["kubecon|Europe|-|2018|kubecon-eu-2018"]),
            ("KubeCon in Scandinavia", &["kubecon|Scandinavia|-|0|kubecon-eu-2018"]),
            ("the KubeCon NAs of 2019", &["kubecon|North America|-|2019|kubecon-na-2019"]),
            ("kubecon nas últimas edições", &["kubecon|-|-|0|many"]),
            ("KubeCon in Texas", &["kubecon|Texas|-|0|kubecon-na-2017"]),
            ("KubeCon 2019 in California", &["kubecon|California|-|2019|kubecon-na-2019"]),
            ("KubeCon in the Benelux 2023", &["kubecon|Benelux|-|2023|kubecon-eu-2023"]),
            ("KubeCon San Diego", &["kubecon|-|San Diego|0|kubecon-na-2019"]),
            ("KubeCon 2018 Copenhagen", &["kubecon|-|Copenhagen|2018|kubecon-eu-2018"]),
            ("San Diego 2019 KubeCon", &["kubecon|-|San Diego|2019|kubecon-na-2019"]),
            ("2019 San Diego KubeCon", &["kubecon|-|San Diego|2019|kubecon-na-2019"]),
            ("How was the KubeCon in Nairobi?", &["kubecon|-|Nairobi|0|"]),
            ("how was kubecon in nairobi", &["kubecon|-|Nairobi|0|"]),
            ("How was the KubeCon in Wakanda?", &["kubecon|-|Wakanda|0|"]),
            ("Which VMware boss was on stage at re:Invent?", &["reinvent|-|-|0|many"]),
            ("reinvent 2016", &["reinvent|-|-|2016|reinvent-2016"]),
            ("any tips for reinvent", &["reinvent|-|-|0|many"]),
            ("we all reinvent the wheel, re-invent it in 2016", &[]),
            ("How was DevOpsDays Toronto?", &["devopsdays|-|Toronto|0|"]),
            ("DevOpsDays Mos Eisley 2031", &["devopsdays|-|Mos Eisley|2031|"]),
            ("DevOpsDays Trip Report", &["devopsdays|-|-|0|many"]),
            ("Who opened KCD UK 2025 in Edinburgh?", &["kcd|United Kingdom|Edinburgh|2025|kcd-uk-2025"]),
            ("FOSDEM'20", &["fosdem|-|-|2020|fosdem-2020"]),
            ("Hashiconf ‘17", &["hashiconf|-|-|2017|hashiconf-2017"]),
            ("PyconKR 2018 후기", &["pycon|South Korea|-|2018|pycon-kr-2018"]),
            ("파이콘 2018 둘째 날에", &["pycon|South Korea|-|2018|pycon-kr-2018"]),
            ("파이콘에서", &["pycon|South Korea|-|0|pycon-kr-2023 pycon-kr-2018"]),
            ("RubyKaigi2019 の開催日はいつ？", &["rubykaigi|-|-|2019|rubykaigi-2019"]),
            ("KubeCon Valencia 2022", &["kubecon|-|Valencia|2022|kubecon-eu-2022"]),
            ("Bedrock à la KubeCon de Valence", &["kubecon|-|Valencia|0|kubecon-eu-2022"]),
            ("Dockercon EU 17 update", &["dockercon|Europe|-|2017|dockercon-eu-2017"]),
            ("SCaLE 13x", &["scale|-|-|0|scale-13x"]),
            ("we scale 10x in 2015", &[]),
            ("KubeCon China 2018 的 PPT", &["kubecon|China|-|2018|kubecon-china-2018"]),
            ("上海的KubeCon", &["kubecon|-|Shanghai|0|many"]),
        ]);
    }

    #[test]
    fn several_events_and_ambiguous_words() {
        check(&[
            (
                "KCD Amsterdam and Paris 2023",
                &["kcd|-|Amsterdam|2023|kcd-amsterdam-2023", "kcd|-|Paris|2023|kcd-france-2023"],
            ),
            (
                "KubeCon EU and NA 2018",
                &["kubecon|Europe|-|2018|kubecon-eu-2018", "kubecon|North America|-|2018|kubecon-na-2018"],
            ),
            (
                "KubeCon EU 2018 and 2019",
                &["kubecon|Europe|-|2018|kubecon-eu-2018", "kubecon|Europe|-|2019|kubecon-eu-2019"],
            ),
            (
                "Kubernetes Forum Seoul and Sydney 2019",
                &[
                    "kubernetes-forum|-|Seoul|2019|kubernetes-forum-seoul-2019",
                    "kubernetes-forum|-|Sydney|2019|kubernetes-forum-sydney-2019",
                ],
            ),
            (
                "Cloud Native Rejekts + KubeCon NA 2024",
                &[
                    "rejekts|North America|-|2024|rejekts-na-2024",
                    "kubecon|North America|-|2024|kubecon-na-2024",
                ],
            ),
            (
                "KubeCon EU 2018 2019 differences",
                &["kubecon|Europe|-|2018|kubecon-eu-2018", "kubecon|Europe|-|2019|kubecon-eu-2019"],
            ),
            ("amsterdam 23, any good?", &["-|-|Amsterdam|2023|many"]),
            ("in Amsterdam 23 people", &["-|-|Amsterdam|0|many"]),
            ("Barcelona", &["-|-|Barcelona|0|many"]),
            ("in Taipei in 2017", &["-|-|Taipei|2017|pycon-taiwan-2017"]),
            (
                "the 2024 Vienna weekend, Vienna 1900",
                &[
                    "-|-|Vienna|2024|eurorust-2024 kcd-austria-2024 oss-eu-2024",
                    "-|-|Vienna|0|eurorust-2024 kcd-austria-2024 oss-eu-2024",
                ],
            ),
            ("Tell me about 2019", &[]),
            ("PromCon in Munich in 2017", &["promcon|-|Munich|2017|promcon-2017"]),
            ("in the 2018 re:Invent recap", &["reinvent|-|-|2018|reinvent-2018"]),
            (
                "Notes on the Austin OpenStack Summit",
                &["openstack-summit|-|Austin|0|openstack-summit-austin-2016"],
            ),
            ("KubeCon + CloudNativeCon L.A. 2021", &["kubecon|-|Los Angeles|2021|kubecon-na-2021"]),
            (
                "2023 China Kubernetes Contributor Summit",
                &["contributor-summit|China|-|2023|contributor-summit-china-2023"],
            ),
            ("kubecon na 2019 in san diego", &["kubecon|North America|San Diego|2019|kubecon-na-2019"]),
            ("na KubeCon na Europa 2022", &["kubecon|Europe|-|2022|kubecon-eu-2022"]),
            ("pycon us 2016", &["pycon|United States|-|2016|pycon-us-2016"]),
            ("the kcd uk post", &["kcd|United Kingdom|-|0|kcd-uk-2025"]),
            (
                "KubeCon EU vs NA 2023",
                &["kubecon|Europe|-|2023|kubecon-eu-2023", "kubecon|North America|-|2023|kubecon-na-2023"],
            ),
            (
                "KubeCon Europe and KubeCon North America in 2019",
                &["kubecon|Europe|-|2019|kubecon-eu-2019", "kubecon|North America|-|2019|kubecon-na-2019"],
            ),
            (
                "at kubecon in november 2019",
                &["kubecon|-|-|2019|kubecon-na-2019 kubecon-china-2019 kubecon-eu-2019"],
            ),
            ("Detroit's KubeCon", &["kubecon|-|Detroit|0|kubecon-na-2022"]),
            ("サンディエゴのKubeCon 2019", &["kubecon|-|San Diego|2019|kubecon-na-2019"]),
            ("KubeCon 20 years later", &["kubecon|-|-|0|many"]),
            ("KubeCon us all", &["kubecon|-|-|0|many"]),
            ("KubeCon 2018 in Barcelona", &["kubecon|-|Barcelona|2018|"]),
            ("KubeCon EU 2022, Detroit", &["kubecon|Europe|-|2022|kubecon-eu-2022", "-|-|Detroit|0|many"]),
            (
                "KubeCon EU 2018, NA 2018",
                &["kubecon|Europe|-|2018|kubecon-eu-2018", "kubecon|North America|-|2018|kubecon-na-2018"],
            ),
            (
                "KubeCon EU 2018, Barcelona 2019",
                &["kubecon|Europe|-|2018|kubecon-eu-2018", "kubecon|-|Barcelona|2019|kubecon-eu-2019"],
            ),
            ("KCD Amsterdam 2023, Paris", &["kcd|-|Amsterdam|2023|kcd-amsterdam-2023", "-|-|Paris|0|many"]),
            ("KubeCon Boston 2020", &["kubecon|-|Boston|2020|kubecon-na-2020"]),
            ("KubeCon Boston", &["kubecon|-|Boston|0|"]),
            ("KubeConEurope 2019", &["kubecon|Europe|-|2019|kubecon-eu-2019"]),
            ("KubeCon at 10:30, KubeCon 18% more", &["kubecon|-|-|0|many", "kubecon|-|-|0|many"]),
            ("What happened at JSConf Hawaii?", &["jsconf|-|Hawaii|0|"]),
            ("Which announcements came out of Google I/O?", &["google-io|-|-|0|"]),
            ("What did Jensen Huang announce at GTC?", &["gtc|-|-|0|"]),
            ("interpreter at Craft in Budapest", &["craft-conf|-|Budapest|0|many"]),
            ("PyCon DE 2022", &["pycon|-|DE|2022|"]),
        ]);
    }

    #[test]
    fn a_mention_of_another_time_is_not_current() {
        let current = |text: &str| EventTable::builtin().current_mentions(text).len();
        assert_eq!(current("We were at KubeCon NA 2019. It was large."), 1);
        assert_eq!(current("We were in Austin. See you next year at KubeCon EU!"), 0);
    }

    #[test]
    fn ranges_are_at_characters_of_the_text() {
        for text in
            ["à la KubeCon (San Diego) 2019!", "북미 KubeCon’19", "KubeCon\0+\rCloudNativeCon", "KCD Zürich"]
        {
            for mention in EventTable::builtin().mentions(text) {
                assert!(
                    text.get(mention.range.clone()).is_some_and(|cut| cut.contains('C')),
                    "{text}: {mention:?}"
                );
            }
        }
    }

    #[test]
    fn the_number_of_mentions_is_limited() {
        let text = "KubeCon in Barcelona. ".repeat(5_000);
        assert!(EventTable::builtin().mentions(&text).len() <= MAX_MENTIONS + 12);
    }

    proptest::proptest! {
        #[test]
        fn mentions_are_in_order_and_their_editions_match(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..24),
            noise in ".{0,12}",
        ) {
            let text = format!("{noise}{}{noise}", pieces.concat());
            let mut end = 0;
            for mention in EventTable::builtin().mentions(&text) {
                proptest::prop_assert!(text.get(mention.range.clone()).is_some_and(|cut| !cut.is_empty()));
                proptest::prop_assert!(mention.range.start >= end, "{text}");
                end = mention.range.end;
                proptest::prop_assert!(mention.series.is_some() || mention.place.is_some());
                for event in &mention.editions {
                    let series = mention.series.is_none_or(|series| event.series == series.name);
                    let year = mention.year.is_none_or(|year| event.year == Some(year));
                    proptest::prop_assert!(series && year, "{text}: {mention:?}");
                }
            }
        }
    }

    const PIECES: &[&str] = &[
        " ",
        "  ",
        "\n",
        "\r",
        "\0",
        ", ",
        ". ",
        " and ",
        " in ",
        " na ",
        "-",
        "'",
        "’",
        "+",
        "/",
        "(",
        "KubeCon",
        "CloudNativeCon",
        "DevOpsDays",
        "KCD",
        "re:Invent",
        "reinvent",
        "PyCon",
        "파이콘",
        "EU",
        "NA",
        "eu",
        "North America",
        "China",
        "US",
        "us",
        "San Diego",
        "上海",
        "パリ",
        "L.A.",
        "Barcelona",
        "Mos Eisley",
        "de",
        "2019",
        "19",
        "2018",
        "１９",
        "x",
        "é",
    ];
}
