//! The reliability diagram as a picture: how often answers are right by how sure they were.
//!
//! A bar and a point for each bin of the confidence, as high as the part of its questions that is right; the point
//! stands at their mean confidence and is the larger the more they are. On the diagonal a confidence is what it says.

use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle, ascii};
use embedded_graphics::pixelcolor::{Rgb888, RgbColor, WebColors};
use embedded_graphics::prelude::Primitive;
use embedded_graphics::primitives::{Circle, Line, PrimitiveStyle, Rectangle};
use embedded_graphics::text::{Alignment, Baseline, Text, TextStyleBuilder};
use embedded_graphics::{Drawable, Pixel};
use png::{BitDepth, ColorType, Encoder, EncodingError};

use crate::calibration::{Bin, Calibration};

/// The picture, in pixels.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 660;
/// Where 0 and 0 is, and how long the axes are.
const ORIGIN: Point = Point::new(80, 590);
const AXIS: i32 = 500;
/// The radius of the largest point, that of all questions.
const LARGEST: f64 = 30.0;

const PAPER: Rgb888 = Rgb888::WHITE;
const INK: Rgb888 = Rgb888::CSS_DARK_SLATE_GRAY;
const GRID: Rgb888 = Rgb888::CSS_GAINSBORO;
const BAR: Rgb888 = Rgb888::CSS_LIGHT_STEEL_BLUE;
const DOT: Rgb888 = Rgb888::CSS_STEEL_BLUE;

/// The picture as PNG, the same bytes for the same calibration.
///
/// # Errors
/// None that is known: it is written into memory.
pub fn reliability(calibration: &Calibration) -> Result<Vec<u8>, EncodingError> {
    let mut canvas = Canvas::new();
    // Drawing on a canvas can't fail.
    let Ok(()) = draw(&mut canvas, calibration);
    canvas.png()
}

fn draw(canvas: &mut Canvas, calibration: &Calibration) -> Drawn {
    let questions: u32 = calibration.bins.iter().map(|bin| bin.questions).sum();
    grid(canvas)?;
    let bins = || calibration.bins.iter().filter(|bin| bin.questions > 0);
    bins().try_for_each(|bin| bar(canvas, bin))?;
    diagonal(canvas)?;
    bins().try_for_each(|bin| dot(canvas, bin, questions))?;
    bins().try_for_each(|bin| count(canvas, bin))?;
    axes(canvas)?;
    write(
        canvas,
        &ascii::FONT_10X20,
        Point::new(80, 16),
        Alignment::Left,
        "How often the first excerpt is right",
    )?;
    let said = format!("{questions} questions, expected calibration error {:.3}", calibration.ece);
    write(canvas, &ascii::FONT_9X15, Point::new(80, 42), Alignment::Left, &said)
}

/// What drawing gives: nothing can go wrong.
type Drawn = Result<(), std::convert::Infallible>;

fn grid(canvas: &mut Canvas) -> Drawn {
    for tenth in 0..=10 {
        let at = f64::from(tenth) / 10.0;
        line(canvas, place(at, 0.0), place(at, 1.0), GRID, 1)?;
        line(canvas, place(0.0, at), place(1.0, at), GRID, 1)?;
    }
    Ok(())
}

fn bar(canvas: &mut Canvas, bin: &Bin) -> Drawn {
    let (top, bottom) = (place(bin.low, bin.right), place(bin.high, 0.0));
    // A gap, so that bars of one height are told apart.
    let corners = (top + Point::new(3, 0), bottom - Point::new(3, 0));
    Rectangle::with_corners(corners.0, corners.1).into_styled(PrimitiveStyle::with_fill(BAR)).draw(canvas)
}

fn diagonal(canvas: &mut Canvas) -> Drawn {
    const DASHES: i32 = 50;
    let at = |dash: i32| f64::from(dash) / f64::from(2 * DASHES);
    (0..DASHES).try_for_each(|dash| {
        let (from, to) = (at(2 * dash), at(2 * dash + 1));
        line(canvas, place(from, from), place(to, to), INK, 2)
    })
}

fn dot(canvas: &mut Canvas, bin: &Bin, questions: u32) -> Drawn {
    let share = f64::from(bin.questions) / f64::from(questions.max(1));
    // The eye compares areas.
    let diameter = whole(LARGEST * share.sqrt()).max(3).unsigned_abs() * 2;
    let circle = Circle::with_center(place(bin.confidence, bin.right), diameter);
    circle.into_styled(PrimitiveStyle::with_fill(DOT)).draw(canvas)
}

/// How many questions there are, at the foot of the bar.
fn count(canvas: &mut Canvas, bin: &Bin) -> Drawn {
    let foot = place(f64::midpoint(bin.low, bin.high), 0.0) - Point::new(0, 18);
    write(canvas, &ascii::FONT_9X15, foot, Alignment::Center, &bin.questions.to_string())
}

fn axes(canvas: &mut Canvas) -> Drawn {
    line(canvas, place(0.0, 0.0), place(1.0, 0.0), INK, 2)?;
    line(canvas, place(0.0, 0.0), place(0.0, 1.0), INK, 2)?;
    for fifth in 0..=5 {
        let at = f64::from(fifth) / 5.0;
        let (said, below, left) = (format!("{at:.1}"), Point::new(0, 8), Point::new(10, 7));
        write(canvas, &ascii::FONT_9X15, place(at, 0.0) + below, Alignment::Center, &said)?;
        write(canvas, &ascii::FONT_9X15, place(0.0, at) - left, Alignment::Right, &said)?;
    }
    let (up, along) = (place(0.0, 1.0) - Point::new(0, 22), place(0.5, 0.0) + Point::new(0, 32));
    write(canvas, &ascii::FONT_9X15, up, Alignment::Left, "part that is right")?;
    let of_bars = "confidence (in the bars: questions)";
    write(canvas, &ascii::FONT_9X15, along, Alignment::Center, of_bars)
}

fn line(canvas: &mut Canvas, from: Point, to: Point, colour: Rgb888, width: u32) -> Drawn {
    Line::new(from, to).into_styled(PrimitiveStyle::with_stroke(colour, width)).draw(canvas)
}

/// One line of text; `at` is its upper edge.
fn write(canvas: &mut Canvas, font: &MonoFont<'_>, at: Point, alignment: Alignment, text: &str) -> Drawn {
    let style = TextStyleBuilder::new().alignment(alignment).baseline(Baseline::Top).build();
    Text::with_text_style(text, at, MonoTextStyle::new(font, INK), style).draw(canvas).map(drop)
}

/// Where a confidence and a part of right answers stand, both 0 to 1.
fn place(across: f64, up: f64) -> Point {
    ORIGIN + Point::new(whole(across * f64::from(AXIS)), -whole(up * f64::from(AXIS)))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast stays within bounds, and drawing within the canvas"
)]
fn whole(number: f64) -> i32 {
    number.round() as i32
}

/// Pixels in memory.
struct Canvas {
    /// Three bytes each, row by row.
    bytes: Vec<u8>,
}

impl Canvas {
    fn new() -> Self {
        let all = WIDTH as usize * HEIGHT as usize;
        Self { bytes: [PAPER.r(), PAPER.g(), PAPER.b()].repeat(all) }
    }

    fn png(&self) -> Result<Vec<u8>, EncodingError> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, WIDTH, HEIGHT);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.bytes)?;
        writer.finish()?;
        Ok(file)
    }
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        Size::new(WIDTH, HEIGHT)
    }
}

impl DrawTarget for Canvas {
    type Color = Rgb888;
    type Error = std::convert::Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(&mut self, pixels: I) -> Result<(), Self::Error> {
        for Pixel(at, colour) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(at.x), u32::try_from(at.y)) else { continue };
            if x < WIDTH && y < HEIGHT {
                let start = (y as usize * WIDTH as usize + x as usize) * 3;
                self.bytes[start..start + 3].copy_from_slice(&[colour.r(), colour.g(), colour.b()]);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(questions: &[(f64, bool)]) -> Canvas {
        let mut canvas = Canvas::new();
        let Ok(()) = draw(&mut canvas, &Calibration::of(questions));
        canvas
    }

    impl Canvas {
        fn at(&self, point: Point) -> [u8; 3] {
            let start =
                (point.y.unsigned_abs() as usize * WIDTH as usize + point.x.unsigned_abs() as usize) * 3;
            self.bytes[start..start + 3].try_into().expect("three bytes")
        }
    }

    fn rgb(colour: Rgb888) -> [u8; 3] {
        [colour.r(), colour.g(), colour.b()]
    }

    #[test]
    fn points_stand_where_confidence_and_truth_say() {
        let canvas = drawn(&[(0.25, true), (0.25, false), (0.85, true), (0.85, true)]);
        assert_eq!(canvas.at(place(0.25, 0.5)), rgb(DOT));
        assert_eq!(canvas.at(place(0.85, 1.0)), rgb(DOT));
        assert_eq!(canvas.at(place(0.22, 0.15)), rgb(BAR), "the bar below the point");
        assert_eq!(canvas.at(place(0.22, 0.75)), rgb(PAPER), "nothing above it");
        assert_eq!(canvas.at(place(0.45, 0.15)), rgb(PAPER), "no bar without questions");
    }

    #[test]
    fn the_picture_is_a_png_and_the_same_every_time() {
        let calibration = Calibration::of(&[(0.25, true), (1.0, false)]);
        let file = reliability(&calibration).expect("a picture");
        assert_eq!(file, reliability(&calibration).expect("the same"));
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
        let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut bytes).expect("an image");
        assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
        assert!(bytes.iter().any(|byte| *byte != 255));
        assert!(reliability(&Calibration::of(&[])).is_ok(), "without a question too");
    }
}
