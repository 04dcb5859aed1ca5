"""What a browser may send to administer accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

MAX_SEARCH_CHARACTERS = 120
MAX_NOTE_CHARACTERS = 200
ROLE_CHOICES = (
    SelectChoice("learner", _("Learner: reads and answers")),
    SelectChoice("instructor", _("Instructor: makes modules, reviews questions, sees scores")),
    SelectChoice("administrator", _("Administrator: everything, and the accounts")),
)


class RoleForm(FlaskForm):
    """What an account may do on the whole site."""

    role = RadioField(_("Role"), choices=ROLE_CHOICES)


class InviteForm(FlaskForm):
    """For whom an invitation is."""

    note = StringField(
        _("Whom it is for"),
        description=_("Only for your own list; nothing is sent."),
        validators=[Optional(), Length(max=MAX_NOTE_CHARACTERS)],
    )
