"""A second reading of what `generate --format json` prints, that shares no code with the generator.

It knows the JSON, the text and the rules of the checklist as a careful person would apply them with a ruler, and
nothing of recipes, facts or `verify`. It gives every violation in words.
"""

from __future__ import annotations

import re

_COMMON = """
a an the of and or but nor in on at by for from to into with as is are was were be been being has
have had do does did it its he she they them their his her this that these those which who what when
where why how not no than then so if while also about between during through
there here can could may might will would shall should must
other such some any only also very just same own both each much even still
yet since one out off again
"""
COMMON = set(_COMMON.split())
"""Words that a statement may be true or false with or without; not "few", "before", "because", which turn it."""
ASKING = re.compile(r"^Complete with (?:one|two|three) words? from the section: ")
NAMING = re.compile(r" (?:is|are|was|were) called _____\.$")
CHOICE = {"multiple_choice", "gap_list"}
GAP = {"gap_text", "gap_list"}
TYPES = CHOICE | GAP | {"true_false", "ordering", "matching"}
STATEMENT_STEM = re.compile(r"which .*statement.*(support|true|say|correct|make)", re.IGNORECASE)
BLANK = "_____"
NEGATIVE = {"not", "cannot", "never", "no"}


def tokens(text):
    dated = re.sub(r"(?<=\d )May\b|\bMay(?= \d)", "Maytime", text)  # the month is no small word
    return re.findall(
        r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*", dated.lower().replace("’", "'").replace("'s", "")
    )


def content(text):
    return [re.sub(r"(ies|es|s|ed|ing|e|y)$", "", word) for word in tokens(text) if word not in COMMON]


TURNING = {
    "few",
    "man",
    "many",
    "more",
    "mor",
    "most",
    "all",
    "les",
    "less",
    "befor",
    "before",
    "after",
    "abov",
}
TURNING |= {"above", "below", "over", "under", "because", "becaus", "until", "up", "down", "least"}
"""Words that turn a statement but say nothing of what it is about."""
NAME_LENGTH = 6


def is_inside(words, text):
    rest = iter(text)
    return all(word in rest for word in words)


def follows_from(words, quotes):
    """Whether the words stand in a quote in this order, but for one name that another quote has."""
    if any(is_inside(words, quote) for quote in [*quotes, [word for quote in quotes for word in quote]]):
        return True
    parts = [(i, j) for i in range(len(words)) for j in range(i + 1, min(i + NAME_LENGTH, len(words)) + 1)]
    return any(
        is_inside(words[:i] + words[j:], quote)
        and any(
            f" {' '.join(words[i:j])} " in f" {' '.join(other)} " for other in quotes if other is not quote
        )
        for i, j in parts
        for quote in quotes
    )


def sentences(text):
    return [
        (m.start(), m.group()) for m in re.finditer(r"[^\n.?!]+(?:\.(?=\S)[^\n.?!]*)*[.?!]*[”\"')]*", text)
    ]


def violations(document):
    """Every breach of a hard gate in the items of a printed generation."""
    found = []
    texts = {section["id"]: section["text"] for section in document["article"]["sections"]}
    headings = {section["id"]: section["heading"] for section in document["article"]["sections"]}
    for item in document["items"]:
        for message in one_item(item, texts, headings):
            found.append(f"{item['recipe']} {item['stem'][:70]!r}: {message}")
    found += between_items(document["items"], texts)
    return found


def one_item(item, texts, headings):
    yield from evidence(item, texts)
    yield from stem(item)
    if item["type"] not in TYPES:
        yield f"unknown type {item['type']}"
    if item["type"] in CHOICE:
        yield from choices(item)
        yield from distractors_unsupported(item, texts)
    yield from key(item, texts, headings)
    for text in [item["stem"], *(option["text"] for option in item["options"])]:
        yield from wording(text)


def evidence(item, texts):
    if not item["evidence"]:
        yield "no evidence"
    for span in item["evidence"]:
        if texts[span["section"]][span["start"] : span["end"]] != span["quote"]:
            yield "evidence is not at its place"


def key_texts(item):
    options = [option["text"] for option in item["options"]]
    if item["type"] == "matching":
        return [f"{options[prompt]} {options[answer]}" for prompt, answer in item["key"]]
    return [options[part] if isinstance(part, int) else part for part in item["key"]]


def key(item, texts, headings):
    quote = " ".join(span["quote"] for span in item["evidence"])
    quotes = [content(span["quote"]) for span in item["evidence"]]
    if not item["key"]:
        yield "no key"
        return
    if item["type"] in GAP:
        if key_texts(item)[0].lower() not in quote.lower():
            yield "the key does not stand in the evidence"
        asked = NAMING.sub("", ASKING.sub("", item["stem"]))  # a meaning: its words alone stand in the text
        filled = content(asked.replace(BLANK, key_texts(item)[0]))
        if not follows_from(filled, quotes):
            yield "the stem with the key filled in is not the text"
    elif item["type"] == "true_false":
        says_true = key_texts(item) == ["True"]
        follows = follows_from(content(item["stem"]), quotes)
        lost = NEGATIVE & set(tokens(quote)) and not NEGATIVE & set(tokens(item["stem"]))
        if says_true and not follows:
            yield "marked true, but the text says other words"
        if not says_true and follows and not (NEGATIVE & set(tokens(item["stem"])) or lost):
            yield "marked false, but the text says so"
    elif STATEMENT_STEM.search(item["stem"]):
        wants_false = " not " in item["stem"].lower()
        for number, option in enumerate(item["options"]):
            must_follow = (number in item["key"]) != wants_false
            told = (
                [quotes] if must_follow else [[one] for one in quotes]
            )  # another quote may have its "three"
            follows = any(follows_from(content(option["text"]), some) for some in told)
            negated = NEGATIVE & set(tokens(option["text"]) + tokens(quote))
            if follows != must_follow and not (follows and negated):
                yield f"option {number} {'does not follow' if must_follow else 'follows'} from the evidence"
    elif item["type"] == "multiple_choice":
        own = content(" ".join([quote, *(headings[span["section"]] for span in item["evidence"])]))
        missing = set(content(key_texts(item)[0])) - set(own)
        if len(missing) > len(set(content(key_texts(item)[0]))) / 5:
            yield f"the key has words that the evidence has not: {sorted(missing)}"
    elif item["type"] == "ordering" and sorted(item["key"]) != list(range(len(item["options"]))):
        yield "the key is no order of the options"
    elif item["type"] == "matching":
        half = len(item["options"]) // 2
        if sorted(part for pair in item["key"] for part in pair) != list(range(2 * half)):
            yield "the key does not pair the options"
        for pair in key_texts(item):
            if not follows_from(content(pair), quotes):
                yield f"the evidence does not say {pair!r}"


def stem(item):
    text = item["stem"]
    count = len(text.replace(BLANK, " ").split())
    if not 5 <= count <= (45 if item["type"] in GAP else 40):
        yield f"the stem has {count} words"
    if item["type"] in GAP and text.count(BLANK) != 1:
        yield "not exactly one gap"
    if item["type"] == "multiple_choice" and not text.endswith("?"):
        yield "not a question"
    if item["type"] == "true_false" and not text.endswith("."):
        yield "not a statement"
    first = (tokens(text) or [""])[0]
    if first in {"it", "they", "he", "she", "its", "their", "his", "her", "these", "those", "them"}:
        yield f"begins with “{first}”"
    pointing = re.search(r"\b(this|these|those) (\w+)", text.lower())
    own = r"(section|sentence|article|text|passage|statement|word|event|question|answer)s?"
    if pointing and not re.fullmatch(own, pointing[2]) and pointing[1] != "those":
        yield f"points with “{pointing[0]}”"
    if item["type"] in CHOICE | {"gap_text"}:
        asked = " ".join(tokens(text.replace(BLANK, " ")))
        if any(f" {' '.join(tokens(one))} " in f" {asked} " for one in key_texts(item)):
            yield "the key stands in the stem"


def wording(text):
    if re.search(r"[•▪◦●■]|  |\n|\b(?:figure|table) \d|\(see ", text, re.IGNORECASE) or text != text.strip():
        yield f"unclean wording in {text[:50]!r}"
    doubled = re.search(r"\b([a-z]+) \1\b", text, re.IGNORECASE)
    if doubled and doubled[1].lower() not in {"that", "had"}:
        yield f"doubled word {doubled[0]!r}"
    if text.count("(") != text.count(")") or text.count("“") != text.count("”") or text.count('"') % 2:
        yield f"unbalanced {text[:50]!r}"
    if re.search(r"\b[Aa] (?:[aeio](?!ne\b|nce\b|u)\w+)", text) or re.search(
        r"\ban [bcdfgjkpqtvwz]\w+", text
    ):
        yield f"a or an in {text[:50]!r}"


def choices(item):
    shown = [option["text"] for option in item["options"]]
    right = shown[item["key"][0]]
    wrong = [text for number, text in enumerate(shown) if number != item["key"][0]]
    if len(item["key"]) != 1:
        yield "not exactly one key"
    if not 3 <= len(shown) <= 5:
        yield f"{len(shown)} options"
    if len({" ".join(tokens(re.sub(r"^(the|an?) ", "", text, flags=re.IGNORECASE))) for text in shown}) < len(
        shown
    ):
        yield "two options are equal"
    if len({text[-1] in ".?!" for text in shown}) > 1:
        yield "some options end in a full stop, some do not"
    if len({re.sub(r"^(the|an?) ", "", text)[:1].islower() for text in shown}) > 1:
        yield "some options begin with a capital, some do not"
    if not 0.5 * min(map(len, wrong)) < len(right) < 1.5 * max(map(len, wrong)):
        yield "the key is too long or too short"
    if any(
        re.search(r"\b(all|none|both) of the (above|these|others)", text, re.IGNORECASE) for text in shown
    ):
        yield "all or none of the above"
    negated = sum("not" in tokens(text) or "n't" in text.replace("’", "'") for text in shown)
    if 1 < negated < len(shown) / 2:
        yield f"{negated} options with not"
    if all(re.fullmatch(r"[\d,.]+", text) for text in shown):
        numbers = [float(text.replace(",", "")) for text in shown]
        if numbers != sorted(numbers):
            yield "numbers out of order"
    if {option["role"] for number, option in enumerate(item["options"]) if number in item["key"]} != {"key"}:
        yield "the key has another role"


def distractors_unsupported(item, texts):
    """The swap test: no sentence with a short distractor and 60 per cent of the stem's words."""
    asked = set(content(item["stem"].replace(BLANK, " ")))
    for number, option in enumerate(item["options"]):
        words = tokens(option["text"])
        if number in item["key"] or len(words) > 5 or len(asked) < 3:
            continue
        rest = asked - set(content(option["text"]))
        for text in texts.values():
            for _, sentence in sentences(text):
                has_words = f" {' '.join(words)} " in f" {' '.join(tokens(sentence))} "
                if has_words and len(rest & set(content(sentence))) >= 0.6 * len(rest):
                    yield f"{option['text']!r} may be right too"


def between_items(items, texts):
    for one, other in ((a, b) for number, a in enumerate(items) for b in items[number + 1 :]):
        mine, theirs = set(tokens(one["stem"])), set(tokens(other["stem"]))
        if len(mine & theirs) >= 0.8 * len(mine | theirs):
            yield f"two stems are nearly equal: {one['stem'][:60]!r}"
        if one["evidence"] == other["evidence"] and key_texts(one) == key_texts(other):
            yield f"the same evidence and key twice: {one['stem'][:60]!r}"
        if one["id"] == other["id"]:
            yield f"one id twice: {one['id']}"
    used = {}
    for item in items:
        here = {
            (span["section"], start)
            for span in item["evidence"]
            for start, sentence in sentences(texts[span["section"]])
            if span["start"] < start + len(sentence) and start + 1 < span["end"] and is_asked(item, sentence)
        }
        for place in here:
            used[place] = used.get(place, 0) + 1
    yield from (f"{count} items on one sentence" for count in used.values() if count > 2)
    for item in items:
        for other in items:
            if item is not other and item["section"] == other["section"] and tells(item, other):
                yield f"{other['stem'][:50]!r} tells the key of {item['stem'][:50]!r}"
    judged = [key_texts(item)[0] for item in items if item["type"] == "true_false"]
    if len(judged) >= 5 and not 0.4 <= judged.count("True") / len(judged) <= 0.6:
        yield "true and false are not balanced"
    yield from shares(items)
    places = [item["key"][0] for item in items if item["type"] in CHOICE]
    if any(len(set(places[start : start + 4])) == 1 for start in range(len(places) - 3)):
        yield "four keys in a row in one place"


def is_asked(item, sentence):
    """Whether a sentence of the evidence is asked about, and does not only say whom another means by "he"."""
    texts = [item["stem"], *(key_texts(item) if item["type"] != "true_false" else ())]
    said = set(content(" ".join(texts)))
    most = max(len(said & set(content(span["quote"]))) for span in item["evidence"])
    return len(said & set(content(sentence))) >= most / 2


def tells(item, other):
    if item["type"] in {"true_false", "ordering", "matching"}:
        return False
    asked = "" if STATEMENT_STEM.search(other["stem"]) else other["stem"]  # it names its section only
    near = set(content(asked)) & set(content(" ".join(span["quote"] for span in item["evidence"])))
    shown = [other["stem"], *(option["text"] for option in other["options"])]
    keys = [f" {' '.join(tokens(text))} " for text in key_texts(item)]
    near -= TURNING
    return len(near) >= 2 and any(one in f" {' '.join(tokens(text))} " for one in keys for text in shown)


def shares(items):
    for name, limit in (("type", 0.5), ("recipe", 0.25)):
        for value in sorted({item[name] for item in items}):
            count = sum(item[name] == value for item in items)
            if len(items) >= 12 and count > limit * len(items):
                yield f"{count} of {len(items)} items are {value}"
