"""What a browser may send to hand in a learner's file: the file, then what of it was chosen."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import InputRequired

from webapp.forms.unsent_file import MAX_BYTES, read_file
from webapp.services.unsent_files import RefusedFile, UnsentFile


class FileForm(FlaskForm):
    """A file that a learner downloaded."""

    file = FileField(_("The learner's file"))

    def read(self) -> UnsentFile:
        """What is in it; no more of it is read than a file may have. Raises RefusedFile."""
        if not self.file.data:
            raise RefusedFile([gettext("Choose the file that the learner gave you.")])
        with self.file.data.stream as stream:
            return read_file(stream.read(MAX_BYTES + 1))


class ChosenForm(FlaskForm):
    """Which answers of the file are to be stored; the file comes along as it was looked at."""

    content = HiddenField()
    seen = HiddenField()
    choose = SelectMultipleField(
        _("Answers to hand in"),
        coerce=int,
        validate_choice=False,
        validators=[InputRequired(_("Choose at least one answer."))],
    )

    def read(self) -> UnsentFile:
        """The file once more. Raises RefusedFile."""
        return read_file((self.content.data or "").encode("utf-8", "replace"))
