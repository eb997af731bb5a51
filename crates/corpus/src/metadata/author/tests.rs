use super::*;

#[test]
fn one_text_to_names() {
    for (text, names) in [
        ("Mike Garuccio", vec!["Mike Garuccio"]),
        ("Paris Pittman (Google), Jonas Rosland (VMware)", vec!["Paris Pittman", "Jonas Rosland"]),
        ("Paco Xu and Michael Yao (DaoCloud)", vec!["Paco Xu", "Michael Yao"]),
        ("A B, C D, and E F", vec!["A B", "C D", "E F"]),
        ("Bill Mulligan, Isovalent", vec!["Bill Mulligan"]),
        ("Darja Jovanovic, Scala Center", vec!["Darja Jovanovic"]),
        ("Jane Doe, CTO, Acme", vec!["Jane Doe"]),
        ("Jane Doe, Senior Engineer at Acme", vec!["Jane Doe"]),
        ("Jane Doe at Acme", vec!["Jane Doe"]),
        (
            "Leonard Pahlke, Kristina Devochko, Niki Manoledaki",
            vec!["Leonard Pahlke", "Kristina Devochko", "Niki Manoledaki"],
        ),
        ("Kenny Dits et Fabien de Saint pern", vec!["Kenny Dits", "Fabien de Saint pern"]),
        ("João Souza e Silva", vec!["João Souza e Silva"]),
        ("José Ortega y Gasset", vec!["José Ortega y Gasset"]),
        ("Julio Molina Soler <a3c97@outlook.com>", vec!["Julio Molina Soler"]),
        ("Emanuele “Lele” Calò", vec!["Emanuele “Lele” Calò"]),
        ("Christian Kö.", vec!["Christian Kö."]),
        ("By Jane Doe", vec!["Jane Doe"]),
        ("written by Jane Doe and John Roe", vec!["Jane Doe", "John Roe"]),
        ("Bya Doe", vec!["Bya Doe"]),
        ("dan", vec!["dan"]),
        ("pepite, galder", vec!["pepite", "galder"]),
        ("@alexdmoss", vec!["@alexdmoss"]),
        ("CloudOps", vec!["CloudOps"]),
        ("たかめろん", vec!["たかめろん"]),
        ("张三、李四", vec!["张三", "李四"]),
        ("Jane Doe, jane doe", vec!["Jane Doe"]),
        (" , ", vec![]),
        ("", vec![]),
        ("https://example.org/jane", vec![]),
    ] {
        assert_eq!(people_in_text(text), names, "{text}");
    }
}

#[test]
fn names_are_cut_and_counted() {
    assert_eq!(people_in_text(&"x".repeat(5_000)).first().map(String::len), Some(MAX_CHARS));
    let many: Vec<String> = (0..100).map(|n| format!("Jane Doe{n}")).collect();
    assert_eq!(people_in_text(&many.join(", ")).len(), MAX_NAMES);
}

#[test]
fn a_full_name_is_one_of_a_person() {
    for (text, is) in [
        ("Jane Doe", true),
        ("Jane van der Doe", true),
        ("J. R. Doe-Smith", true),
        ("Cécile HUI BON HOA", true),
        ("山田太郎", true),
        ("Jane", false),
        ("the way", false),
        ("The next one is here", false),
        ("Jane Doe 2", false),
        ("Scala Center", false),
        ("Software Engineer", false),
        ("The End", false),
        ("Happy Hacking", false),
        ("San Diego", false),
        ("Thank You", false),
    ] {
        assert_eq!(is_full_name(text), is, "{text}");
    }
}
