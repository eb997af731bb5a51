//! The notes that are compiled in, so that the binary alone answers.

/// Every note: its path in the repository's `corpus` folder, and its text. In the order of the paths.
pub const FILES: &[(&str, &str)] = &[
    ("kubecon-eu-2018-looking-back.md", include_str!("../../../corpus/kubecon-eu-2018-looking-back.md")),
    ("kubecon-eu-2019-thomas.md", include_str!("../../../corpus/kubecon-eu-2019-thomas.md")),
    ("kubecon-na-2018-cloudops.md", include_str!("../../../corpus/kubecon-na-2018-cloudops.md")),
    ("kubecon-na-2019-garuccio.md", include_str!("../../../corpus/kubecon-na-2019-garuccio.md")),
    ("kubecon-na-2019-san-diego.md", include_str!("../../../corpus/kubecon-na-2019-san-diego.md")),
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_note_is_compiled_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
        let mut files: Vec<String> = folder
            .read_dir()
            .expect("the corpus folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .filter(|name| name != "README.md")
            .collect();
        files.sort();
        assert_eq!(FILES.iter().map(|(path, _)| *path).collect::<Vec<_>>(), files);
    }
}
