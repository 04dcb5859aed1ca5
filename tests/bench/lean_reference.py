"""The least an application of this kind can be: the same tables and pages' content, and nothing around it.

No accounts (a plain cookie names the learner), no CSRF, no authorization beyond "is it theirs", no headers, no
reading preferences, no translation; one flat template, Core statements, storage as safe as the real one's. Its
pages hold what a learner needs: the text, the questions with the same controls, feedback and evidence, the way on.
bench_learner.py runs it beside the real application: how much dearer may everything else be?

    READCHECK_DATA=<folder> granian --interface wsgi --blocking-threads 32 tests.bench.lean_reference:served
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, jsonify, request
from flask_compress import Compress
from markupsafe import Markup
from sqlalchemy import bindparam, insert, select, update

from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.cli.body_first import BodyFirst
from webapp.config import Settings
from webapp.database import WRITES, make_engine
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Module, Section, SectionVersion
from webapp.models.quiz import Quiz

app = Flask(__name__)
app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_LEVEL=1, COMPRESS_BR_LEVEL=1)
app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
Compress(app)
engine = make_engine(Settings.from_environment())
writer = engine.execution_options(**{WRITES: True})

attempts, slots, quizzes = Attempt.__table__, AttemptSlot.__table__, Quiz.__table__
versions, items, events = ItemVersion.__table__, Item.__table__, AnswerEvent.__table__
modules, sections, texts = Module.__table__, Section.__table__, SectionVersion.__table__

TEXT = (
    select(texts.c.heading, texts.c.html, sections.c.id, sections.c.module_id, modules.c.title)
    .join(sections, sections.c.current_version_id == texts.c.id)
    .join(modules, modules.c.id == sections.c.module_id)
    .where(modules.c.slug == bindparam("slug"), sections.c.position == bindparam("number"))
)
SECTIONS = (
    select(sections.c.id, texts.c.heading)
    .join(texts, texts.c.id == sections.c.current_version_id)
    .where(sections.c.module_id == bindparam("module_id"), sections.c.removed_at.is_(None))
    .order_by(sections.c.position)
)
MODULE_OF_ATTEMPT = (
    select(modules.c.id, modules.c.slug, modules.c.title)
    .join(quizzes, quizzes.c.module_id == modules.c.id)
    .join(attempts, attempts.c.quiz_id == quizzes.c.id)
    .where(attempts.c.id == bindparam("attempt_id"))
)
SLOTS = (
    select(
        slots.c.attempt_id,
        slots.c.position,
        versions.c.content,
        slots.c.option_order,
        slots.c.response,
        slots.c.status,
        items.c.section_id,
        slots.c.score,
        items.c.level,
    )
    .join(attempts, attempts.c.id == slots.c.attempt_id)
    .join(versions, versions.c.id == slots.c.item_version_id)
    .join(items, items.c.id == versions.c.item_id)
    .where(attempts.c.account_id == bindparam("account_id"))
    .order_by(slots.c.position)
)
SECTION_SLOTS = SLOTS.join(quizzes, quizzes.c.id == attempts.c.quiz_id).where(
    quizzes.c.section_id == bindparam("section_id"), attempts.c.state == "open"
)
ATTEMPT_SLOTS = SLOTS.where(attempts.c.id == bindparam("attempt_id"), attempts.c.state == "released")
SLOT = (
    select(versions.c.content, slots.c.response, attempts.c.sequence, attempts.c.state, slots.c.checked_at)
    .join(attempts, attempts.c.id == slots.c.attempt_id)
    .join(versions, versions.c.id == slots.c.item_version_id)
    .where(
        attempts.c.id == bindparam("attempt_id"),
        attempts.c.account_id == bindparam("account_id"),
        slots.c.position == bindparam("position"),
    )
)
ADD_EVENT = insert(events)
SET_SLOT = (
    update(slots)
    .where(slots.c.attempt_id == bindparam("a"), slots.c.position == bindparam("p"))
    .values(response=bindparam("response"), sequence=bindparam("sequence"), saved_at=bindparam("saved_at"))
)
SET_ATTEMPT = (
    update(attempts)
    .where(attempts.c.id == bindparam("a"))
    .values(sequence=bindparam("sequence"), saved_at=bindparam("saved_at"))
)

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{{ heading }} – {{ title }}</title>
  <link rel="stylesheet" href="/static/lean.css">
</head>
<body>
<header class="masthead"><a href="/">Lean</a> <a href="/progress">My progress</a></header>
<main>
<div class="place"><p><a href="/m/{{ slug }}">{{ title }}</a></p>
{% if count %}<progress value="{{ number }}" max="{{ count }}"></progress> Section {{ number }} of {{ count }}{% endif %}</div>
<section class="passage"><h1>{{ heading }}</h1>{{ html }}</section>
<section class="check">
{% if shares %}
<h2>Worth reading again</h2>
<ul>{% for name, place, points, possible in shares if points < possible %}<li><a href="/m/{{ slug }}/{{ place }}">{{ name }}</a> {{ points }} of {{ possible }}</li>{% endfor %}</ul>
<table><caption>By section</caption><thead><tr><th scope="col">Section</th><th scope="col">Points</th></tr></thead><tbody>
{% for name, place, points, possible in shares %}<tr><th scope="row" dir="auto">{{ name }}</th><td>{{ points }} of {{ possible }}</td></tr>{% endfor %}
</tbody></table>
<table><caption>By kind of question</caption><thead><tr><th scope="col">Kind</th><th scope="col">Points</th></tr></thead><tbody>
{% for name, points, possible in levels %}<tr><th scope="row">{{ name }}</th><td>{{ points }} of {{ possible }}</td></tr>{% endfor %}
</tbody></table>
<form method="post" action="/m/{{ slug }}/quiz"><button>Try the quiz again</button></form>
<a href="/attempts/{{ attempt }}/receipt">Download the receipt</a>
{% endif %}
{% for heading, part in parts %}
{% if heading %}<h2>{{ heading }}</h2>{% endif %}
<form method="post" action="/attempts/{{ attempt }}/responses">
{% for slot in part %}
  <fieldset class="question" id="q{{ slot.position }}">
    <legend class="stem"><span class="question-number">Question {{ slot.position }} of {{ total }}</span> <span dir="auto">{{ slot.item.stem }}</span></legend>
    <input type="hidden" name="position" value="{{ slot.position }}">
    {% if slot.status %}
      <ul class="choices">
      {% for index in slot.order %}
        <li class="choice{% if index in slot.item.key %} is-right{% elif slot.response.choice == index %} is-wrong{% endif %}">
          <span class="letter">{{ "ABCDEFGHIJ"[loop.index0] }}</span> <span dir="auto">{{ slot.item.options[index].text }}</span>
          {% if index in slot.item.key %}<span class="note">right answer</span>{% elif slot.response.choice == index %}<span class="note">your answer</span>{% endif %}
        </li>
      {% endfor %}
      </ul>
      <div class="feedback feedback-{{ slot.status }}" tabindex="-1">
        <p class="verdict">{{ slot.status }}. The answer is {{ slot.key }}</p>
        <p>{{ slot.feedback }}</p><p>{{ slot.item.explanation }}</p>
        {% for span in slot.item.evidence %}<blockquote dir="auto">{{ span.quote }}</blockquote>
        <p><a href="/m/{{ slug }}/{{ number }}?mark={{ span.start }}-{{ span.end }}">Show evidence</a></p>{% endfor %}
      </div>
    {% else %}
      {% if slot.item.type == "gap_text" %}
        <div class="field"><label for="s{{ slot.position }}">Your answer</label>
        <input id="s{{ slot.position }}" type="text" name="s{{ slot.position }}-text" value="{{ slot.response.text }}" dir="auto" autocomplete="off"></div>
      {% elif slot.item.type == "ordering" %}
        <ol class="order choices">
        {% for index in slot.order %}
          <li class="choice"><select id="s{{ slot.position }}-{{ index }}" name="s{{ slot.position }}-place-{{ index }}">
          {% for place in slot.order %}<option value="{{ loop.index }}">{{ loop.index }}</option>{% endfor %}</select>
          <label for="s{{ slot.position }}-{{ index }}" dir="auto">{{ slot.item.options[index].text }}</label></li>
        {% endfor %}
        </ol>
      {% elif slot.item.type == "matching" %}
        {% set half = slot.order | length // 2 %}
        <ul class="match choices">
        {% for index in slot.order[:half] %}
          <li class="choice"><label for="s{{ slot.position }}-{{ index }}" dir="auto">{{ slot.item.options[index].text }}</label>
          <select id="s{{ slot.position }}-{{ index }}" name="s{{ slot.position }}-match-{{ index }}">
          {% for answer in slot.order[half:] %}<option value="{{ answer }}">{{ slot.item.options[answer].text }}</option>{% endfor %}</select></li>
        {% endfor %}
        </ul>
      {% else %}
        <div class="choices">
        {% for index in slot.order %}
          <label class="choice"><input type="radio" name="s{{ slot.position }}-choice" value="{{ index }}"{% if slot.response.choice == index %} checked{% endif %}>
          <span class="letter">{{ "ABCDEFGHIJ"[loop.index0] }}</span> <span dir="auto">{{ slot.item.options[index].text }}</span></label>
        {% endfor %}
        </div>
      {% endif %}
      <div class="buttons"><button formaction="/attempts/{{ attempt }}/{{ slot.position }}/check">Check answer</button>
      <button name="clear" value="{{ slot.position }}">Clear my answer</button></div>
    {% endif %}
  </fieldset>
{% endfor %}
</form>
{% endfor %}
</section>
{% if count %}<nav class="pager">{% if number > 1 %}<a href="/m/{{ slug }}/{{ number - 1 }}">Back</a>{% endif %}
{% if number < count %}<form method="post" action="/m/{{ slug }}/{{ number + 1 }}/open"><button>Continue</button></form>{% endif %}</nav>{% endif %}
</main>
</body></html>"""
TEMPLATE = app.jinja_env.from_string(PAGE)


def learner() -> int:
    """Whoever the cookie says."""
    return int(request.cookies["learner"])


def shown(rows: Any) -> list[dict[str, Any]]:
    """Slots as the template wants them."""
    out = []
    for _attempt, position, content, order, response, status, *_more in rows:
        item = item_from_json(content)
        slot = {
            "position": position,
            "item": item,
            "order": order,
            "response": response or {},
            "status": status,
        }
        if status:
            slot["key"] = item_type(item.type).key_text(item)
            slot["feedback"] = item_type(item.type).grade(item, response or {}).feedback
        out.append(slot)
    return out


@app.get("/empty")
def empty() -> str:
    """The least a view can do."""
    return "ok"


@app.get("/m/<slug>/<int:number>")
def section(slug: str, number: int) -> str:
    """A section's text and the questions of the open check."""
    with engine.connect() as connection:
        found = connection.execute(TEXT, {"slug": slug, "number": number}).first() or abort(404)
        there = connection.execute(SECTIONS, {"module_id": found.module_id}).all()
        rows = connection.execute(SECTION_SLOTS, {"account_id": learner(), "section_id": found.id}).all()
    return TEMPLATE.render(
        title=found.title,
        slug=slug,
        heading=found.heading,
        html=Markup(found.html),  # noqa: S704 (made by our own section_html)
        number=number,
        count=len(there),
        attempt=rows[0][0] if rows else 0,
        parts=[("", shown(rows))],
        shares=[],
        total=len(rows),
    )


@app.post("/attempts/<int:attempt_id>/responses")
def save(attempt_id: int) -> Any:
    """One answer, with its event, in one transaction."""
    form = request.form
    position = int(form["position"])
    prefix = f"s{position}-"
    with writer.connect() as connection:
        found = connection.execute(
            SLOT, {"attempt_id": attempt_id, "account_id": learner(), "position": position}
        ).first() or abort(404)
        if found.state != "open" or found.checked_at is not None:
            abort(409)
        item = item_from_json(found.content)
        fields = {name.removeprefix(prefix): form.getlist(name) for name in form if name.startswith(prefix)}
        response = dict(item_type(item.type).read(item, fields))
        now, sequence = datetime.now(UTC), found.sequence + 1
        connection.execute(
            ADD_EVENT,
            {
                "attempt_id": attempt_id,
                "position": position,
                "client_id": form["client_id"],
                "client_sequence": int(form["client_sequence"]),
                "sequence": sequence,
                "response": response,
                "saved_at": now,
            },
        )
        both = {"a": attempt_id, "sequence": sequence, "saved_at": now}
        connection.execute(SET_SLOT, {**both, "p": position, "response": response})
        connection.execute(SET_ATTEMPT, both)
        connection.commit()
    return jsonify(position=position, sequence=sequence, stored=response, saved_at=now.isoformat())


@app.get("/attempts/<int:attempt_id>/result")
def result(attempt_id: int) -> str:
    """Every question with its feedback and evidence, section by section."""
    with engine.connect() as connection:
        rows = connection.execute(ATTEMPT_SLOTS, {"account_id": learner(), "attempt_id": attempt_id}).all()
        if not rows:
            abort(404)
        module = connection.execute(MODULE_OF_ATTEMPT, {"attempt_id": attempt_id}).one()
        there = connection.execute(SECTIONS, {"module_id": module.id}).all()
    parts, shares = [], []
    levels: dict[str, list[Any]] = {}
    for number, section in enumerate(there, start=1):
        own = [row for row in rows if row.section_id == section.id]
        if own:
            parts.append((section.heading, shown(own)))
            shares.append((section.heading, number, sum(row.score for row in own), len(own)))
        for row in own:
            levels.setdefault(row.level, []).append(row.score)
    right = sum(row.status == "correct" for row in rows)
    return TEMPLATE.render(
        title=module.title,
        slug=module.slug,
        heading=f"Your result: {right} of {len(rows)}",
        html="",
        number=0,
        count=0,
        attempt=attempt_id,
        parts=parts,
        shares=shares,
        levels=[(level, sum(scores), len(scores)) for level, scores in levels.items()],
        total=len(rows),
    )


served = BodyFirst(app)
"""Behind the same front as the real application."""
