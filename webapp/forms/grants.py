"""What a browser may send of extra time and exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _now
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from webapp.forms.moments import Between, MomentField, WholeNumber, ZonedForm
from webapp.forms.quizzes import A_WEEK, MINUTE, MOST_ATTEMPTS
from webapp.services.grants import Granted, Wish

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from webapp.services.grants import GrantLine, GrantPage

LEAST_PERCENT, MOST_PERCENT = 100, 400
SAME = ("opens_at", "due_at", "closes_at", "attempts_allowed", "time_percent")
"""What a field of the same name holds as it is."""


class GrantForm(ZonedForm):
    """One grant: whose, where, and what."""

    who = SelectField(_("For"), validators=[InputRequired(_("Choose a learner or a cohort."))])
    scope = RadioField(
        _("Where"),
        choices=[
            SelectChoice("quiz", _("In this quiz")),
            SelectChoice("course", _("In every quiz of the course")),
        ],
        default="quiz",
        validators=[InputRequired(_("Choose where it holds."))],
    )
    time_percent = WholeNumber(
        _("Time in percent of the limit"),
        description=_("200 is twice as long. Where there is a time limit."),
        validators=[Optional(), Between(LEAST_PERCENT, MOST_PERCENT)],
    )
    extra_min = WholeNumber(
        _("Or so many minutes more"),
        description=_("Without a time limit, all times move by as much."),
        validators=[Optional(), Between(1, A_WEEK)],
    )
    time_limit_min = WholeNumber(_("Own time limit, in minutes"), validators=[Optional(), Between(1, A_WEEK)])
    opens_at = MomentField(_("Opens"), validators=[Optional()])
    due_at = MomentField(_("Due"), validators=[Optional()])
    closes_at = MomentField(_("Closes"), validators=[Optional()])
    attempts_allowed = WholeNumber(_("Attempts allowed"), validators=[Optional(), Between(1, MOST_ATTEMPTS)])
    note = TextAreaField(
        _("Note"),
        description=_("Only for those who teach this course."),
        validators=[Optional(), Length(max=500, message=_("At most %(max)d characters."))],
    )

    seen = HiddenField()
    """The fingerprint of the grant that was looked at."""

    def __init__(self, zone: ZoneInfo, page: GrantPage, line: GrantLine | None = None) -> None:
        """A form for a new grant, or over one that is there, whose people and place stay."""
        super().__init__(zone, _data(line) if line else {})
        if line is not None:
            del self.who, self.scope
            if not self.is_submitted():
                self.look_again(line)
            return
        del self.seen
        self.who.choices = [
            SelectChoice("", _("Choose")),
            *(SelectChoice(value, name, optgroup=_now("Learners")) for value, name in page.learners),
            *(SelectChoice(value, name, optgroup=_now("Cohorts")) for value, name in page.cohorts),
        ]

    def look_again(self, line: GrantLine) -> None:
        """What whoever saves the form has seen is this."""
        self.show_again({"seen": line.fingerprint})

    @property
    def granted(self) -> Granted:
        """What was entered."""
        values = {name: self[name].data for name in SAME}
        return Granted(
            extra_s=self.extra_min.data * MINUTE if self.extra_min.data else None,
            time_limit_s=self.time_limit_min.data * MINUTE if self.time_limit_min.data else None,
            note=(self.note.data or "").strip(),
            **values,
        )

    @property
    def wish(self) -> Wish:
        """To whom, where, and what."""
        return Wish(self.who.data, self.scope.data == "course", self.granted)


def _data(line: GrantLine) -> dict[str, object]:
    granted = line.granted
    return {
        **{name: getattr(granted, name) for name in (*SAME, "note")},
        "extra_min": -(-granted.extra_s // MINUTE) if granted.extra_s else None,
        "time_limit_min": -(-granted.time_limit_s // MINUTE) if granted.time_limit_s else None,
    }
