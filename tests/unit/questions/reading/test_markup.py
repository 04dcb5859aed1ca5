"""HTML and Markdown: what the marks say, where the words stand in the source, and what is left out."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.reading.documents import DocumentError, read_document
from questions.reading.html_text import MAX_NESTING, _Reader, html_pieces
from questions.reading.html_tokens import html_tokens
from questions.reading.markdown_text import looks_like_markdown, markdown_pieces


def html(source):
    return [(piece.kind, piece.text) for piece in html_pieces(source)[0]]


def markdown(source):
    return [(piece.kind, piece.text) for piece in markdown_pieces(source)[0]]


def read(source, name="a.html"):
    return read_document(source.encode(), name)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script><p>Fine.",
        "<SCRIPT type='x'>if (a < b) alert('</p>')</SCRIPT ><p>Fine.",
        "<style>p {}</style><p>Fine.",
        "<p>Fine.<!-- not <p>this --></p>",
        "<p>Fine.<!-- never closed <p>gone",
        "<nav><a href='/'>Home</a><nav>x</nav></nav><p>Fine.",
        "<button>Share<p>Fine.",
        "<svg><text>Axis</text></svg><p>Fine.</p>",
        "<template><p>Later</p></template><p>Fine.</p>",
        "<p onclick=\"a>b\" title='<p>'>Fine.</p>",
        "<p>Fine.<img src=x onerror=alert(1)></p>",
        "<!DOCTYPE html [<!ENTITY x 'y'>]><p>Fine.",
        "<?xml version='1.0'?><p>Fine.",
        "<p>Fine.<sup><a href='#n1'>[1]</a></sup></p>",
        "<p>Fine.</p><script>never closed <p>gone",
        "<p>Fine.</p><p <b",
    ],
)
def test_what_is_left_out(source):
    assert [text for _, text in html(source) if text != "]>"] == ["Fine."]


def test_words_that_only_look_like_markup():
    assert html("<p>Five < six &amp; six &gt; five, so I <3 it &lt;p&gt;.</p>") == [
        ("prose", "Five < six & six > five, so I <3 it <p>.")
    ]


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("<p>One.<p>Two.", [("prose", "One."), ("prose", "Two.")]),
        ("<div>One.<div>Two.</div>Three.</div>", [("prose", "One."), ("prose", "Two."), ("prose", "Three.")]),
        ("<p>A <b>bold</b>\n <i>word</i>.</p>", [("prose", "A bold word.")]),
        (
            "<p>It goes<br>on here.<br>Then stops.</p>",
            [("prose", "It goes on here."), ("prose", "Then stops.")],
        ),
        ("<h2>A <br> heading</h2>", [("heading", "A heading")]),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", [("list", "a\nb\nc\nd")]),
        ("<ol start=4><li><p>a</p><p>b</p></li><li>c</ol>", [("list", "4. a b\n5. c")]),
        ("<ol start=x><li>a</ol>", [("list", "1. a")]),
        ("<li>a</li>", [("list", "a")]),
        ("<ul><li>a</ul><ol><li>b</ol>", [("list", "a"), ("list", "1. b")]),
        ("<blockquote>One.<p>Two.</blockquote>", [("quote", "One."), ("quote", "Two.")]),
        ("<pre>\na\n  b\n</pre>", [("code", "a\n  b")]),
        ("<table><tr><td>a<td>b<tr><td>c<td></table>", [("fragment", "a | b"), ("fragment", "c |")]),
        ("<dl><dt>Mill<dd>A place.</dl>", [("fragment", "Mill"), ("prose", "A place.")]),
        ("<p>It stands.<sup>2</sup></p>", [("fragment", "It stands.2")]),
        ("<p>x</li></ul></td></dl></b>y</p>", [("fragment", "x"), ("fragment", "y")]),
        ("<p>It weighs <a href='#n'>2</a></sup> t.</p>", [("prose", "It weighs 2 t.")]),
        ("<ul><li>a<ol><li>b</ul><li>c", [("list", "a"), ("list", "1. b"), ("list", "c")]),
        ("<p><a href='#top'>Up</a> it goes.<a href='#x'>↩</a></p>", [("prose", "Up it goes.")]),
    ],
)
def test_html(source, pieces):
    assert html(source) == pieces


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("One *two* `three` [four](http://x) ![no](p.png)end.", [("prose", "One two three four end.")]),
        (
            "One  \nTwo here.  \ngoes on.",
            [("fragment", "One"), ("prose", "Two here."), ("prose", "goes on.")],
        ),
        ("a<br>B c.", [("fragment", "a"), ("prose", "B c.")]),
        ("- a\n\n  more\n- b\n  - c", [("list", "a more\nb\nc")]),
        ("7. a\n8. b", [("list", "7. a\n8. b")]),
        ("> One.\n>\n> Two.", [("quote", "One."), ("quote", "Two.")]),
        ("```\na\n\nb\n```\n\n    c", [("code", "a\n\nb"), ("code", "c")]),
        ("|a|b|\n|-|-|\n|1|2|", [("fragment", "a | b"), ("fragment", "1 | 2")]),
        ("Note[^1] it.\n\n[^1]: Said.", [("prose", "Note it."), ("list", "1. Said.")]),
        ("<div>In <b>HTML</b>.<script>x</script></div>\n\nOut.", [("prose", "In HTML."), ("prose", "Out.")]),
        ("A <script>alert(1)</script><i>b</i> <style>x</style>c.", [("prose", "A b c.")]),
        ("- a\n\n  <p>In HTML.</p>", [("list", "a"), ("prose", "In HTML.")]),
        ("```\n```", []),
        ("- ![only a picture](p.png)\n- b", [("list", "b")]),
        ("1. ![](p.png)\n2. c", [("list", "1. c")]),
        ("&amp; it is.", [("prose", "& it is.")]),
    ],
)
def test_markdown(source, pieces):
    assert markdown(source) == pieces


def test_paragraphs_set_in_bold_and_italics():
    styles = [piece.style for piece in markdown_pieces("**Bold.**\n\n*Set.*\n\n***Both.***\n\n**a** b")[0]]
    assert styles == ["strong", "emphasis", "strong", ""]


def test_a_tag_that_never_ends_is_not_searched_to_the_end_of_time():
    assert html("<p>Fine.</p><a b='" + "x" * 200_000 + "y.") != []


def test_front_matter():
    source = "---\ntitle: 'The mill'\nsummary: How it grinds.\nsubtitle: Second\ndescription:  \n---\nIt grinds. At night."
    article = read(source, "a.md")
    assert (article.title, article.standfirst) == ("The mill", "How it grinds.")


@pytest.mark.parametrize(
    ("source", "title", "headings"),
    [
        ("<title>Page</title><h1>The mill</h1><p>It grinds.</p><h2>A</h2><p>B c.</p>", "The mill", ["", "A"]),
        ("<title>Page</title><h2>A</h2><p>B c.</p><h2>D</h2><p>E f.</p>", "Page", ["A", "D"]),
        ("<title>Page</title><p>Page</p><p>It grinds.</p>", "Page", [""]),
        ("<h1>A</h1><p>B c.</p><h1>D</h1><p>E f.</p>", "a", ["A", "D"]),
        ("<p>The mill</p><h1>A</h1><p>B c.</p><h1>D</h1><p>E f.</p>", "The mill", ["A", "D"]),
        ("<h1>M</h1><h2>A</h2><h3>B</h3><p>C d.</p><h3>E</h3><p>F g.</p>", "M", ["A: B", "A: E"]),
        ("<h1>M</h1><h2>A</h2><p>x y.</p><h3>B</h3><p>C d.</p><h4>E</h4><p>F g.</p>", "M", ["A", "B"]),
        ("<h2 class=subtitle>How it grinds</h2><h1 class=title>M</h1><p>x y.</p>", "M", [""]),
        ("<svg><title>Icon</title></svg><title>Page</title><p>It grinds.</p>", "Page", [""]),
    ],
)
def test_titles_and_levels(source, title, headings):
    article = read(source)
    assert article.title == title
    assert [section.heading for section in article.sections] == headings


def test_headings_too_deep_for_a_section_stay_in_the_text():
    article = read("<h1>M</h1><h2>A</h2><p>x y.</p><h3>B</h3><p>C d.</p><h4>E</h4><p>F g.</p>")
    assert article.sections[-1].text == "C d.\n\nE\n\nF g."


def test_standfirsts_that_say_so():
    for source in (
        "<h1>M</h1><p class='article__standfirst'>Why.</p><p>x y.</p>",
        "<h1>M</h1><p><em>Why it grinds.</em></p><p>x y.</p>",
        "<p class=lede>Why.</p><h1>M</h1><p>x y.</p>",
    ):
        assert read(source).standfirst.startswith("Why")
    assert read("<h1>M</h1><p class='leader'>Why.</p><p>x y.</p>").standfirst == ""


def test_looks_like_markdown():
    assert looks_like_markdown("# A\ntext")
    assert looks_like_markdown("text\n\n## A\n\n## B")
    assert not looks_like_markdown("text\n\n# A")
    assert not looks_like_markdown("#tag\n#tag")


def words(source):
    return "".join(unescape(re.sub(r"(?s)<!--.*?-->|<[^>]*>", "", source)).split())


@pytest.mark.parametrize(
    "source",
    [
        "<p>One &amp; <b>two</b>.</p>\n<ul><li> three <li>four</ul>",
        "<h1>T</h1><p>  a&nbsp;b\n c.<p>d<br>E f.</p><table><tr><td>g</td><td>h</td></tr></table>",
        "<div>x.<div>y <i>z</i></div></div>w",
    ],
)
def test_places_in_html_lead_back_to_the_same_words(source):
    for piece in html_pieces(source)[0]:
        assert words(piece.origin.of(source)) == "".join(piece.text.replace("|", "").split())


def test_places_in_markdown_lead_back_to_the_lines():
    source = "# Title\r\n\r\nOne *two*.  \r\nThree four.\r\n\r\n- a\r\n- b\r\n\r\n> q r.\r\n"
    pieces, _ = markdown_pieces(source)
    places = [piece.origin.of(source) for piece in pieces]
    assert places == ["# Title", "One *two*.  ", "Three four.", "- a\r\n- b", "> q r."]


SCRAPS = st.sampled_from(
    [
        "<",
        "< ",
        "> ",
        "</",
        "<p>",
        "</p>",
        "<b",
        "='",
        '"',
        "<",
        "--",
        "-->",
        "<script>",
        "</script>",
        "<li>",
        "<td>",
        "</td>",
        "<tr>",
        "<table>",
        "<dt>",
        "<dd>",
        "<ol>",
        "</ol>",
        "<sup>",
        "</sup>",
        "<a href='#a'>",
        "</a>",
        "<br>",
        "&amp;",
        "&#0;",
        "Word ",
        "it ends. ",
        "\n",
        "# ",
        "- ",
        "> ",
        "|",
        "```",
        "[^1]",
        ": ",
        "é",
        "<title>",
        "<select>",
        "<h2>",
        "</h2>",
    ]
)


@given(st.lists(SCRAPS, max_size=40).map("".join))
def test_tokens_cover_the_source_in_order(source):
    at = 0
    for token in html_tokens(source):
        assert at <= token.start <= token.end <= len(source)
        at = token.end


@given(st.lists(SCRAPS, max_size=40).map("".join), st.sampled_from(["a.html", "a.md", "a.txt"]))
def test_broken_markup_gives_an_article_or_a_refusal(source, name):
    try:
        article = read(source, name)
    except DocumentError:
        return
    for section in article.sections:
        for block in section.blocks:
            assert block.span.of(section.text).strip()
            assert block.origin.of(source).strip()


ENDLESS = "9" * 5000


@pytest.mark.parametrize(
    "source",
    [
        f"<p>One &#{ENDLESS}; two.</p>",
        f'<p title="&#{ENDLESS};">One two.</p>',
        f'<ol start="{ENDLESS}"><li>One two.</li></ol>',
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_a_number_without_end_in_markup_is_read_past(source, name):
    text = read(source, name).sections[0].text
    assert "One" in text
    assert "two." in text


@pytest.mark.parametrize("tag", ["ul", "table", "blockquote", "dl"])
def test_nesting_is_followed_only_so_deep(tag):
    """Each element looks through those around it: without a limit, work grows with the square of nesting."""
    reader, deepest = _Reader(f"<{tag}>a" * 5_000, 0), 0
    for token in html_tokens(f"<{tag}>a" * 5_000):
        reader.take(token)
        deepest = max(deepest, len(reader._contexts))
    assert deepest == MAX_NESTING


def test_deep_nesting_keeps_the_words():
    assert html("<blockquote>" * 5000 + "Said." + "</blockquote>" * 5000 + "<p>After.</p>") == [
        ("quote", "Said."),
        ("prose", "After."),
    ]


@pytest.mark.parametrize("mark", ["[", "![", "^[", "**a*_", "|a"])
def test_a_text_of_nothing_but_markdown_marks_is_refused_with_its_line(mark):
    with pytest.raises(DocumentError, match=r"more than 100,000 marks .* line 3 ") as refusal:
        read("# Title\n\n" + mark * 100_001, "a.md")
    assert refusal.value.line == 3
