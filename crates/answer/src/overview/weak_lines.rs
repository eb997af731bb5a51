//! Lowers weak lines, and leaves them out where there are enough others.

use super::lines::{Line, NO_POINT};
use takeaways_text::model::Language;

/// With as many lines that are points, others are left out.
const ENOUGH_POINTS: usize = 3;
/// With as many lines in the language of the question or in English, others are left out.
const ENOUGH_READABLE: usize = 6;

/// Keeps the lines that are wanted if there are enough of them, else all.
pub(super) fn keep_if_enough(lines: &mut Vec<Line>, enough: usize, is_wanted: impl Fn(&Line) -> bool) {
    let wanted: Vec<bool> = lines.iter().map(is_wanted).collect();
    if wanted.iter().filter(|it| **it).count() >= enough {
        let mut wanted = wanted.into_iter();
        lines.retain(|_| wanted.next().unwrap_or_default());
    }
}

/// What it adds to the score that a line is in English and the question is not, and that it is in a third language. Most who
/// ask read English.
const ENGLISH_LOSS: f32 = -0.3;
const FOREIGN_LOSS: f32 = -1.0;

/// What it adds to the score of a line that it is in this language, where the question is in the other one.
pub(super) fn language_gain(line: Language, question: Language) -> f32 {
    match line {
        _ if line == question => 0.0,
        Language::En => ENGLISH_LOSS,
        _ => FOREIGN_LOSS,
    }
}

/// Leaves out lines in a third language if there are enough others. Most who ask read English.
pub(super) fn leave_out_foreign(lines: &mut Vec<Line>, asked: Language) {
    keep_if_enough(lines, ENOUGH_READABLE, |line| is_readable(line, asked));
}

/// Whether a line is in English or in the language of the question.
pub(super) fn is_readable(line: &Line, asked: Language) -> bool {
    [asked, Language::En].contains(&line.post.language)
}

/// Leaves out lines that are no points and take no side, if there are enough others: fewer lines are better than weak ones. The
/// first line stays, since it may be the best answer.
pub(super) fn leave_out_weak(lines: &mut Vec<Line>) {
    let is_point = |line: &Line| line.stance.is_some() || line.best_grade() > NO_POINT;
    if lines.iter().filter(|line| is_point(line)).count() >= ENOUGH_POINTS {
        let mut is_first = true;
        lines.retain(|line| std::mem::take(&mut is_first) || is_point(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::post;
    use std::sync::Arc;
    use takeaways_text::model::{Point, PointKind, Stance};

    #[test]
    fn lines_in_a_third_language_go_where_there_are_enough_others() {
        let left = |languages: &[Language]| {
            let of_language = |language: &Language| {
                let mut post = post("recap", "One line is here.\n");
                Arc::make_mut(&mut post).language = *language;
                let span = post.body.blocks[0].span;
                Line::new(&post, &Point::new(span, 2.0, PointKind::default(), Vec::new(), Vec::new()))
            };
            let mut lines: Vec<Line> = languages.iter().map(of_language).collect();
            leave_out_foreign(&mut lines, Language::De);
            lines.len()
        };
        let [en, de, nl] = [Language::En, Language::De, Language::Nl];
        assert_eq!(left(&[en, de, nl, en, de, nl, en]), 7);
        assert_eq!(left(&[en, de, nl, en, de, nl, en, en]), 6);
    }

    #[test]
    fn lines_that_are_no_points_go_where_there_are_enough_others() {
        // Lines by whether they are points. The last one takes a side.
        let left = |are_points: &[bool]| {
            let text: String = are_points.iter().map(|_| "One line is here.\n\n").collect();
            let mut post = post("recap", &text);
            let spans = post.body.blocks.iter().map(|block| block.span);
            let points =
                spans.map(|span| Point::new(span, 2.0, PointKind::default(), Vec::new(), Vec::new()));
            let all: Vec<(usize, Point)> = points.enumerate().collect();
            let kept = all.iter().filter(|(at, _)| are_points[*at]).map(|(_, point)| point.clone());
            Arc::make_mut(&mut post).body.points = kept.collect();
            let mut lines: Vec<Line> = all.iter().map(|(_, point)| Line::new(&post, point)).collect();
            if let Some(last) = lines.last_mut() {
                last.stance = Some(Stance::Against);
            }
            leave_out_weak(&mut lines);
            let is_left = |point: &Point| lines.iter().any(|line| line.span.overlaps(point.span));
            all.iter().filter(|(_, point)| is_left(point)).map(|(at, _)| *at).collect::<Vec<usize>>()
        };
        assert_eq!(left(&[false, true, false, false]), [0, 1, 2, 3], "two are too few");
        assert_eq!(left(&[false, true, false, true, false]), [0, 1, 3, 4]);
    }
}
