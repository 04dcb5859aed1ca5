"""What a browser may send of a quiz's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.forms import quiz_words as words
from webapp.forms.moments import Between, MomentField, WholeNumber, ZonedForm
from webapp.models.quiz import MODES
from webapp.services.quiz_presets import OWN, PRESETS, SHOWINGS, SHOWN_THINGS, Preset, showing_name
from webapp.services.quiz_rules import LateStep
from webapp.services.quiz_settings import FEWEST_TRIES, LATE_STEPS, MOST_TRIES, NAMES, Rules, fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

MINUTE = 60
MOST_QUESTIONS = 100
MOST_ATTEMPTS = 99
WHOLE = 100
A_WEEK = 7 * 24 * 60
"""In minutes, as all times of forms are."""
SAME = tuple(
    name
    for name in NAMES
    if name not in {"late", "allows_back", "attempt_delay_s", "time_limit_s", *SHOWN_THINGS}
)
"""Rules that a field of the same name holds as they are."""


def _choices(labels: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


CHOOSE = InputRequired(_("Choose one of these."))


class MomentsField(SelectMultipleField):
    """When one thing is shown: a box for each of the four moments."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: object, **kwargs: object) -> None:
        choices = [SelectChoice(bit, moment) for bit, moment in words.MOMENTS.items()]
        super().__init__(label, coerce=int, choices=choices, **kwargs)


class RulesForm(ZonedForm):
    """Everything about a quiz that can be set."""

    mode = HiddenField(validators=[AnyOf(MODES, message=_("Reload the page and try again."))])
    preset = RadioField(_("Begin from"), choices=_choices(words.MODES), validators=[CHOOSE])
    item_limit = WholeNumber(_("Questions at most"), validators=[Between(1, MOST_QUESTIONS)])
    behaviour = RadioField(
        _("When a question is graded"), choices=_choices(words.BEHAVIOURS), validators=[CHOOSE]
    )
    tries_allowed = WholeNumber(_("Number of tries"))
    try_penalty = WholeNumber(
        _("Less for each further try, in percent"), validators=[Optional(), Between(0, WHOLE)]
    )
    offers_similar = BooleanField(_("Offer a similar question after a mistake"))
    confidence = SelectField(
        _("How sure learners are"), choices=_choices(words.CONFIDENCES), validators=[CHOOSE]
    )
    is_counted = BooleanField(_("Results count: they reach scores and exports"))
    counted = RadioField(
        _("Which attempt counts, where there are several"),
        choices=_choices(words.COUNTED),
        validators=[CHOOSE],
    )
    attempts_allowed = WholeNumber(
        _("Attempts allowed"),
        description=_("Empty: any number."),
        validators=[Optional(), Between(1, MOST_ATTEMPTS)],
    )
    pause_min = WholeNumber(
        _("Pause between attempts, in minutes"), validators=[Optional(), Between(0, 52 * A_WEEK)]
    )
    shuffles_questions = BooleanField(_("Mix the questions"))
    shuffles_options = BooleanField(_("Mix the options of each question"))
    one_per_page = BooleanField(_("One question a page"))
    no_going_back = BooleanField(_("No going back to earlier questions"))
    shows_text = BooleanField(_("The text can be read while answering"))
    access_code = StringField(
        _("Access code"),
        description=_("Whoever starts has to enter it."),
        validators=[Optional(), Length(max=80, message=_("At most %(max)d characters."))],
        filters=[lambda text: (text or "").strip()],
    )
    pass_percent = WholeNumber(
        _("Percent of the points that pass"), validators=[Optional(), Between(1, WHOLE)]
    )
    is_gate = BooleanField(_("The next section opens when this is passed"))
    opens_at = MomentField(_("Opens"), validators=[Optional()])
    due_at = MomentField(_("Due"), validators=[Optional()])
    late_1_until = MomentField(_("Late, until"), validators=[Optional()])
    late_1_percent = WholeNumber(_("Percent, if late"), validators=[Optional(), Between(0, WHOLE)])
    late_2_until = MomentField(_("Later, until"), validators=[Optional()])
    late_2_percent = WholeNumber(_("Percent, if later"), validators=[Optional(), Between(0, WHOLE)])
    late_3_until = MomentField(_("Latest, until"), validators=[Optional()])
    late_3_percent = WholeNumber(_("Percent, if latest"), validators=[Optional(), Between(0, WHOLE)])
    closes_at = MomentField(_("Closes"), validators=[Optional()])
    time_limit_min = WholeNumber(
        _("Time limit, in minutes"),
        description=_("Empty: not timed."),
        validators=[Optional(), Between(1, A_WEEK)],
    )
    overdue = RadioField(_("When the time is up"), choices=_choices(words.OVERDUE), validators=[CHOOSE])
    release = RadioField(_("Results are released"), choices=_choices(words.RELEASES), validators=[CHOOSE])
    showing = SelectField(_("What is shown when"), choices=_choices(words.SHOWINGS), validators=[CHOOSE])
    show_response = MomentsField(words.SHOWN["show_response"])
    show_correctness = MomentsField(words.SHOWN["show_correctness"])
    show_points = MomentsField(words.SHOWN["show_points"])
    show_explanation = MomentsField(words.SHOWN["show_explanation"])
    show_key = MomentsField(words.SHOWN["show_key"])
    confirmed = HiddenField()
    seen = HiddenField()

    def __init__(self, zone: ZoneInfo, kind: str, rules: Rules) -> None:
        """A form over the rules that a quiz has."""
        super().__init__(zone, _data(rules))
        self.before = rules
        if not self.is_submitted():
            self.look_again(rules)
        if kind != "section":  # nothing comes after the module's quiz, and no text stands beside it
            del self.is_gate, self.shows_text

    def look_again(self, rules: Rules) -> None:
        """These are the rules that whoever saves this form has seen."""
        self.show_again({"seen": fingerprint(rules)})

    def validate_preset(self, field: RadioField) -> None:
        """Who chooses another kind sees what it means before it is saved."""
        if field.data in MODES and field.data != self.mode.data:
            raise ValidationError(_("Press “Use these rules” to fill them in below, then save."))

    def validate_tries_allowed(self, field: WholeNumber) -> None:
        """Several tries are a number of tries; elsewhere it does not matter."""
        if self.behaviour.data == "tries":
            Between(FEWEST_TRIES, MOST_TRIES)(self, field)
        field.errors = field.errors if self.behaviour.data == "tries" else []

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Each field by itself, then the late steps, of which each has a time and a percentage."""
        is_valid = bool(super().validate(extra_validators))
        was_empty = False
        for number in range(1, LATE_STEPS + 1):
            until, percent = self[f"late_{number}_until"], self[f"late_{number}_percent"]
            if until.errors or percent.errors:
                continue
            at_fault, message = _incomplete(until, percent, was_empty=was_empty)
            if at_fault is not None:
                at_fault.errors = [*at_fault.errors, message]
                is_valid = False
            was_empty = was_empty or until.data is None
        return is_valid

    def use_preset(self) -> bool:
        """Fill in the rules of the chosen preset; whether one was chosen."""
        preset = PRESETS.get(self.preset.data or "")
        if preset is None:
            self.preset.errors = [_("Choose one of these.")]
            return False
        self.show_again(_of_preset(preset))
        return True

    @property
    def rules(self) -> Rules:
        """The rules that were entered."""
        values: dict[str, Any] = {name: self[name].data for name in SAME if name in self}
        values |= {name: getattr(self.before, name) for name in SAME if name not in self}
        if self.behaviour.data != "tries":
            values |= {"tries_allowed": 1, "try_penalty": 0}
        values["try_penalty"] = values["try_penalty"] or 0
        values["offers_similar"] = values["offers_similar"] and self.behaviour.data != "deferred"
        return Rules(
            allows_back=not self.no_going_back.data,
            attempt_delay_s=(self.pause_min.data or 0) * MINUTE,
            time_limit_s=self.time_limit_min.data * MINUTE if self.time_limit_min.data else None,
            late=self._late,
            **values,
            **self._showing,
        )

    @property
    def _late(self) -> tuple[LateStep, ...]:
        pairs = [
            (self[f"late_{number}_until"].data, self[f"late_{number}_percent"].data)
            for number in range(1, LATE_STEPS + 1)
        ]
        return tuple(LateStep(until, percent) for until, percent in pairs if until is not None)

    @property
    def _showing(self) -> dict[str, Any]:
        if self.showing.data == OWN:
            return {name: sum(self[name].data or ()) for name in SHOWN_THINGS}
        chosen = SHOWINGS[self.showing.data]
        return {name: getattr(chosen, name) for name in SHOWN_THINGS}


def _incomplete(until: MomentField, percent: WholeNumber, *, was_empty: bool) -> tuple[Field | None, object]:
    """The field of a late step that lacks something, and what."""
    if until.data is None and percent.data is not None:
        return until, _("Say until when it earns so much.")
    if until.data is not None and percent.data is None:
        return percent, _("Say how many percent it earns until then.")
    if until.data is not None and was_empty:
        return until, _("Use the step before this one first.")
    return None, ""


def _bits(moments: int) -> list[int]:
    return [bit for bit in words.MOMENTS if moments & bit]


def _data(rules: Rules) -> dict[str, object]:
    """The form's fields as they stand for these rules."""
    data: dict[str, object] = {name: getattr(rules, name) for name in SAME}
    data |= {name: _bits(getattr(rules, name)) for name in SHOWN_THINGS}
    data |= {
        "preset": rules.mode,
        "tries_allowed": rules.tries_allowed if rules.behaviour == "tries" else None,
        "try_penalty": rules.try_penalty or None,
        "pause_min": rules.attempt_delay_s // MINUTE or None,
        "no_going_back": not rules.allows_back,
        "time_limit_min": -(-rules.time_limit_s // MINUTE) if rules.time_limit_s else None,
        "showing": showing_name(rules.showing),
    }
    for number, step in enumerate(rules.late[:LATE_STEPS], 1):
        data |= {f"late_{number}_until": step.until, f"late_{number}_percent": step.percent}
    return data


def _of_preset(preset: Preset) -> dict[str, object]:
    """The fields that a preset fills in."""
    filled = _data(Rules(item_limit=1, **cast("dict[str, Any]", preset.values())))
    names = {*preset.values(), "preset", "pause_min", "no_going_back", "showing"}
    return {name: value for name, value in filled.items() if name in names}
