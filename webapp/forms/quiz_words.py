"""The words for a quiz's rules: each choice of the form, a whole quiz in one line, what somebody is granted.

Templates get this module as `words`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _now
from flask_babel import lazy_gettext as _

from webapp.models.quiz import AFTER_CLOSE, DURING, JUST_AFTER, LATER
from webapp.services.local_times import to_local
from webapp.services.score_files import plain_number

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from webapp.services.grants import Granted
    from webapp.services.quiz_settings import Rules

MINUTE = 60
WHOLE = 100

MODES = {
    "practice": _("Practice: the answer after each question, and nothing counts"),
    "check": _("Check of a section: the answers after the last question, as often as one likes"),
    "graded": _("Graded quiz: one attempt, questions mixed, results when you release them"),
}
CHECK = "check"
MODE_NAMES = {"practice": _("Practice"), "check": _("Section check"), "graded": _("Graded quiz")}
BEHAVIOURS = {
    "deferred": _("All together, when the quiz is handed in"),
    "immediate": _("Each by itself, once"),
    "tries": _("Each by itself, in several tries"),
}
CONFIDENCES = {
    "off": _("Not asked"),
    "asked": _("Asked, without effect on the points"),
    "marked": _("Asked, and marked: sure and wrong costs points"),
}
COUNTED = {
    "highest": _("The highest"),
    "average": _("The average of all"),
    "first": _("The first"),
    "last": _("The last"),
}
OVERDUE = {
    "submit": _("What was saved is handed in"),
    "expire": _("The attempt is closed without a score"),
}
RELEASES = {"at_once": _("At once"), "by_hand": _("When you release them")}
SHOWINGS = {
    "everything": _("Everything at once"),
    "afterwards": _("After handing in"),
    "points": _("Only points until it closes"),
    "closed": _("Nothing before it closes"),
    "own": _("As set below"),
}
SHOWN = {
    "show_response": _("Their answers"),
    "show_correctness": _("Right or not"),
    "show_points": _("Points"),
    "show_explanation": _("Explanation"),
    "show_key": _("The right answer"),
}
MOMENTS: Mapping[int, object] = {
    DURING: _("While answering"),
    JUST_AFTER: _("Just after handing in"),
    LATER: _("Later"),
    AFTER_CLOSE: _("Once it is closed"),
}

RULE_NAMES = {
    "item_limit": _("questions at most"),
    "mode": _("kind"),
    "behaviour": _("when a question is graded"),
    "tries_allowed": _("number of tries"),
    "try_penalty": _("less for each further try"),
    "offers_similar": _("similar questions"),
    "confidence": _("how sure learners are"),
    "is_counted": _("whether results count"),
    "counted": _("which attempt counts"),
    "attempts_allowed": _("attempts allowed"),
    "attempt_delay_s": _("pause between attempts"),
    "shuffles_options": _("mixed options"),
    "shuffles_questions": _("mixed questions"),
    "one_per_page": _("one question a page"),
    "allows_back": _("going back"),
    "shows_text": _("text while answering"),
    "access_code": _("access code"),
    "pass_percent": _("percent that pass"),
    "is_gate": _("opening the next section"),
    "opens_at": _("opening"),
    "due_at": _("due time"),
    "closes_at": _("end"),
    "late": _("late steps"),
    "time_limit_s": _("time limit"),
    "overdue": _("when the time is up"),
    "release": _("release of results"),
    "show_response": _("when answers are shown"),
    "show_correctness": _("when right or not is shown"),
    "show_points": _("when points are shown"),
    "show_explanation": _("when explanations are shown"),
    "show_key": _("when right answers are shown"),
}
"""What a page calls each rule that changes."""


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment by the clock of the course: 1 Dec 2026, 08:00."""
    return str(format_datetime(to_local(at, zone), "d MMM yyyy, HH:mm", rebase=False))


def minutes(seconds: int) -> str:
    """Whole minutes, rounded up: 30 min."""
    return str(_now("%(minutes)d min", minutes=-(-seconds // MINUTE)))


def summary(rules: Rules, question_count: int, zone: ZoneInfo, *, is_section: bool = True) -> str:
    """The rules of a section's quiz, or of the module's, in one line."""
    mode = MODE_NAMES[rules.mode] if is_section or rules.mode != CHECK else _("Check of the module")
    return " · ".join(str(part) for part in (mode, *_parts(rules, question_count, zone)))


def _parts(rules: Rules, question_count: int, zone: ZoneInfo) -> Iterator[object]:
    yield ngettext("%(num)d question", "%(num)d questions", question_count)
    if rules.attempts_allowed is None:
        yield _now("any number of attempts")
    else:
        yield ngettext("%(num)d attempt", "%(num)d attempts", rules.attempts_allowed)
    yield from _times(rules, zone)
    yield from _conditions(rules)


def _times(rules: Rules, zone: ZoneInfo) -> Iterator[str]:
    if rules.opens_at:
        yield _now("opens %(time)s", time=moment(rules.opens_at, zone))
    if rules.due_at:
        yield _now("due %(time)s", time=moment(rules.due_at, zone))
    if rules.late:
        yield _now("late until %(time)s", time=moment(rules.late[-1].until, zone))
    if rules.closes_at:
        yield _now("closes %(time)s", time=moment(rules.closes_at, zone))
    if rules.time_limit_s:
        yield minutes(rules.time_limit_s)


def _conditions(rules: Rules) -> Iterator[str]:
    if rules.access_code:
        yield _now("with an access code")
    if rules.pass_percent is not None:
        yield _now("passed with %(percent)d %%", percent=rules.pass_percent)
    if rules.is_gate:
        yield _now("opens the next section")
    if rules.release == "by_hand":
        yield _now("results released by hand")
    if not rules.is_counted:
        yield _now("does not count")


def factor(time_percent: int) -> str:
    """How many times as long: 1.5."""
    return plain_number(Decimal(time_percent) / WHOLE)


def granted(what: Granted, rules: Rules, zone: ZoneInfo) -> str:
    """What somebody is granted at a quiz with these rules: 60 min (30 x 2), closes 2 Dec 2026, 12:00."""
    return ", ".join(_granted_parts(what, rules, zone))


def _granted_parts(what: Granted, rules: Rules, zone: ZoneInfo) -> Iterator[str]:
    yield from _granted_time(what, rules.time_limit_s)
    for at, words in (
        (what.opens_at, _("opens %(time)s")),
        (what.due_at, _("due %(time)s")),
        (what.closes_at, _("closes %(time)s")),
    ):
        if at is not None:
            yield str(words) % {"time": moment(at, zone)}
    if what.attempts_allowed is not None:
        yield ngettext("%(num)d attempt", "%(num)d attempts", what.attempts_allowed)


def _granted_time(what: Granted, limit_s: int | None) -> Iterator[str]:
    base = what.time_limit_s or limit_s
    percent, extra = what.time_percent or WHOLE, what.extra_s or 0
    if base is not None and (percent != WHOLE or extra):
        working = str(-(-base // MINUTE))
        if percent != WHOLE:
            working += f" x {factor(percent)}"
        if extra:
            working += f" + {-(-extra // MINUTE)}"
        yield f"{minutes(base * percent // WHOLE + extra)} ({working})"
        return
    if what.time_limit_s is not None:
        yield minutes(what.time_limit_s)
    if percent != WHOLE:
        yield _now("time x %(factor)s", factor=factor(percent))
    if extra:
        yield _now("%(minutes)d min more", minutes=-(-extra // MINUTE))
