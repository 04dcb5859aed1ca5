"""Fields for moments as a course's clock shows them, and for whole numbers that may be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, IntegerField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import DateTimeLocalInput

from webapp.services.local_times import NoSuchTime, to_local, to_utc

UTC_ZONE = ZoneInfo("UTC")
SHOWN = "%Y-%m-%dT%H:%M"
READ = (SHOWN, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
"""What browsers send, and what somebody types where they have no calendar."""


class MomentField(Field):
    """A day and an hour by the clock of `zone`; its data is a moment in UTC, None where it was left empty."""

    widget = DateTimeLocalInput()
    zone: ZoneInfo = UTC_ZONE
    was: datetime | None = None

    def process_data(self, value: datetime | None) -> None:
        """What it was before: whoever leaves it as shown means that very moment."""
        self.was = self.data = value

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return to_local(self.data, self.zone).strftime(SHOWN) if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed. Raises ValueError where no clock shows it."""
        if not valuelist:
            return
        text = valuelist[0].strip()
        if not text:
            self.data = None
            return
        try:
            self.data = to_utc(_read(text), self.zone, self.was)
        except NoSuchTime as refusal:
            self.data = None
            raise ValueError(_(str(refusal))) from refusal


def _read(text: str) -> datetime:
    for pattern in READ:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 (the field's zone is added by whoever asks)
        except ValueError:
            continue
    raise NoSuchTime("Enter a day and a time, like 2026-12-01 08:00.")


class WholeNumber(IntegerField):
    """A whole number. A field that was sent empty is None; anything else that is no number is refused."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed."""
        if not valuelist:
            return
        self.data = None
        text = valuelist[0].strip()
        if not text:
            return
        try:
            self.data = int(text)
        except ValueError as error:
            raise ValueError(_("Enter a whole number.")) from error


class Between:
    """A number from one to another; what is no number at all was refused already."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError where it is none of these."""
        if field.errors:
            raise StopValidation
        if field.data is None or not self.least <= field.data <= self.most:
            raise ValidationError(
                _("Enter a number from %(least)d to %(most)d.", least=self.least, most=self.most)
            )


class ZonedForm(FlaskForm):
    """A form whose moments are those of one time zone."""

    def __init__(self, zone: ZoneInfo, data: Mapping[str, object]) -> None:
        """A form over what there is; its moments are shown by this zone's clock."""
        self.zone = zone
        super().__init__(data=data)

    def process(self, *args: object, **kwargs: object) -> None:
        """Tell the fields the zone before they read anything."""
        for field in self:
            if isinstance(field, MomentField):
                field.zone = self.zone
        super().process(*args, **kwargs)

    def show_again(self, values: Mapping[str, object]) -> None:
        """Fill fields in, over whatever was typed into them."""
        for name, value in values.items():
            field = self[name]
            field.data, field.raw_data = value, None
