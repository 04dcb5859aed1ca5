"""What a learner may send about a question."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from webapp.services.reports import COMMENT_LENGTH_MAX


class ReportForm(FlaskForm):
    """A report."""

    comment = TextAreaField(
        _("What is the problem?"),
        description=_("For example: two answers are right, or the text says something else."),
        validators=[
            Optional(),
            Length(max=COMMENT_LENGTH_MAX, message=_("Keep it to %(max)d characters.")),
        ],
    )
