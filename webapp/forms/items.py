"""What a browser may send of an item, and of a decision about one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from webapp.forms.numbers import row_number
from webapp.services.item_fields import OPTIONS_MAX, PAIRS_MAX, STATEMENT_WORDS, ItemFields

STEM_LENGTH_MAX = 1000
OPTION_LENGTH_MAX = 500
TEXT_LENGTH_MAX = 4000


class ItemForm(FlaskForm):
    """One item of one type. Fields that the type has no use for are left out by its subclass."""

    item_type = ""
    version = HiddenField()
    """The wording the author saw, so that nobody overwrites another's change."""
    stem = TextAreaField(
        _("Question"),
        validators=[
            InputRequired(_("Write the question.")),
            Length(max=STEM_LENGTH_MAX, message=_("Keep the question to %(max)d characters.")),
        ],
    )
    explanation = TextAreaField(
        _("Explanation"),
        description=_("One or two sentences that every learner sees after answering."),
        validators=[Optional(), Length(max=TEXT_LENGTH_MAX)],
    )
    evidence = TextAreaField(
        _("Evidence"),
        description=_(
            "The sentence of the section that proves the answer, word for word; several go on a line each."
        ),
        validators=[InputRequired(_("Copy the sentence that proves the answer from the section."))],
    )

    def rebase(self, version: int | None) -> None:
        """From now on what was typed counts as typed over this wording."""
        self.version.process_data(version)
        self.version.raw_data = None

    @property
    def seen_version(self) -> int:
        """The wording the author saw; 0 where the form was tampered with."""
        try:
            return row_number(self.version.data or "")
        except ValueError:
            return 0

    def fields(self) -> ItemFields:
        """What was typed, in the form that services read."""
        return ItemFields(
            type=self.item_type,
            stem=self.stem.data or "",
            explanation=self.explanation.data or "",
            quotes=_lines(self.evidence.data),
        )

    def fill(self, fields: ItemFields) -> None:
        """Show an existing item."""
        self.stem.data = fields.stem
        self.explanation.data = fields.explanation
        self.evidence.data = "\n".join(fields.quotes)


class TrueFalseForm(ItemForm):
    """A statement that is true or false."""

    item_type = "true_false"
    key = RadioField(
        _("The statement is"),
        choices=[SelectChoice("0", _("true")), SelectChoice("1", _("false"))],
        validators=[InputRequired(_("Say whether the statement is true or false."))],
    )
    feedback_0 = StringField(
        _("Shown to who answers “true”"), validators=[Optional(), Length(max=OPTION_LENGTH_MAX)]
    )
    feedback_1 = StringField(
        _("Shown to who answers “false”"), validators=[Optional(), Length(max=OPTION_LENGTH_MAX)]
    )

    def fields(self) -> ItemFields:
        """The statement, its truth, and what is said to either answer."""
        base = super().fields()
        return ItemFields(
            type=base.type,
            stem=base.stem,
            options=STATEMENT_WORDS,
            feedback=(self.feedback_0.data or "", self.feedback_1.data or ""),
            key=int(self.key.data) if self.key.data else None,
            explanation=base.explanation,
            quotes=base.quotes,
        )

    def fill(self, fields: ItemFields) -> None:
        """Show an existing statement."""
        super().fill(fields)
        self.key.data = None if fields.key is None else str(fields.key)
        self.feedback_0.data, self.feedback_1.data = fields.feedback


class GapTextForm(ItemForm):
    """A sentence with a gap, answered by typing."""

    item_type = "gap_text"
    answers = TextAreaField(
        _("Right answers"),
        description=_("One a line. Case, accents, spaces and number formats are forgiven by themselves."),
        validators=[InputRequired(_("Give at least one right answer, one a line."))],
    )

    def fields(self) -> ItemFields:
        """The sentence and everything that fills its gap."""
        base = super().fields()
        return ItemFields(
            type=base.type,
            stem=base.stem,
            answers=_lines(self.answers.data),
            explanation=base.explanation,
            quotes=base.quotes,
        )

    def fill(self, fields: ItemFields) -> None:
        """Show an existing gap."""
        super().fill(fields)
        self.answers.data = "\n".join(fields.answers)


class OrderingForm(ItemForm):
    """Steps to be put in order."""

    item_type = "ordering"
    steps = TextAreaField(
        _("Steps"),
        description=_("One a line, in the right order. Learners see them in another."),
        validators=[InputRequired(_("Write the steps, one a line."))],
    )

    def fields(self) -> ItemFields:
        """The question and its steps."""
        base = super().fields()
        return ItemFields(
            type=base.type,
            stem=base.stem,
            options=_lines(self.steps.data),
            explanation=base.explanation,
            quotes=base.quotes,
        )

    def fill(self, fields: ItemFields) -> None:
        """Show existing steps."""
        super().fill(fields)
        self.steps.data = "\n".join(fields.options)


class MatchingForm(ItemForm):
    """Beginnings, each beside what belongs to it."""

    item_type = "matching"

    @property
    def pair_rows(self) -> list[tuple[StringField, StringField]]:
        """(prompt, answer) of each pair, in order."""
        return [(self[f"prompt_{index}"], self[f"match_{index}"]) for index in range(PAIRS_MAX)]

    def fields(self) -> ItemFields:
        """The question with the pairs that were filled in, be it by half."""
        base = super().fields()
        rows = [(prompt.data or "", match.data or "") for prompt, match in self.pair_rows]
        pairs = [row for row in rows if any(half.strip() for half in row)]
        return ItemFields(
            type=base.type,
            stem=base.stem,
            options=tuple(prompt for prompt, _match in pairs),
            answers=tuple(match for _prompt, match in pairs),
            explanation=base.explanation,
            quotes=base.quotes,
        )

    def fill(self, fields: ItemFields) -> None:
        """Show existing pairs."""
        super().fill(fields)
        for row, prompt, match in zip(self.pair_rows, fields.options, fields.answers, strict=False):
            row[0].data, row[1].data = prompt, match


for _index in range(PAIRS_MAX):
    for _name, _label in (
        (f"prompt_{_index}", _("Line %(number)d", number=_index + 1)),
        (f"match_{_index}", _("Belongs to line %(number)d", number=_index + 1)),
    ):
        setattr(
            MatchingForm,
            _name,
            StringField(_label, validators=[Optional(), Length(max=OPTION_LENGTH_MAX)]),
        )


class ChoiceForm(ItemForm):
    """A question or a gap with options, one of which is right."""

    key = RadioField(
        _("The right answer"),
        choices=[SelectChoice(str(index), "") for index in range(OPTIONS_MAX)],
        validators=[InputRequired(_("Mark the right answer."))],
    )

    @property
    def option_pairs(self) -> list[tuple[StringField, StringField]]:
        """(text, feedback) of each option, in order."""
        return [(self[f"option_{index}"], self[f"feedback_{index}"]) for index in range(OPTIONS_MAX)]

    def fields(self) -> ItemFields:
        """The question with the options that were filled in; the key counts among those."""
        base = super().fields()
        rows = [
            (index, text.data or "", feedback.data or "")
            for index, (text, feedback) in enumerate(self.option_pairs)
            if (text.data or "").strip()
        ]
        marked = int(self.key.data) if self.key.data else None
        places = [index for index, _text, _feedback in rows]
        return ItemFields(
            type=base.type,
            stem=base.stem,
            options=tuple(text for _index, text, _feedback in rows),
            feedback=tuple(feedback for _index, _text, feedback in rows),
            key=places.index(marked) if marked in places else None,
            explanation=base.explanation,
            quotes=base.quotes,
        )

    def fill(self, fields: ItemFields) -> None:
        """Show an existing question."""
        super().fill(fields)
        self.key.data = None if fields.key is None else str(fields.key)
        for (text, feedback), words, why in zip(
            self.option_pairs, fields.options, fields.feedback, strict=False
        ):
            text.data, feedback.data = words, why


for _index in range(OPTIONS_MAX):
    setattr(
        ChoiceForm,
        f"option_{_index}",
        StringField(
            _("Option %(number)d", number=_index + 1), validators=[Optional(), Length(max=OPTION_LENGTH_MAX)]
        ),
    )
    setattr(
        ChoiceForm,
        f"feedback_{_index}",
        StringField(
            _("Shown to who chooses option %(number)d", number=_index + 1),
            validators=[Optional(), Length(max=OPTION_LENGTH_MAX)],
        ),
    )


class MultipleChoiceForm(ChoiceForm):
    """A question with options."""

    item_type = "multiple_choice"


class GapListForm(ChoiceForm):
    """A sentence with a gap and options to fill it."""

    item_type = "gap_list"


ITEM_FORMS: dict[str, type[ItemForm]] = {
    form.item_type: form
    for form in (MultipleChoiceForm, TrueFalseForm, GapTextForm, GapListForm, OrderingForm, MatchingForm)
}


class DecisionForm(FlaskForm):
    """What a reviewer decided about the card they see."""

    decision = RadioField(
        choices=[SelectChoice(word, word) for word in ("accept", "reject", "skip")],
        validators=[InputRequired(_("Choose what to do with this question."))],
    )
    version = IntegerField(validators=[InputRequired()])
    reason = StringField(_("Why not?"))

    def rebase(self, version: int | None) -> None:
        """From now on the decision counts as made over this wording."""
        self.version.process_data(version)
        self.version.raw_data = None

    @property
    def seen_version(self) -> int:
        """The wording the reviewer saw; 0 where the form was tampered with."""
        return self.version.data or 0


def show_refusal(form: FlaskForm, field: str, message: str) -> None:
    """Put a service's refusal beside the field it names, or at the head of the form."""
    names = {
        "options": ("option_0", "steps", "prompt_0", "stem"),
        "key": ("key", "answers", "steps", "prompt_0"),
    }.get(field, (field,))
    for name in names:
        if name in form:
            form[name].errors = [*form[name].errors, message]
            return
    form.form_errors.append(message)


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
