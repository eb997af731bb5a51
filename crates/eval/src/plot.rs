//! The reliability diagram as SVG: the share of right answers by confidence.
//!
//! Each bin has a bar and a dot, whose height is the share of right questions. The dot is at their mean confidence, and
//! its area grows with their number. On the diagonal the confidence is a calibrated probability.

use std::fmt::{Display, Write};

use crate::confidence::{Calibration, ConfidenceBin};

/// The size of the picture, in pixels.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 660;
/// The position of the origin and the length of the axes, in pixels.
const ORIGIN: (f64, f64) = (80.0, 590.0);
const AXIS: f64 = 500.0;
/// The radius of a dot for all questions, and of the smallest dot, in pixels.
const MAX_RADIUS: f64 = 30.0;
const MIN_RADIUS: f64 = 3.0;
/// The space between two bars, in pixels.
const BAR_GAP: f64 = 6.0;

const PAPER: &str = "#ffffff";
const INK: &str = "#2f4f4f";
const GRID: &str = "#dcdcdc";
const BAR: &str = "#b0c4de";
const DOT: &str = "#4682b4";

/// Returns the SVG document. Equal calibrations give equal bytes.
pub fn reliability_plot(calibration: &Calibration) -> String {
    let questions: u32 = calibration.bins.iter().map(|bin| bin.questions).sum();
    let bins = || calibration.bins.iter().filter(|bin| bin.questions > 0);
    let mut svg = Svg::new();
    svg.grid();
    bins().for_each(|bin| svg.bar(bin));
    svg.line((0.0, 0.0), (1.0, 1.0), INK, "stroke-width=\"2\" stroke-dasharray=\"7\"");
    bins().for_each(|bin| svg.dot(bin, questions));
    bins().for_each(|bin| svg.count(bin));
    svg.axes();
    svg.text(ORIGIN.0, 30.0, "font-size=\"20\"", "How often the first excerpt is right");
    let ece = format!("{questions} questions, expected calibration error {:.3}", calibration.ece);
    svg.text(ORIGIN.0, 54.0, "", ece);
    svg.finish()
}

/// Writes the elements of the document. Coordinates of the diagram are 0 to 1 on both axes.
struct Svg(String);

impl Svg {
    fn new() -> Self {
        let mut svg = Self(String::new());
        svg.element(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"15\">"
        ));
        svg.element(format_args!("<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{PAPER}\"/>"));
        svg
    }

    fn finish(mut self) -> String {
        self.element(format_args!("</svg>"));
        self.0
    }

    fn grid(&mut self) {
        for tenth in 0..=10 {
            let at = f64::from(tenth) / 10.0;
            self.line((at, 0.0), (at, 1.0), GRID, "");
            self.line((0.0, at), (1.0, at), GRID, "");
        }
    }

    fn bar(&mut self, bin: &ConfidenceBin) {
        let (left, top) = point(bin.low, bin.right);
        let (x, width) = (left + BAR_GAP / 2.0, (bin.high - bin.low) * AXIS - BAR_GAP);
        let height = bin.right * AXIS;
        self.element(format_args!(
            "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{BAR}\"/>"
        ));
    }

    fn dot(&mut self, bin: &ConfidenceBin, questions: u32) {
        let share = f64::from(bin.questions) / f64::from(questions.max(1));
        let radius = (MAX_RADIUS * share.sqrt()).max(MIN_RADIUS);
        let (x, y) = point(bin.confidence, bin.right);
        self.element(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{DOT}\"/>"));
    }

    /// Writes the number of questions at the foot of the bar.
    fn count(&mut self, bin: &ConfidenceBin) {
        let (x, y) = point(f64::midpoint(bin.low, bin.high), 0.0);
        self.text(x, y - 6.0, "text-anchor=\"middle\"", bin.questions);
    }

    fn axes(&mut self) {
        self.line((0.0, 0.0), (1.0, 0.0), INK, "stroke-width=\"2\"");
        self.line((0.0, 0.0), (0.0, 1.0), INK, "stroke-width=\"2\"");
        for fifth in 0..=5 {
            let at = f64::from(fifth) / 5.0;
            let ((x, below), (left, y)) = (point(at, 0.0), point(0.0, at));
            self.text(x, below + 20.0, "text-anchor=\"middle\"", format_args!("{at:.1}"));
            self.text(left - 10.0, y + 5.0, "text-anchor=\"end\"", format_args!("{at:.1}"));
        }
        let ((left, top), (middle, bottom)) = (point(0.0, 1.0), point(0.5, 0.0));
        self.text(left, top - 10.0, "", "share that is right");
        self.text(middle, bottom + 44.0, "text-anchor=\"middle\"", "confidence (in the bars: questions)");
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, style: &str) {
        let ((x1, y1), (x2, y2)) = (point(from.0, from.1), point(to.0, to.1));
        self.element(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" {style}/>"
        ));
    }

    /// Writes a line of text. The texts are constants and numbers, which need no escaping.
    fn text(&mut self, x: f64, y: f64, style: &str, text: impl Display) {
        self.element(format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{INK}\" {style}>{text}</text>"));
    }

    fn element(&mut self, element: impl Display) {
        // Writing to a `String` does not fail.
        let _ = writeln!(self.0, "{element}");
    }
}

/// Converts a confidence and a share to pixels.
fn point(confidence: f64, share: f64) -> (f64, f64) {
    (ORIGIN.0 + confidence * AXIS, ORIGIN.1 - share * AXIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_dots_are_at_their_confidence_and_share() {
        let svg =
            reliability_plot(&Calibration::new(&[(0.25, true), (0.25, false), (0.85, true), (0.85, true)]));
        let lines = |start: &str| svg.lines().filter(|line| line.starts_with(start)).collect::<Vec<_>>();
        assert_eq!(
            lines("<circle"),
            [
                "<circle cx=\"205.0\" cy=\"340.0\" r=\"21.2\" fill=\"#4682b4\"/>",
                "<circle cx=\"505.0\" cy=\"90.0\" r=\"21.2\" fill=\"#4682b4\"/>",
            ]
        );
        assert_eq!(
            lines("<rect x"),
            [
                "<rect x=\"183.0\" y=\"340.0\" width=\"44.0\" height=\"250.0\" fill=\"#b0c4de\"/>",
                "<rect x=\"483.0\" y=\"90.0\" width=\"44.0\" height=\"500.0\" fill=\"#b0c4de\"/>",
            ],
            "no bar without questions"
        );
        assert!(svg.contains(">4 questions, expected calibration error 0.200</text>"), "{svg}");
    }

    #[test]
    fn every_element_is_closed_even_without_questions() {
        for questions in [&[][..], &[(1.0, false)]] {
            let svg = reliability_plot(&Calibration::new(questions));
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
            let inner = svg.lines().count() - 2;
            let closed = svg.lines().filter(|line| line.ends_with("/>") || line.ends_with("</text>")).count();
            assert_eq!(closed, inner, "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
