use super::*;

#[test]
fn a_day_in_many_forms() {
    for (text, expected) in [
        ("2019-11-26 05:00:00 +0000", "2019-11-26"),
        ("2019-05-23T23:00:00-01:00", "2019-05-23"),
        ("2024-04-03T0:00:00+00:00", "2024-04-03"),
        ("2017-10-02T14:04:15.101Z", "2017-10-02"),
        ("2018-2-3", "2018-02-03"),
        ("2019/04/18", "2019-04-18"),
        ("2018. 8. 21.", "2018-08-21"),
        ("2023年9月3日", "2023-09-03"),
        ("2018년 10월 25일 목요일", "2018-10-25"),
        ("20191126", "2019-11-26"),
        ("20191126T100000Z", "2019-11-26"),
        ("20191126T1000", "2019-11-26"),
        ("20191126100000", "2019-11-26"),
        ("1574744400", "2019-11-26"),
        ("1574744400000", "2019-11-26"),
        ("Dec.22.2024", "2024-12-22"),
        ("July.10.2024", "2024-07-10"),
        ("Wed Dec 04 2024 18:30:00 GMT+0000 (Coordinated Universal Time)", "2024-12-04"),
        ("Tue, 26 Nov 2019 05:00:00 +0000", "2019-11-26"),
        ("4 May 2018", "2018-05-04"),
        ("May 4th, 2018", "2018-05-04"),
        ("November 4th, 2022", "2022-11-04"),
        ("26-Nov-2019", "2019-11-26"),
        ("4. Mai 2018", "2018-05-04"),
        ("12. März 2018", "2018-03-12"),
        ("4 de mayo de 2018", "2018-05-04"),
        ("1er juin 2018", "2018-06-01"),
        ("le 14 février 2018", "2018-02-14"),
        ("7 de março de 2018", "2018-03-07"),
        ("mar, 10 dic 2019 08:00:00 +0000", "2019-12-10"),
        ("mar. 10 de diciembre de 2019", "2019-12-10"),
        ("mar, 10 mar 2020 08:00:00 +0000", "2020-03-10"),
        ("Mar 10, 2019 08:00", "2019-03-10"),
        ("Nov 12th, 2019", "2019-11-12"),
        ("12th November 2019", "2019-11-12"),
        ("26.11.2019", "2019-11-26"),
        ("11/26/2019", "2019-11-26"),
        ("26/11/2019", "2019-11-26"),
        ("2017-08-20 21:28:53 -0700 PDT", "2017-08-20"),
        ("18:30, 4 May 2018", "2018-05-04"),
        ("Sept 3, 2019", "2019-09-03"),
    ] {
        assert_eq!(parse_day(text, 2026).map(|day| day.to_string()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn a04_what_is_no_day() {
    for (text, error) in [
        ("0000-00-00", DateError::Impossible),
        ("2019-02-30", DateError::Impossible),
        ("2019-13-01", DateError::Impossible),
        ("99999999", DateError::Impossible),
        ("1899-01-01", DateError::OutOfRange),
        ("2029-01-01", DateError::OutOfRange),
        ("05/04/2018", DateError::Ambiguous),
        ("2018", DateError::Unreadable),
        ("May 2018", DateError::Unreadable),
        ("May 2-4, 2018", DateError::Unreadable),
        ("TODO", DateError::Unreadable),
        ("", DateError::Unreadable),
        ("2019-11-266", DateError::Unreadable),
        ("99999999999999999999", DateError::Unreadable),
        ("2019-11-26-27", DateError::Unreadable),
        ("\u{0}年\u{0}", DateError::Unreadable),
    ] {
        assert_eq!(parse_day(text, 2026), Err(error), "{text}");
    }
}

#[test]
fn a_time_in_its_zone() {
    for (text, expected) in [
        ("2019-11-26", "2019-11-26T00:00:00Z"),
        ("2019-11-26 05:30:10 +0200", "2019-11-26T03:30:10Z"),
        ("2019-11-26T05:30:10-01:00", "2019-11-26T06:30:10Z"),
        ("2019-11-26T05:30Z", "2019-11-26T05:30:00Z"),
        ("2019-11-26T05:30:10.123Z", "2019-11-26T05:30:10Z"),
        ("Wed Dec 04 2024 18:30:00 GMT+0000 (Coordinated Universal Time)", "2024-12-04T18:30:00Z"),
        ("1574744400", "2019-11-26T05:00:00Z"),
        ("20191126T053010Z", "2019-11-26T05:30:10Z"),
        ("20191126053010", "2019-11-26T05:30:10Z"),
        ("20191126T0530+02:00", "2019-11-26T03:30:00Z"),
        ("2019-11-26 99:99", "2019-11-26T00:00:00Z"),
    ] {
        assert_eq!(parse_time(text, 2026).map(|time| time.to_string()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn a_day_somewhere_in_a_short_text() {
    for (text, expected) in [
        ("Author: Jane Doe | 2018-05-03", Some("2018-05-03")),
        ("Posted on May 3, 2018 by Jane", Some("2018-05-03")),
        ("Written by Jane Doe on August 20, 2017", Some("2017-08-20")),
        ("v1.2018-05-03", None),
        ("kubecon-2018-05-03", None),
        ("May 2-4, 2018 in Copenhagen", None),
    ] {
        assert_eq!(find_day(text, 2026).map(|day| day.to_string()).as_deref(), expected, "{text}");
    }
    assert!(
        is_only_a_date("November 4th, 2022")
            && is_only_a_date("Fri, 4 May 2018")
            && is_only_a_date("2018-05-03")
    );
    assert!(!is_only_a_date("KubeCon 2018 May 4") && !is_only_a_date("May 4 in Oslo"));
}

#[test]
fn a_day_in_a_path() {
    for (path, expected) in [
        ("_posts/2019-11-26-slug.md", Some("2019-11-26")),
        ("content/2018/03/20/index.html", Some("2018-03-20")),
        ("docs/2018/08/29/day2/index.html", Some("2018-08-29")),
        ("posts/2010-02-08-back-from/index.adoc", Some("2010-02-08")),
        ("2023/02/07/at-fosdem-2023", Some("2023-02-07")),
        ("20181210-containers/README.md", Some("2018-12-10")),
        ("/blog/2020/10/28/summit", Some("2020-10-28")),
        ("2022-06-12_events/index.md", Some("2022-06-12")),
        ("2019-kubecon-na.md", None),
        ("2018/1210-days/README.md", None),
        ("blog/posts/2023/10-14-eurorust.md", Some("2023-10-14")),
        ("2023/10-14.md", Some("2023-10-14")),
        ("2023/14-10-talk.md", None),
        ("2019/0531-roundup/index.md", None),
        ("2019/99/99/x.md", None),
        ("2019-11-2656.md", None),
        ("12345678.md", None),
        ("202310-talk.md", None),
        ("", None),
    ] {
        assert_eq!(date_in_path(path, 2026).map(|day| day.to_string()).as_deref(), expected, "{path}");
    }
}
