use std::io::BufRead;
fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let s = takeaways_text::question_shape::find_shape(&line);
        let words: Vec<&str> = s.words.iter().map(|w| &line[w.clone()]).collect();
        println!(
            "{}\t{}\t{}\t{:?}\t{}",
            if s.unanswerable.is_some() {
                "unanswerable".to_owned()
            } else {
                format!("{:?}", s.shape).to_lowercase()
            },
            s.is_estimated,
            s.is_open,
            words,
            line
        );
    }
}
