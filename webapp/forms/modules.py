"""What a browser may send to make a module: a file or a text, the cut of it, and what it is called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from webapp.services.languages import LANGUAGE_NAMES
from webapp.services.modules import MAX_STANDFIRST_LENGTH, MAX_TITLE_LENGTH

TITLE_LENGTH = Length(max=MAX_TITLE_LENGTH, message=_("At most %(max)d characters."))
STANDFIRST_LENGTH = Length(max=MAX_STANDFIRST_LENGTH, message=_("At most %(max)d characters."))


class ImportForm(FlaskForm):
    """A file, or a pasted text."""

    file = FileField(_("File"))
    text = TextAreaField(_("Or paste the text"))


class DraftSectionForm(Form):
    """One section of the cut."""

    heading = StringField(_("Heading"), validators=[Optional(), TITLE_LENGTH])
    text = TextAreaField(_("Text"))
    removed = HiddenField()


class DraftForm(FlaskForm):
    """The cut of a text, as the browser shows it."""

    title = StringField(_("Title"), validators=[TITLE_LENGTH])
    standfirst = TextAreaField(_("Standfirst"), validators=[Optional(), STANDFIRST_LENGTH])
    course_id = SelectField(_("Course"), coerce=int)
    sections = FieldList(FormField(DraftSectionForm))


class DetailsForm(FlaskForm):
    """What a module is called, and where its text comes from."""

    title = StringField(_("Title"), validators=[DataRequired(_("Give the module a title.")), TITLE_LENGTH])
    standfirst = TextAreaField(_("Standfirst"), validators=[Optional(), STANDFIRST_LENGTH])
    source_note = TextAreaField(_("Source"), validators=[Optional(), STANDFIRST_LENGTH])
    language = SelectField(
        _("Language of the text"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
        validators=[InputRequired(_("Choose a language."))],
    )


class CopyForm(FlaskForm):
    """What the copy is called."""

    title = StringField(
        _("Title of the copy"), validators=[DataRequired(_("Give the copy a title.")), TITLE_LENGTH]
    )
