"""Each check against made pictures just inside and just outside its rule."""

from dataclasses import replace

import pytest
from PIL import Image, ImageFilter

from imagery.checks.delivered_profiles import delivered_profiles
from imagery.checks.findings import Check, Verdict, worst
from imagery.checks.headers import facts_of
from imagery.checks.judging import Subject, judge
from imagery.checks.measures import Fidelity, Measures
from imagery.checks.measuring import measure
from imagery.checks.rules import Rules
from imagery.marking import DigitalSource, marked
from imagery.models import Role
from imagery.studio.composing import on_white
from tests.imagery.checks.pictures import boxed, encoded, plain, shadowed

RULES = {profile.channel: profile.rules() for profile in delivered_profiles()}
PASS, UNKNOWN, WARN, FAIL = Verdict.PASS, Verdict.NOT_MEASURABLE, Verdict.WARN, Verdict.FAIL


def verdict(check: Check, measures: Measures, rules: Rules, role: str = Role.HERO) -> Verdict:
    subject = Subject(measures=measures, role=role, by_model=False)
    return next(found.verdict for found in judge(subject, rules) if found.check == check)


def of_file(content: bytes) -> Measures:
    return Measures(byte_size=len(content), facts=facts_of(content))


@pytest.mark.parametrize(
    ("channel", "check", "inside", "outside", "beyond"),
    [
        ("amazon", Check.LONGEST_SIDE, (1600, 10), (1599, 10), WARN),
        ("amazon", Check.LONGEST_SIDE, (1600, 10), (999, 10), WARN),
        ("amazon", Check.ZOOM, (1000, 10), (999, 10), WARN),
        ("walmart", Check.ZOOM, (10, 1500), (1499, 1499), WARN),
        ("amazon", Check.LONGEST_SIDE, (10_000, 10), (10_001, 10), WARN),
        ("amazon", Check.LONGEST_SIDE, (10, 1600), (499, 499), FAIL),
        ("google", Check.SIDES, (500, 500), (499, 500), FAIL),
        ("google", Check.SIDES, (500, 500), (500, 499), FAIL),
        ("google", Check.MEGAPIXELS, (8000, 8000), (8001, 8000), WARN),
        ("shopify", Check.LONGEST_SIDE, (5000, 10), (5001, 10), WARN),
        ("shopify", Check.LONGEST_SIDE, (2048, 10), (2047, 10), WARN),
        ("ebay", Check.LONGEST_SIDE, (500, 10), (499, 10), FAIL),
        ("walmart", Check.LONGEST_SIDE, (2200, 2200), (2199, 2199), WARN),
        ("walmart", Check.ASPECT, (1000, 991), (1000, 989), WARN),
        ("myntra", Check.SIDES, (1080, 1440), (1079, 1440), FAIL),
        ("myntra", Check.SIDES, (1080, 1440), (1080, 1439), FAIL),
        ("myntra", Check.ASPECT, (300, 400), (310, 400), WARN),
        ("flipkart", Check.LONGEST_SIDE, (1000, 10), (999, 999), WARN),
        ("flipkart", Check.LONGEST_SIDE, (1000, 10), (499, 499), FAIL),
        ("flipkart", Check.ASPECT, (500, 500), (500, 489), WARN),
    ],
)
def test_sides_are_judged(channel, check, inside, outside, beyond):
    rules = RULES[channel]

    assert verdict(check, of_file(plain(*inside, "PNG")), rules) == PASS
    assert verdict(check, of_file(plain(*outside, "PNG")), rules) == beyond


@pytest.mark.parametrize(
    ("channel", "bound"),
    [("google", 16_000_000), ("shopify", 20_000_000), ("walmart", 5_000_000)],
)
def test_weight_is_judged_to_the_byte(channel, bound):
    content = plain(600, 600)
    inside = replace(of_file(content), byte_size=bound)

    assert verdict(Check.BYTES, inside, RULES[channel]) == PASS
    assert verdict(Check.BYTES, replace(inside, byte_size=bound + 1), RULES[channel]) == WARN


@pytest.mark.parametrize("channel", ["amazon", "myntra"])
@pytest.mark.parametrize(("file_format", "expected"), [("JPEG", PASS), ("WEBP", WARN)])
def test_format_is_judged(channel, file_format, expected):
    assert verdict(Check.FORMAT, of_file(plain(60, 60, file_format)), RULES[channel]) == expected


def test_animation_is_of_no_listing_s_format():
    frames = [Image.new("L", (9, 9), level) for level in (0, 99)]
    moving = of_file(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    rules = Rules(formats=("GIF",))

    assert verdict(Check.FORMAT, of_file(plain(9, 9, "GIF")), rules) == PASS
    assert verdict(Check.FORMAT, moving, rules) == FAIL


def test_what_no_rendition_puts_right_fails():
    rules = replace(RULES["walmart"], is_rendered=False)
    tall = of_file(plain(100, 200, "PNG"))

    assert verdict(Check.ASPECT, tall, rules) == FAIL
    assert verdict(Check.BYTES, replace(tall, byte_size=5_000_001), rules) == FAIL


@pytest.mark.parametrize(
    ("shadow", "expected"),
    [(34, PASS), (42, WARN), (60, WARN), (85, FAIL)],
)
def test_white_background_is_judged(shadow, expected):
    measures = measure(encoded(shadowed(boxed(0.4), shadow), "PNG"))

    assert verdict(Check.WHITE, measures, RULES["amazon"]) == expected


def test_off_white_background_fails():
    measures = measure(encoded(boxed(0.5, paper=(248, 248, 248)), "PNG"))

    assert verdict(Check.WHITE, measures, RULES["amazon"]) == FAIL


def test_background_rules_are_for_the_main_picture():
    measures = measure(encoded(boxed(0.5, paper=(200, 200, 200))))
    checks = {
        role: {found.check for found in judge(Subject(measures, role, False), RULES["amazon"])}
        for role in (Role.HERO, Role.LIFESTYLE, Role.ANGLE_1)
    }

    assert checks[Role.HERO] >= {Check.WHITE, Check.FILL}
    assert checks[Role.LIFESTYLE].isdisjoint({Check.WHITE, Check.FILL})
    assert Check.FIDELITY in checks[Role.LIFESTYLE]
    assert Check.FIDELITY not in checks[Role.ANGLE_1]


@pytest.mark.parametrize(
    ("channel", "share", "expected"),
    [
        ("amazon", 0.86, PASS),
        ("amazon", 0.84, FAIL),
        ("google", 0.76, PASS),
        ("google", 0.74, FAIL),
        ("google", 0.89, PASS),
        ("google", 0.91, FAIL),
    ],
)
def test_product_s_share_is_judged(channel, share, expected):
    measures = measure(encoded(boxed(share), "PNG"))

    assert verdict(Check.FILL, measures, RULES[channel]) == expected


@pytest.mark.parametrize(
    ("blur", "expected"),
    [(2.0, PASS), (3.2, WARN), (7.0, FAIL)],
)
def test_sharpness_is_judged(blur, expected):
    picture = boxed(0.6).filter(ImageFilter.GaussianBlur(blur))

    assert verdict(Check.SHARPNESS, measure(encoded(picture)), RULES["ebay"]) == expected


@pytest.mark.parametrize(("score", "expected"), [(0.8, PASS), (0.799, WARN), (0.599, FAIL)])
def test_fidelity_is_judged(score, expected):
    measures = replace(of_file(plain(600, 600)), fidelity=Fidelity(score, score, 1.0))

    assert verdict(Check.FIDELITY, measures, RULES["ebay"]) == expected


@pytest.mark.parametrize(
    ("source", "by_model", "expected"),
    [
        (None, False, FAIL),
        (None, True, FAIL),
        (DigitalSource.COMPOSITE, False, PASS),
        (DigitalSource.COMPOSITE, True, FAIL),
        (DigitalSource.TRAINED_ALGORITHMIC_MEDIA, True, PASS),
    ],
)
def test_tag_is_judged_by_who_made_the_picture(source, by_model, expected):
    content = plain(60, 60)
    measures = of_file(marked(content, source) if source else content)
    findings = judge(Subject(measures, Role.HERO, by_model), RULES["google"])

    assert {found.check: found.verdict for found in findings}[Check.SOURCE_TAG] == expected
    assert Check.SOURCE_TAG not in {
        found.check for found in judge(Subject(measures, Role.HERO, by_model), RULES["ebay"])
    }


def test_twin_is_a_warning_that_names_it():
    measures = measure(encoded(boxed(0.5)))
    findings = judge(Subject(measures, Role.HERO, False, "SKU-2 Hero"), RULES["ebay"])
    duplicate = next(found for found in findings if found.check == Check.DUPLICATE)

    assert (duplicate.verdict, duplicate.value) == (WARN, "The same as SKU-2 Hero")


def test_each_finding_says_value_and_rule_in_words():
    measures = measure(encoded(boxed(0.5)))

    findings = judge(Subject(measures, Role.HERO, False), RULES["amazon"])

    assert [
        (found.check.label, found.verdict.label, found.value, found.rule) for found in findings
    ] == [
        ("Readable", "Pass", "Decoded", "A whole picture that can be decoded"),
        (
            "Longest side",
            "Warning",
            "600 px",
            "At least 500 px, 1600 px advised, at most 10000 px",
        ),
        ("Size for zoom", "Warning", "600 px", "At least 1000 px"),
        ("Format", "Pass", "JPEG", "JPEG"),
        (
            "White background",
            "Pass",
            "100.0 %",
            "Pure white (255) on at least 95 % of the background, after whitening",
        ),
        ("Product's share", "Fail", f"{measures.fill * 100:.1f} %", "At least 85 %"),
        (
            "Sharpness",
            "Pass",
            f"{measures.softness:.1f} px",
            "Edges no softer than 2.5 px, 5 px at most",
        ),
        (
            "Fidelity",
            "Not measurable",
            "There is no reference photo to compare it with.",
            "At least 80 % like the reference, never below 60 %",
        ),
        (
            "Duplicate",
            "Pass",
            "None found",
            "No other picture of the SKU, or of another product, shows the same",
        ),
    ]
    assert worst(findings) == FAIL


def test_unreadable_file_fails_once_and_leaves_the_rest_open():
    findings = judge(Subject(measure(b"<html>"), Role.HERO, False), RULES["amazon"])

    by_check = {found.check: found.verdict for found in findings}
    assert by_check.pop(Check.READABLE) == FAIL
    assert set(by_check.values()) == {UNKNOWN}


def test_studio_s_white_picture_passes_amazon_but_for_what_nobody_measured():
    """The renderer's own: 87 % of pure white, a shadow at its foot."""
    product = boxed(0.9, side=600).convert("RGBA")
    product = product.crop((30, 138, 570, 462))

    content = encoded(on_white(product, side=1600))
    findings = judge(Subject(measure(content), Role.HERO, False), RULES["amazon"])

    assert {found.check: found.verdict for found in findings if found.verdict != PASS} == {
        Check.FIDELITY: UNKNOWN
    }
