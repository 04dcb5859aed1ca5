"""What a browser may send of a score export: shape, attempt that counts, format."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired


class ScoreExportForm(FlaskForm):
    """The choices of an export; every one has a default that is right for a gradebook."""

    profile = RadioField(
        _("One row for each"),
        choices=[
            SelectChoice("wide", _("learner, with points per section")),
            SelectChoice("long", _("answer, with everything about it")),
        ],
        default="wide",
        validators=[InputRequired(_("Choose what one row stands for."))],
    )
    which = RadioField(
        _("Which attempt counts"),
        choices=[
            SelectChoice("best", _("the best")),
            SelectChoice("first", _("the first")),
            SelectChoice("last", _("the last")),
        ],
        default="best",
        description=_("Only for one row per learner; the rows per answer hold all attempts."),
        validators=[InputRequired(_("Choose the attempt that counts."))],
    )
    file_format = RadioField(
        _("File format"),
        choices=[
            SelectChoice("csv", "CSV"),
            SelectChoice("xlsx", "XLSX (Excel)"),
            SelectChoice("json", "JSON"),
        ],
        default="csv",
        validators=[InputRequired(_("Choose a file format."))],
    )
