"""The stylesheet's promises that can be computed: contrast of every pair of colours that meet, and its habits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEBAPP = Path(__file__).parents[3] / "webapp"
CSS = (WEBAPP / "static" / "css" / "readcheck.css").read_text()
RULES = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
COLOUR = re.compile(r"--([a-z-]+):\s*(?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));")
GROUNDS = ("paper", "surface", "sunken")
STATES = ("right", "wrong", "warning", "info")
SOFT = tuple(f"{state}-soft" for state in ("accent", *STATES))

PAIRS = [
    *(("ink", ground, 7.0) for ground in (*GROUNDS, *SOFT, "evidence")),
    *(("muted", ground, 4.5) for ground in (*GROUNDS, *SOFT)),
    *(("dim", ground, 4.5) for ground in (*GROUNDS, "accent-soft")),
    *((state, ground, 4.5) for state in ("accent", *STATES) for ground in GROUNDS),
    *((state, f"{state}-soft", 4.5) for state in ("accent", *STATES)),
    *(("accent", ground, 4.5) for ground in SOFT),
    ("on-accent", "accent", 4.5),
    *(("line", ground, 3.0) for ground in (*GROUNDS, "accent-soft")),
    *(("evidence-line", ground, 3.0) for ground in (*GROUNDS, "evidence")),
    ("accent", "evidence", 3.0),
]
"""What is written or drawn in the first colour on a ground of the second, and the least contrast of the two."""


def _block(selector: str) -> str:
    return RULES.split(f"{selector} {{\n", 1)[1].split("}", 1)[0]


def _themes() -> dict[str, dict[str, str]]:
    light, dark = {}, {}
    for name, on_light, on_dark, on_both in COLOUR.findall(_block(":root")):
        light[name], dark[name] = on_light or on_both, on_dark or on_both
    themes = {"light": light, "dark": dark}
    for name, ground in (("cream", light), ("contrast", dark)):
        own = {name: colour for name, _, _, colour in COLOUR.findall(_block(f'[data-theme="{name}"]'))}
        themes[name] = ground | own
    return themes


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark", "cream", "contrast"])
def test_what_is_read_stands_out_from_its_ground(theme: str) -> None:
    colours = _themes()[theme]
    weak = [
        f"{front} on {ground}: {contrast(colours[front], colours[ground]):.2f} < {least}"
        for front, ground, least in PAIRS
        if contrast(colours[front], colours[ground]) < least
    ]
    assert not weak


def test_every_colour_is_a_token() -> None:
    """Colours stand in the first part and in print; everything else names them."""
    rest = RULES.split('[data-size="small"]', 1)[1].split("@media print", 1)[0]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", rest)
    assert not re.findall(r"\b(?:rgba?|hsla?|oklch|oklab)\(", rest)


def test_every_token_is_defined() -> None:
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", RULES))
    used = set(re.findall(r"var\((--[a-z0-9-]+)", RULES))
    assert used - defined == set()
    assert defined - used == set()


PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)[\w-]*|left|right|top|bottom"
    r"|(?:min-|max-)?(?:width|height))\s*:"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
)


def test_the_page_can_be_mirrored() -> None:
    """Logical properties only, so that right-to-left texts need no second stylesheet."""
    without_conditions = re.sub(r"@media[^{]*\{", "{", RULES)
    assert not PHYSICAL.findall(without_conditions)


def test_nothing_is_fetched() -> None:
    assert "url(" not in RULES
    assert "@import" not in RULES
    assert "@font-face" not in RULES
    assert "!important" not in RULES.replace("[hidden] { display: none !important; }", "")


def test_every_class_is_on_some_page() -> None:
    """No rule outlives what it was for. Kinds of components are put together from two words: `notice-` + kind."""
    sources = [*WEBAPP.rglob("*.html"), *WEBAPP.rglob("*.js"), WEBAPP / "services" / "section_html.py"]
    pages = "".join(path.read_text() for path in sources)
    classes = set(re.findall(r"\.([a-z][a-z-]+)", RULES))
    made = {name for name in classes if re.match(r"(?:notice|tag|input|button|feedback)-", name)}
    unused = {name for name in classes - made if not re.search(rf"(?<![\w-]){name}(?![\w-])", pages)}
    assert unused == set()
