"""Which language a text is in, so that its pages say so to screen readers and hyphenation.

A guess by the commonest small words and by script, good for whole texts; the instructor can correct it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

UNKNOWN = "und"
SAMPLE_LENGTH = 20_000
SMALLEST_SHARE = 0.08

LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English",
    "ar": "العربية",
    "zh": "中文",
    "cs": "Čeština",
    "da": "Dansk",
    "nl": "Nederlands",
    "fr": "Français",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "he": "עברית",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "fa": "فارسی",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "es": "Español",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    UNKNOWN: "Another language",
}
"""What an instructor can choose from, each language under its own name."""

_SMALL_WORDS = {
    "en": "the of and to in is that was for it with as on are this by from",
    "fr": "le la les de des du et est une dans que qui pour pas sur au",
    "de": "der die das und ist nicht ein eine den mit von zu auf für im",
    "es": "el la los las de que y en una es por con para se del",
    "it": "il la gli di che e un una per non è con del della sono",
    "pt": "o os as de que e do da em um uma para com não é",
    "nl": "de het een en van is dat niet met op voor zijn te aan",
    "sv": "och att det som en är på av för med den inte till",
    "da": "og at det en er på af for med den ikke til som",
    "pl": "i w nie na się z że do jest to od przez jak",
    "cs": "a v se na je že s z do to jako pro ve by",
    "tr": "ve bir bu da de için ile çok olarak daha gibi olan",
    "ru": "и в не на что он с как это по из для",  # noqa: RUF001 (Russian)
    "uk": "і в не на що він з як це та до для",  # noqa: RUF001 (Ukrainian)
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_SCRIPTS = (
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CJK", "zh"),
    ("ARABIC", "ar"),
    ("HEBREW", "he"),
    ("GREEK", "el"),
    ("DEVANAGARI", "hi"),
    ("THAI", "th"),
)


def guess_language(text: str) -> str:
    """The code of the language of a text, or "und" where none is likely."""
    sample = text[:SAMPLE_LENGTH].casefold()
    words = re.findall(r"[^\W\d_]+", sample)
    if not words:
        return UNKNOWN
    shares = {
        language: sum(word in small for word in words) / len(words) for language, small in _WORDS.items()
    }
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= SMALLEST_SHARE else _by_script(sample)


def _by_script(sample: str) -> str:
    counts: Counter[str] = Counter()
    letters = [char for char in sample if char.isalpha()]
    for char in letters:
        name = unicodedata.name(char, "")
        counts.update(language for script, language in _SCRIPTS if name.startswith(script))
    if counts["ja"] > len(letters) / 20:
        return "ja"  # kana among ideographs
    language, count = counts.most_common(1)[0] if counts else (UNKNOWN, 0)
    return language if count > len(letters) / 2 else UNKNOWN
