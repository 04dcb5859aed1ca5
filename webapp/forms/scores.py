"""What a browser may send of a score export: whose, which shape and attempt, columns, format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.services.scores import CHOSEN, EVERYBODY, cohort_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.services.scores import Column, ExportOffer


class TicksField(SelectMultipleField):
    """Any number of choices, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ScoreExportForm(FlaskForm):
    """The choices of an export; every one has a default that is right for a gradebook."""

    who = RadioField(
        _("Whose scores"), default=EVERYBODY, validators=[InputRequired(_("Choose whose scores."))]
    )
    learners = TicksField(_("Learners"), coerce=int)
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
            SelectChoice("counted", _("as each quiz says")),
            SelectChoice("best", _("the best")),
            SelectChoice("first", _("the first")),
            SelectChoice("last", _("the last")),
        ],
        default="counted",
        description=_("Only for one row per learner; the rows per answer hold all attempts."),
        validators=[InputRequired(_("Choose the attempt that counts."))],
    )
    wide_columns = TicksField(_("Columns of one row per learner"))
    long_columns = TicksField(_("Columns of one row per answer"))
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

    def __init__(self, offer: ExportOffer) -> None:
        """A form over what the module has; before anything was sent every column is ticked."""
        columns = {"wide_columns": offer.wide_columns, "long_columns": offer.long_columns}
        super().__init__(data={name: [column.key for column in of] for name, of in columns.items()})
        self.who.choices = [
            SelectChoice(EVERYBODY, _("everybody")),
            *(
                SelectChoice(cohort_key(cohort), _("the cohort %(name)s", name=cohort.name))
                for cohort in offer.cohorts
            ),
            *([SelectChoice(CHOSEN, _("learners I choose"))] if offer.learners else []),
        ]
        self.learners.choices = [
            SelectChoice(account_id, f"{name} ({username})" if username else name)
            for account_id, name, username in offer.learners
        ]
        self.wide_columns.choices = _choices(offer.wide_columns)
        self.long_columns.choices = _choices(offer.long_columns)

    @property
    def column_keys(self) -> Sequence[str]:
        """The columns that were ticked for the shape that was chosen."""
        chosen: Sequence[str] = (self.wide_columns if self.profile.data == "wide" else self.long_columns).data
        return chosen

    def validate_learners(self, field: TicksField) -> None:
        """Who chooses learners chooses one at least."""
        if self.who.data == CHOSEN and not field.data:
            raise ValidationError(_("Choose at least one learner."))

    def validate_wide_columns(self, field: TicksField) -> None:
        """A table has columns."""
        if self.profile.data == "wide" and not field.data:
            raise ValidationError(_("Choose at least one column."))

    def validate_long_columns(self, field: TicksField) -> None:
        """A table has columns."""
        if self.profile.data == "long" and not field.data:
            raise ValidationError(_("Choose at least one column."))


def _choices(columns: Sequence[Column]) -> list[SelectChoice]:
    return [SelectChoice(column.key, column.name) for column in columns]
