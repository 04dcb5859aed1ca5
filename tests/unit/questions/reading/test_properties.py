"""What holds for whatever bytes somebody gives: an article whose offsets are right, or a plain refusal."""

from hypothesis import given
from hypothesis import strategies as st

from questions.reading.documents import EXTENSIONS, DocumentError, read_document, read_text

LINES = st.lists(
    st.sampled_from(
        [
            "",
            "",
            "The Old Mill",
            "AT NIGHT",
            "It grinds. It hums.",
            "Why is it so?",
            "Why is it so?Because it is.",
            "- flour",
            "• bran",
            "1. first",
            "2. second",
            "> said he",
            "goes on small",
            "Built: 1811",
            "====",
            "----",
            "12 13 14",
            "a\tb\tc",
            "Q: Who?",
            "A: He.",
            "    f(x) = {1};",
            "```",
            "“Well,” he said. “So.”",
            "« Bien. » Oui.",
            "小镇在河边。人们用船。",
            "السوق القديم",
            "🎉 Party",
            "FAQ",
            "The mill grinds all night and all day, and when the wind drops it is",
            "the river that turns the stones, as nobody would believe who has",
        ]
    ),
    min_size=1,
    max_size=25,
)
MARKS = set("•-*+>=–`~")


def check(article):
    assert article.title
    assert article.sections
    assert [section.id for section in article.sections] == [
        f"s{n}" for n in range(1, len(article.sections) + 1)
    ]
    for section in article.sections:
        assert "\n\n".join(block.span.of(section.text) for block in section.blocks) == section.text
        assert all(block.span.of(section.text).strip() for block in section.blocks)


@given(st.binary(max_size=200), st.sampled_from(EXTENSIONS))
def test_any_bytes(data, extension):
    try:
        article = read_document(data, f"a{extension}")
    except DocumentError as refused:
        assert str(refused)  # noqa: PT017 -- both ends are right
        return
    check(article)


@given(st.text(max_size=200))
def test_any_text(text):
    try:
        article = read_text(text)
    except DocumentError:
        return
    check(article)


@given(LINES)
def test_offsets_of_plain_text_lead_back_to_the_same_words(lines):
    text = "\n".join(lines)
    try:
        article = read_document(text.encode(), "a.txt")
    except DocumentError:
        return
    check(article)
    for section in article.sections:
        for block in section.blocks:
            said = block.span.of(section.text).split()
            assert [word for word in block.origin.of(text).split() if not set(word) <= MARKS] == [
                word for word in said if not set(word) <= MARKS
            ]


@given(LINES)
def test_no_word_of_a_plain_text_is_lost(lines):
    text = "\n".join(lines)
    try:
        article = read_document(text.encode(), "a.txt")
    except DocumentError:
        return
    kept = " ".join(
        [article.title, article.standfirst, *article.notes]
        + [f"{section.heading} {section.text}" for section in article.sections]
    )
    lost = {word.strip(":“”") for word in text.split()} - {word.strip(":“”") for word in kept.split()}
    assert all(not any(char.isalnum() for char in word) for word in lost)
