//! Logos as people have them.

use std::io::Cursor;

use domain::Language;
use image::{DynamicImage, ImageOutputFormat};
use paper::{PaperError, PaperSignature};

use crate::{reader::Reader, sample, variants};

fn written(picture: &DynamicImage, format: ImageOutputFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("an image");
    file.into_inner()
}

/// A JPEG of one colour whose four components are cyan, magenta, yellow and black.
const CMYK: &[u8] = include_bytes!("../golden/cmyk.jpg");

#[test]
fn every_kind_of_logo_is_printed() {
    let rgb = DynamicImage::ImageRgba8(
        image::load_from_memory(&variants::stroke(120, 40)).expect("it").into_rgba8(),
    );
    let logos = [
        ("1 × 1", variants::stroke(1, 1)),
        ("wide", variants::stroke(5_000, 3)),
        ("tall", variants::stroke(3, 5_000)),
        ("alpha", variants::stroke(200, 80)),
        ("grey", written(&DynamicImage::ImageLuma8(rgb.to_luma8()), ImageOutputFormat::Png)),
        (
            "grey, alpha",
            written(&DynamicImage::ImageLumaA8(rgb.to_luma_alpha8()), ImageOutputFormat::Png),
        ),
        ("16 bits", written(&DynamicImage::ImageRgba16(rgb.to_rgba16()), ImageOutputFormat::Png)),
        (
            "grey, 16 bits",
            written(&DynamicImage::ImageLuma16(rgb.to_luma16()), ImageOutputFormat::Png),
        ),
        ("JPEG", written(&DynamicImage::ImageRgb8(rgb.to_rgb8()), ImageOutputFormat::Jpeg(80))),
        (
            "grey JPEG",
            written(&DynamicImage::ImageLuma8(rgb.to_luma8()), ImageOutputFormat::Jpeg(80)),
        ),
        ("CMYK JPEG", CMYK.to_vec()),
    ];
    for (name, logo) in logos {
        assert!(paper::is_image(&logo), "{name}");
        let mut paper = sample::quote(1, Language::De);
        paper.sender.logo = Some(logo);
        let pdf = paper::render_quote(&paper).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(pdf == paper::render_quote(&paper).expect("a PDF"), "{name}: not the same twice");
        let reader = Reader::open(&pdf);
        reader.check();
        assert!(reader.text().contains("Gesamtbetrag"), "{name}");
    }
}

/// Its transparent points are paper, its opaque ones ink, where the letterhead has it.
#[test]
fn a_logo_stands_at_the_upper_right_upon_white() {
    let mut paper = sample::quote(1, Language::De);
    let mut logo = image::RgbaImage::from_pixel(70, 22, image::Rgba([0, 0, 0, 0]));
    for (x, _, point) in logo.enumerate_pixels_mut() {
        if x >= 35 {
            *point = image::Rgba([0, 0, 0, 255]);
        }
    }
    paper.sender.logo = Some(written(&DynamicImage::ImageRgba8(logo), ImageOutputFormat::Png));
    let picture = Reader::of(&paper).picture(1, 51);
    // At 50.8 dpi two points are a millimetre: the box is 120 to 190 mm from the left.
    let point = |x: u32, y: u32| picture.get_pixel(x * 2, y * 2).0[0];
    assert!(point(130, 22) > 240 && point(150, 22) > 240);
    assert!(point(160, 22) < 30 && point(185, 30) < 30);
    assert!(point(160, 40) > 240);
}

#[test]
fn what_is_no_image_is_refused_by_name() {
    let mut cut_off = variants::stroke(200, 80);
    cut_off.truncate(cut_off.len() / 2);
    for content in [Vec::new(), b"%PDF-1.7".to_vec(), vec![0; 1_000], cut_off] {
        assert!(!paper::is_image(&content));
        let mut paper = sample::quote(1, Language::De);
        paper.sender.logo = Some(content.clone());
        assert!(matches!(paper::render_quote(&paper), Err(PaperError::Image("logo"))));
        paper.sender.logo = None;
        paper.signature = Some(PaperSignature { image: content, ..PaperSignature::default() });
        assert!(matches!(paper::render_quote(&paper), Err(PaperError::Image("signature"))));
    }
}
