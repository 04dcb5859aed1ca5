"""What learners report about items: added, withdrawn, counted, closed by a decision and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Table, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from webapp.models.item import Item, ItemReport, ItemVersion
from webapp.models.module import Section
from webapp.repositories.conflicts import ConflictInsert

reports = cast("Table", ItemReport.__table__)
_ADD = ConflictInsert(reports, lambda statement: statement.on_conflict_do_nothing())
IS_OPEN = ItemReport.decision_id.is_(None)
IS_REPORTED = exists().where(ItemReport.item_id == Item.id, IS_OPEN)
"""Whether an item has a report that nobody has decided about."""


class ReportRow(NamedTuple):
    """One report as whoever looks into it sees it: without its author."""

    comment: str
    created_at: datetime
    version_number: int
    """Which wording it is about."""


def get_open_report(session: Session, item_id: int, account_id: int) -> ItemReport | None:
    """The report of one person about one item that nobody has decided about."""
    query = select(ItemReport).where(
        ItemReport.item_id == item_id, ItemReport.account_id == account_id, IS_OPEN
    )
    return session.scalar(query)


def add_report(session: Session, report: ItemReport) -> None:
    """Add a report; where the person has an open one about the item, that one stays."""
    session.execute(
        _ADD.on(session),
        {
            "item_id": report.item_id,
            "item_version_id": report.item_version_id,
            "account_id": report.account_id,
            "comment": report.comment,
            "created_at": report.created_at,
        },
    )


def delete_report(session: Session, report: ItemReport) -> None:
    """Take a report back."""
    session.delete(report)
    session.flush()


def get_item_state(session: Session, item_id: int) -> str:
    """The state of an item that is there."""
    return session.scalars(select(Item.state).where(Item.id == item_id)).one()


def list_open_reports(session: Session, item_id: int) -> Sequence[ReportRow]:
    """What people report about one item, oldest first."""
    rows = session.execute(
        select(ItemReport.comment, ItemReport.created_at, ItemVersion.number)
        .join(ItemVersion, ItemVersion.id == ItemReport.item_version_id)
        .where(ItemReport.item_id == item_id, IS_OPEN)
        .order_by(ItemReport.id)
    )
    return [ReportRow(*row) for row in rows]


def is_reported(session: Session, item_id: int) -> bool:
    """Whether somebody waits for a decision about the item."""
    return (
        session.scalar(select(ItemReport.id).where(ItemReport.item_id == item_id, IS_OPEN).limit(1))
        is not None
    )


def count_reported_items(session: Session, module_ids: Sequence[int]) -> dict[int, int]:
    """Module id -> how many items in use are reported; removed sections left out."""
    rows = session.execute(
        select(Item.module_id, func.count())
        .join(Section, Section.id == Item.section_id)
        .where(
            Item.module_id.in_(module_ids),
            Item.state == "accepted",
            Section.removed_at.is_(None),
            IS_REPORTED,
        )
        .group_by(Item.module_id)
    )
    return {module_id: count for module_id, count in rows}  # noqa: C416 (rows are no pairs to the type checker)


def close_reports(session: Session, item_id: int, decision_id: int) -> None:
    """Note which decision answered the open reports about an item."""
    session.execute(
        update(ItemReport).where(ItemReport.item_id == item_id, IS_OPEN).values(decision_id=decision_id)
    )


def reopen_reports(session: Session, decision_id: int) -> None:
    """Open again what a decision had answered, except where its author has reported the item anew."""
    newer = aliased(ItemReport)
    has_newer = exists().where(
        newer.item_id == ItemReport.item_id,
        newer.account_id == ItemReport.account_id,
        newer.decision_id.is_(None),
    )
    session.execute(
        update(ItemReport)
        .where(ItemReport.decision_id == decision_id, ~has_newer)
        .values(decision_id=None)
        .execution_options(synchronize_session="fetch")
    )
