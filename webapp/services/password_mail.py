"""The letter with a link for a new password, where the operator has set a mail server."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from webapp.services import access_links, accounts

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KIND = "password_mail"
"""The background job that sends it: an answer's time must not tell whether there is a letter."""
TIMEOUT_S = 20
SMTP_PORT, SMTPS_PORT = 25, 465
SMTP_NEVER = 500
"""From this number on a mail server's refusal is for good."""
TEXT = """\
Somebody, probably you, asked for a new password at {site}.

Open this page within three days to set one:

{link}

If it was not you, do nothing: your password stays as it is.
"""


def write_letter(session: Session, name: str, base_url: str) -> EmailMessage | None:
    """The letter for the account under this name; None where there is none, or it has no address."""
    account = accounts.find_account(session, name)
    if account is None or not account.email or not account.active or account.is_guest:
        return None
    link = access_links.reset_password_link(session, base_url, account)
    letter = EmailMessage()
    letter["To"] = account.email
    letter["Subject"] = "A new password"
    letter.set_content(TEXT.format(site=base_url, link=link))
    return letter


def is_refused_for_good(error: OSError) -> bool:
    """Whether a mail server will never take this very letter. Anything else may be mended in the meantime."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= SMTP_NEVER for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= SMTP_NEVER


def send(server: str, sender: str, letter: EmailMessage) -> None:
    """Hand the letter to the mail server: `host`, `host:port`, or `smtp(s)://user:password@host:port`.

    Raises OSError where that does not work.
    """
    parts = urlsplit(server if "://" in server else f"smtp://{server}")
    host = parts.hostname or "localhost"
    letter["From"] = sender or f"no-reply@{host}"
    tls = ssl.create_default_context()
    if parts.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or SMTPS_PORT, timeout=TIMEOUT_S, context=tls
        )
    else:
        connection = smtplib.SMTP(host, parts.port or SMTP_PORT, timeout=TIMEOUT_S)
    with connection:
        if parts.scheme != "smtps" and connection.has_extn("starttls"):
            connection.starttls(context=tls)
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(letter)
