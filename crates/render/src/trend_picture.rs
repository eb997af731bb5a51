//! Draws a trend as a picture: the share of the posts of each year, as points on a line.
//!
//! The picture has numbers and no words, so it needs no language. It is a pure function of the counts: the same counts give
//! the same bytes.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, PremultipliedColorU8, Stroke, Transform};

use takeaways_text::model::YearCount;

/// The size of a picture, in pixels. A phone shows it at about half of its width.
const WIDTH: u16 = 600;
const HEIGHT: u16 = 340;
/// The space around the points, in pixels: on the left for the shares, below for the years.
const LEFT: f32 = 74.0;
const RIGHT: f32 = 24.0;
const TOP: f32 = 44.0;
const BELOW: f32 = 44.0;
/// The maximum number of years that a picture shows: the newest ones.
const MAX_YEARS: i16 = 24;
/// The height of a digit, in pixels, with its space.
const FONT: RasterHeight = RasterHeight::Size24;
const FONT_HEIGHT: f32 = 24.0;
/// The radius of the point of a year, and of one with too few posts, in pixels.
const POINT: f32 = 7.0;
const SMALL_POINT: f32 = 4.0;

/// A colour: red, green, blue.
type Rgb = [u8; 3];
/// Discord's dark background for boxes; the colours on it are readable on it, by those too who see no red or green.
const BACKGROUND: Rgb = [43, 45, 49];
const GRID: Rgb = [78, 80, 88];
const TEXT: Rgb = [219, 222, 225];
const GREY: Rgb = [148, 155, 164];
const LINE: Rgb = [93, 173, 236];

/// Returns a PNG of the shares of the years; `None` if fewer than two years tell one.
///
/// A year with too few posts is a small grey point, and no line goes to it or past it.
pub(crate) fn trend_picture(series: &[YearCount]) -> Option<Vec<u8>> {
    if !has_picture(series) {
        return None;
    }
    let shown = shown_years(series);
    let (first, last) = (shown.first()?.year, shown.last()?.year);
    let highest = shown.iter().map(percent).fold(0.0, f32::max);
    let chart = Chart { first, years: last - first + 1, top: top_of_scale(highest) };
    let mut canvas = Canvas(Pixmap::new(u32::from(WIDTH), u32::from(HEIGHT))?);
    canvas.0.fill(color(BACKGROUND));
    chart.draw_scale(&mut canvas);
    chart.draw_points(&mut canvas, shown);
    canvas.0.encode_png().ok()
}

/// The years of a trend that a picture or a message has room for: the newest ones.
pub(crate) fn shown_years(series: &[YearCount]) -> &[YearCount] {
    let oldest = series.last().map(|last| last.year.saturating_sub(MAX_YEARS - 1));
    let before = series.iter().take_while(|count| Some(count.year) < oldest).count();
    series.get(before..).unwrap_or_default()
}

/// Whether a trend has a picture: two of its shown years tell a share.
pub(crate) fn has_picture(series: &[YearCount]) -> bool {
    shown_years(series).iter().filter(|count| count.has_share()).count() >= 2
}

/// Where years and shares stand in a picture.
struct Chart {
    first: i16,
    /// How many years there is room for.
    years: i16,
    /// The highest share of the scale, in percent.
    top: u8,
}

impl Chart {
    /// The middle of a year, from the left.
    fn x(&self, year: i16) -> f32 {
        LEFT + (f32::from(year - self.first) + 0.5) * self.slot()
    }

    /// The width of a year.
    fn slot(&self) -> f32 {
        (f32::from(WIDTH) - LEFT - RIGHT) / f32::from(self.years)
    }

    /// The height of a share in percent, from the top.
    fn y(&self, percent: f32) -> f32 {
        let height = f32::from(HEIGHT) - TOP - BELOW;
        TOP + height * (1.0 - percent / f32::from(self.top))
    }

    /// Draws a line for none, the half and the top of the scale, each with its number, and below them the years.
    fn draw_scale(&self, canvas: &mut Canvas) {
        for percent in [0, self.top / 2, self.top] {
            let y = self.y(f32::from(percent));
            canvas.line([(LEFT, y), (f32::from(WIDTH) - RIGHT, y)], 1.0, GRID);
            let label = format!("{percent}%");
            canvas.text(&label, LEFT - 12.0 - text_width(&label), y - FONT_HEIGHT / 2.0, GREY);
        }
        let long = |year: i16| year.to_string();
        let short = |year: i16| format!("{:02}", year.rem_euclid(100));
        let label: &dyn Fn(i16) -> String = if text_width("2019 ") <= self.slot() { &long } else { &short };
        // Where not even short ones have room, some years have no label.
        let step = if text_width("19 ") <= self.slot() { 1 } else { 2 };
        for offset in (0..self.years).step_by(step) {
            let year = self.first.saturating_add(offset);
            let (label, y) = (label(year), f32::from(HEIGHT) - BELOW + 12.0);
            canvas.text(&label, self.x(year) - text_width(&label) / 2.0, y, TEXT);
        }
    }

    /// Draws the points of the years, the lines between those next to each other, and over each point its share.
    fn draw_points(&self, canvas: &mut Canvas, shown: &[YearCount]) {
        let place = |count: &YearCount| (self.x(count.year), self.y(percent(count)));
        for pair in shown.windows(2) {
            if let [before, after] = pair
                && after.year == before.year.saturating_add(1)
                && before.has_share()
                && after.has_share()
            {
                canvas.line([place(before), place(after)], 4.0, LINE);
            }
        }
        let has_room = text_width("100%") <= self.slot();
        for count in shown {
            let (x, y) = place(count);
            if !count.has_share() {
                canvas.circle((x, y), SMALL_POINT, GREY);
                continue;
            }
            canvas.circle((x, y), POINT, LINE);
            if has_room {
                let label = format!("{:.0}%", percent(count));
                let above = y - POINT - FONT_HEIGHT - 2.0;
                canvas.text(&label, x - text_width(&label) / 2.0, above, TEXT);
            }
        }
    }
}

/// The share of a year in percent.
fn percent(count: &YearCount) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "it is drawn to the pixel")]
    let float = |posts: u32| posts as f32;
    (float(count.posts.posts) / float(count.posts.of.max(1)) * 100.0).min(100.0)
}

/// The top of a scale on which a share has room, in percent. Its half is a whole number.
fn top_of_scale(percent: f32) -> u8 {
    const TOPS: [u8; 5] = [10, 20, 40, 60, 80];
    TOPS.into_iter().find(|top| percent <= f32::from(*top)).unwrap_or(100)
}

/// What is drawn on.
struct Canvas(Pixmap);

impl Canvas {
    fn line(&mut self, [from, to]: [(f32, f32); 2], width: f32, rgb: Rgb) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
        let stroke = Stroke { width, ..Stroke::default() };
        if let Some(path) = path.finish() {
            self.0.stroke_path(&path, &paint(rgb), &stroke, Transform::identity(), None);
        }
    }

    fn circle(&mut self, middle: (f32, f32), radius: f32, rgb: Rgb) {
        if let Some(path) = PathBuilder::from_circle(middle.0, middle.1, radius) {
            self.0.fill_path(&path, &paint(rgb), FillRule::Winding, Transform::identity(), None);
        }
    }

    /// Writes digits and `%` with their upper left corner at `left` and `top`. What is outside is cut.
    fn text(&mut self, text: &str, left: f32, top: f32, rgb: Rgb) {
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a small picture")]
        let (mut left, top) = (left.round() as i32, top.round() as i32);
        for glyph in text.chars().filter_map(|c| get_raster(c, FontWeight::Regular, FONT)) {
            for (y, row) in (top..).zip(glyph.rows()) {
                for (x, coverage) in (left..).zip(row) {
                    self.blend(x, y, rgb, *coverage);
                }
            }
            left = left.saturating_add(i32::try_from(glyph.width()).unwrap_or_default());
        }
    }

    /// Mixes a colour into a pixel.
    fn blend(&mut self, x: i32, y: i32, rgb: Rgb, coverage: u8) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        let width = usize::from(WIDTH);
        if x >= width {
            return;
        }
        let Some(pixel) = self.0.pixels_mut().get_mut(y * width + x) else { return };
        let mix = |old: u8, new: u8| {
            let part = u16::from(coverage);
            let sum = u16::from(old) * (255 - part) + u16::from(new) * part;
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        let [red, green, blue] = rgb;
        let mixed = PremultipliedColorU8::from_rgba(
            mix(pixel.red(), red),
            mix(pixel.green(), green),
            mix(pixel.blue(), blue),
            u8::MAX,
        );
        if let Some(mixed) = mixed {
            *pixel = mixed;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a label has a few characters")]
fn text_width(text: &str) -> f32 {
    (text.len() * get_raster_width(FontWeight::Regular, FONT)) as f32
}

fn color([red, green, blue]: Rgb) -> Color {
    Color::from_rgba8(red, green, blue, u8::MAX)
}

fn paint(rgb: Rgb) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(color(rgb));
    paint
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_text::model::PostCount;

    /// The most bytes of a picture.
    const MAX_BYTES: usize = 64 << 10;

    fn series(counts: &[(i16, u32, u32)]) -> Vec<YearCount> {
        let count = |(year, posts, of): &(i16, u32, u32)| YearCount {
            year: *year,
            posts: PostCount { posts: *posts, of: *of },
        };
        counts.iter().map(count).collect()
    }

    /// The pixel of a year at a share, in percent.
    fn pixel(png: &[u8], chart: &Chart, year: i16, percent: f32) -> Rgb {
        let picture = Pixmap::decode_png(png).expect("a PNG");
        assert_eq!((picture.width(), picture.height()), (u32::from(WIDTH), u32::from(HEIGHT)));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the picture")]
        let (x, y) = (chart.x(year) as u32, chart.y(percent) as u32);
        let pixel = picture.pixel(x, y).expect("a pixel");
        [pixel.red(), pixel.green(), pixel.blue()]
    }

    #[test]
    fn a_year_is_a_point_at_its_share_and_grey_if_it_has_few_posts() {
        let series = series(&[(2017, 2, 3), (2018, 9, 18), (2019, 18, 24), (2020, 0, 2), (2021, 2, 5)]);
        let png = trend_picture(&series).expect("a picture");
        let chart = Chart { first: 2017, years: 5, top: 80 };
        assert_eq!(pixel(&png, &chart, 2018, 50.0), LINE);
        assert_eq!(pixel(&png, &chart, 2019, 75.0), LINE);
        assert_eq!(pixel(&png, &chart, 2021, 40.0), LINE);
        assert_eq!(pixel(&png, &chart, 2017, 200.0 / 3.0), GREY);
        assert_eq!(pixel(&png, &chart, 2020, 0.0), GREY);
        // Between 2018 and 2019 there is a line; past 2020 there is none.
        let between = Pixmap::decode_png(&png).expect("a PNG");
        let is_line = |x: f32, y: f32| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
            let pixel = between.pixel(x as u32, y as u32).expect("a pixel");
            [pixel.red(), pixel.green(), pixel.blue()] == LINE
        };
        assert!(is_line(f32::midpoint(chart.x(2018), chart.x(2019)), chart.y(62.5)));
        assert!(!is_line(chart.x(2020), chart.y(57.5)));
        assert!(!is_line(f32::midpoint(chart.x(2017), chart.x(2018)), chart.y(25.0)));
    }

    #[test]
    fn a_picture_needs_two_years_that_tell_a_share() {
        assert_eq!(trend_picture(&[]), None);
        assert_eq!(trend_picture(&series(&[(2018, 1, 4), (2019, 3, 10)])), None);
        assert!(trend_picture(&series(&[(2018, 0, 5), (2019, 0, 10)])).is_some());
    }

    #[test]
    fn any_counts_give_a_small_picture_that_is_always_the_same() {
        for years in [2, 9, 24, 201] {
            let of =
                |at: i16| (1900 + at, u32::from(at.unsigned_abs()) % 7, 6 + u32::from(at.unsigned_abs()) % 3);
            let series = series(&(0..years).map(of).collect::<Vec<_>>());
            let png = trend_picture(&series).expect("a picture");
            assert!(png.len() < MAX_BYTES, "{years} years: {} bytes", png.len());
            assert_eq!(trend_picture(&series), Some(png));
        }
        let far = series(&[(i16::MIN, 1, 9), (i16::MAX - 1, 1, 9), (i16::MAX, 2, 9)]);
        assert!(trend_picture(&far).is_some());
    }

    #[test]
    fn the_scale_ends_above_the_highest_share() {
        for (share, top) in [(0.0, 10), (10.0, 10), (11.0, 20), (63.0, 80), (81.0, 100), (100.0, 100)] {
            assert_eq!(top_of_scale(share), top, "{share}");
        }
    }
}
