"""What a browser may send of a section: its heading, its text, and which wording it began from."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from webapp.services.section_text import MAX_HEADING_LENGTH

HEADING_LENGTH = Length(max=MAX_HEADING_LENGTH, message=_("At most %(max)d characters."))


class SectionForm(FlaskForm):
    """A wording of a section that is there already."""

    heading = StringField(_("Heading"), validators=[Optional(), HEADING_LENGTH])
    text = TextAreaField(_("Text"), validators=[DataRequired(_("A section needs text."))])
    based_on = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(_("Reload the page and try again."))]
    )
    confirmed = HiddenField()


class NewSectionForm(FlaskForm):
    """A section that is added."""

    heading = StringField(_("Heading"), validators=[Optional(), HEADING_LENGTH])
    text = TextAreaField(_("Text"), validators=[DataRequired(_("A section needs text."))])
    after = SelectField(_("Place"), coerce=int)
