"""What a service refused, put at the field of the form where the person can correct it."""

from __future__ import annotations

from collections.abc import Iterator

from wtforms import Field, FieldList, Form, FormField

from webapp.services.errors import Refused


def attach(form: Form, refusal: Refused) -> None:
    """Show the message at the field it names (a nested one by its id), else at the top of the form."""
    for field in _fields(form):
        if refusal.field in {field.id, field.short_name} and not isinstance(field, FieldList):
            field.errors = [*field.errors, refusal.message]
            return
    form.form_errors.append(refusal.message)


def _fields(form: Form) -> Iterator[Field]:
    for field in form:
        yield field
        if isinstance(field, FieldList):
            for entry in field:
                if isinstance(entry, FormField):
                    yield from entry.form
