"""What a browser may send to sign in or up, and to change one's own account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, Optional, ValidationError

from webapp.services import passwords
from webapp.services.accounts import MAX_NAME_CHARACTERS, MAX_USERNAME_CHARACTERS, MIN_USERNAME_CHARACTERS

MAX_EMAIL_CHARACTERS = 255
MAX_SIGN_IN_CHARACTERS = 320


class AccountForm(FlaskForm):
    """A form about a person."""

    def names(self) -> list[str]:
        """What a guesser of passwords would try first: the names in this form."""
        return [str(field.data) for field in self if type(field) is StringField and field.data]


def is_good_password(form: AccountForm, field: Field) -> None:
    """A new password that will do, as services.passwords says."""
    fault = passwords.find_fault(field.data or "", form.names())
    if fault:
        raise ValidationError(fault)


def _new_password(label: Any) -> PasswordField:  # noqa: ANN401 (lazy texts have no type of their own)
    return PasswordField(label, validators=[InputRequired(_("Choose a password.")), is_good_password])


def _repeated_password() -> PasswordField:
    return PasswordField(
        _("The same password again"),
        validators=[EqualTo("password", message=_("The two passwords differ. Type both again."))],
    )


class SignInForm(AccountForm):
    """Name or e-mail address, and password."""

    name = StringField(
        _("Name or e-mail address"),
        validators=[
            InputRequired(_("Enter your name or e-mail address.")),
            Length(max=MAX_SIGN_IN_CHARACTERS),
        ],
    )
    password = PasswordField(_("Password"), validators=[InputRequired(_("Enter your password."))])
    is_shared = BooleanField(_("This is a shared computer"))
    next = HiddenField()


class SignUpForm(AccountForm):
    """A name to sign in with and a password; no e-mail address is needed."""

    username = StringField(
        _("Name to sign in with"),
        validators=[
            InputRequired(_("Choose a name to sign in with.")),
            Length(min=MIN_USERNAME_CHARACTERS, max=MAX_USERNAME_CHARACTERS),
        ],
    )
    display_name = StringField(
        _("Your name as others see it"), validators=[Optional(), Length(max=MAX_NAME_CHARACTERS)]
    )
    password = _new_password(_("Password"))
    password_again = _repeated_password()
    next = HiddenField()


class NamesForm(AccountForm):
    """How one is called, and what one signs in with."""

    display_name = StringField(
        _("Your name as others see it"), validators=[Optional(), Length(max=MAX_NAME_CHARACTERS)]
    )
    username = StringField(
        _("Name to sign in with"), validators=[Optional(), Length(max=MAX_USERNAME_CHARACTERS)]
    )
    email = StringField(
        _("E-mail address"),
        validators=[
            Optional(),
            Length(max=MAX_EMAIL_CHARACTERS),
            Email(_("Enter an e-mail address like name@example.org.")),
        ],
    )


class ChangePasswordForm(AccountForm):
    """The present password and a new one."""

    current_password = PasswordField(
        _("Present password"), validators=[InputRequired(_("Enter your present password."))]
    )
    password = _new_password(_("New password"))
    password_again = _repeated_password()


class NewPasswordForm(AccountForm):
    """A new password, set by a link."""

    password = _new_password(_("New password"))
    password_again = _repeated_password()


class DeleteForm(AccountForm):
    """The last question before one's data are deleted."""

    current_password = PasswordField(_("Password"), validators=[InputRequired(_("Enter your password."))])
    is_sure = BooleanField(
        _("Yes, delete my data for ever"),
        validators=[InputRequired(_("Tick the box if you are sure."))],
    )


class ForgottenForm(AccountForm):
    """Whose password was forgotten."""

    name = StringField(
        _("Name or e-mail address"),
        validators=[
            InputRequired(_("Enter your name or e-mail address.")),
            Length(max=MAX_SIGN_IN_CHARACTERS),
        ],
    )


class ConfirmForm(AccountForm):
    """A button and nothing else: accepting an invitation."""
