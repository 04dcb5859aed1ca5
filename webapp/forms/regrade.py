"""What a browser may send about a question that was asked already: what becomes of the answers so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext as _n
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from webapp.services.regrade import Order

if TYPE_CHECKING:
    from webapp.services.errors import Refused
    from webapp.services.regrade_page import RegradePage

TYPO, ACCEPT = "typo", "accept"
MAX_REASON = 500
LABELS = {
    TYPO: _("Leave the scores: only words were mended"),
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
    accept = SelectField(
        _("The answer to accept"),
        description=_("Answers that earned nothing, with how many gave each."),
        validate_choice=False,
    )
    reach = RadioField(
        _("Full credit and dropping hold for"),
        description=_("Everything else holds for those who answered before the question was edited."),
        validate_choice=False,
    )
    never_lowers = BooleanField(_("Nobody's score goes down"), default=True)
    reason = StringField(
        _("Reason"),
        description=_("Kept with the change, for whoever asks later."),
        validators=[Optional(), Length(max=MAX_REASON, message=_("At most %(max)d characters."))],
    )
    seen = HiddenField()

    def __init__(self, page: RegradePage) -> None:
        """A form over what can be chosen for this item."""
        is_typo = page.asked is not None and page.is_typo_only
        super().__init__(data={"kind": TYPO if is_typo else None, "reach": page.reach})
        names = [*([TYPO] if page.asked else []), *page.kinds, *([ACCEPT] if page.typed else [])]
        self.kind.choices = [SelectChoice(name, LABELS[name]) for name in LABELS if name in names]
        self.accept.choices = [SelectChoice("", _("Choose an answer"))] + [
            SelectChoice(text, f"{text} ({count})") for text, count in page.typed
        ]
        self.reach.choices = [
            SelectChoice(
                "earlier",
                _n(
                    "Who was asked it before it was edited (%(num)d attempt)",
                    "Who was asked it before it was edited (%(num)d attempts)",
                    page.earlier,
                ),
            ),
            SelectChoice(
                "all",
                _n(
                    "Who was asked it as it is now, too (%(num)d attempt more)",
                    "Who was asked it as it is now, too (%(num)d attempts more)",
                    page.now,
                ),
            ),
        ]

    def validate_accept(self, field: SelectField) -> None:
        """Who accepts an answer says which; for every other choice it does not matter."""
        if self.kind.data == ACCEPT and field.data not in [
            choice.value for choice in field.choices if choice.value
        ]:
            raise ValidationError(_("Choose the answer to accept."))

    def refuse(self, refusal: Refused) -> None:
        """Say at its field why something was refused."""
        self[refusal.field].errors = [refusal.message]

    @property
    def is_typo_only(self) -> bool:
        """Whether scores are to stay as they are."""
        return bool(self.kind.data == TYPO)

    def order(self) -> Order:
        """What was decided."""
        accepts = self.kind.data == ACCEPT
        return Order(
            kind="either" if accepts else self.kind.data,
            never_lowers=bool(self.never_lowers.data),
            reason=self.reason.data or "",
            accept=self.accept.data if accepts else "",
            reach="all" if self.reach.data == "all" else "earlier",
        )
