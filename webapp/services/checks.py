"""Examining all data: is the file whole, do rows point somewhere, is every score what its answers earn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.config import Settings
from webapp.repositories import storage
from webapp.services.graded_attempts import recompute

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def examine(session: Session, settings: Settings) -> list[str]:
    """Everything that is not as it should be, in words; empty when all is well."""
    file = settings.database_file
    findings = [f"the database file: {finding}" for finding in storage.file_findings(file)] if file else []
    findings += storage.list_orphans(session)
    for attempt in storage.each_attempt(session):
        findings += recompute(session, attempt)
    return findings
