"""What a browser may send about a question that was asked already: what becomes of the answers so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from webapp.services.regrade import Order

if TYPE_CHECKING:
    from webapp.services.regrade import RegradePage

ACCEPT = "accept"
MAX_REASON = 500
LABELS = {
    "key": _("Grade them by the question as it is now (new key)"),
    "either": _("Accept both keys: whichever earns more"),
    ACCEPT: _("Accept one more typed answer"),
    "full": _("Full credit for everybody who was asked"),
    "drop": _("Drop the question: it counts neither as earned nor as possible"),
}


class RegradeForm(FlaskForm):
    """The choices for one item."""

    kind = RadioField(
        _("What should happen to the answers given so far?"),
        validators=[InputRequired(_("Choose what should happen to the answers."))],
    )
    accept = SelectField(_("The answer to accept"), validators=[Optional()])
    never_lowers = BooleanField(_("Nobody's score goes down"), default=True)
    reason = StringField(
        _("Reason"),
        description=_("Kept with the change, for whoever asks later."),
        validators=[Optional(), Length(max=MAX_REASON, message=_("At most %(max)d characters."))],
    )
    seen = HiddenField()

    def __init__(self, page: RegradePage) -> None:
        """A form over what can be chosen for this item."""
        super().__init__()
        names = [*page.kinds, *([ACCEPT] if page.typed else [])]
        self.kind.choices = [SelectChoice(name, LABELS[name]) for name in LABELS if name in names]
        self.accept.choices = [SelectChoice("", _("Choose an answer"))] + [
            SelectChoice(text, f"{text} ({count})") for text, count in page.typed
        ]

    def validate_accept(self, field: SelectField) -> None:
        """Who accepts an answer says which."""
        if self.kind.data == ACCEPT and not field.data:
            raise ValidationError(_("Choose the answer to accept."))

    def order(self) -> Order:
        """What was decided."""
        accepts = self.kind.data == ACCEPT
        return Order(
            kind="either" if accepts else self.kind.data,
            never_lowers=bool(self.never_lowers.data),
            reason=self.reason.data or "",
            accept=self.accept.data if accepts else "",
        )
