"""What an instructor sees of their modules: all of them in a list, and one with what it needs next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.repositories import items as item_rows
from webapp.repositories import jobs as job_rows
from webapp.repositories import modules as module_rows
from webapp.repositories import reports as report_rows
from webapp.services import access, generation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.course import Course
    from webapp.models.module import Module, Section
    from webapp.models.operation import Job
    from webapp.services.access import Person

JOBS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One module of the list."""

    module: Module
    course_title: str
    sections: int
    words: int
    accepted: int
    waiting: int
    reported: int
    """Questions in use that readers report."""


@dataclass(frozen=True, slots=True)
class ModuleList:
    """All modules that a person may teach."""

    present: Sequence[ModuleLine]
    deleted: Sequence[ModuleLine]
    has_several_courses: bool


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section of a module: its number for readers, and its questions by state."""

    section: Section
    number: int
    heading: str
    words: int
    counts: Mapping[str, int]

    @property
    def accepted(self) -> int:
        """Questions that learners are asked."""
        return self.counts.get("accepted", 0)

    @property
    def waiting(self) -> int:
        """Questions that wait for a person."""
        return self.counts.get("proposed", 0)


@dataclass(frozen=True, slots=True)
class Overview:
    """One module: its sections, those that were removed, and its latest runs of the generator."""

    module: Module
    sections: Sequence[SectionLine]
    removed: Sequence[SectionLine]
    jobs: Sequence[Job]
    reported: int
    """Questions in use that readers report."""

    @property
    def words(self) -> int:
        """Words of all present sections."""
        return sum(line.words for line in self.sections)

    @property
    def accepted(self) -> int:
        """Questions in use."""
        return sum(line.accepted for line in self.sections)

    @property
    def waiting(self) -> int:
        """Questions that wait for a person."""
        return sum(line.waiting for line in self.sections)

    @property
    def without_questions(self) -> Sequence[SectionLine]:
        """Sections after which nothing is asked."""
        return [line for line in self.sections if not line.accepted]

    @property
    def can_generate(self) -> bool:
        """Whether more questions can be asked for: there is text, questions were made, and no run goes on."""
        has_questions = bool(self.accepted or self.waiting)
        return bool(self.sections) and has_questions and self.running_job is None

    @property
    def running_job(self) -> Job | None:
        """The generator's run that has not ended, if there is one."""
        return next((job for job in self.jobs if job.state in {"queued", "running"}), None)


def list_modules(session: Session, person: Person) -> ModuleList:
    """The modules of all courses this person teaches, the latest change first."""
    course_ids = access.list_taught_course_ids(session, person)
    titles = {course.id: course.title for course in module_rows.list_courses(session, course_ids)}
    modules = module_rows.list_modules(session, course_ids)
    ids = [module.id for module in modules]
    sizes = module_rows.count_sections_and_words(session, ids)
    counts = module_rows.count_items_by_state(session, ids)
    reported = report_rows.count_reported_items(session, ids)
    lines = [
        ModuleLine(
            module,
            titles[module.course_id],
            *sizes.get(module.id, (0, 0)),
            counts.get(module.id, {}).get("accepted", 0),
            counts.get(module.id, {}).get("proposed", 0),
            reported.get(module.id, 0),
        )
        for module in modules
    ]
    return ModuleList(
        present=[line for line in lines if line.module.deleted_at is None],
        deleted=[line for line in lines if line.module.deleted_at is not None],
        has_several_courses=len(titles) > 1,
    )


def list_courses(session: Session, person: Person) -> Sequence[Course]:
    """The courses in which this person may make modules."""
    return module_rows.list_courses(session, access.list_taught_course_ids(session, person))


def get_overview(session: Session, module: Module) -> Overview:
    """Everything the module's page shows, in a fixed number of queries."""
    rows = module_rows.list_sections(session, module.id, with_removed=True)
    counts = item_rows.count_by_section_and_state(session, module.id)
    present = [row for row in rows if row.removed_at is None]
    removed = [row for row in rows if row.removed_at is not None]
    return Overview(
        module=module,
        sections=[_line(row, number, counts) for number, row in enumerate(present, start=1)],
        removed=[_line(row, 0, counts) for row in removed],
        jobs=job_rows.list_module_jobs(session, module.id, generation.JOB_KIND, JOBS_SHOWN),
        reported=report_rows.count_reported_items(session, [module.id]).get(module.id, 0),
    )


def _line(row: Section, number: int, counts: Mapping[int, Mapping[str, int]]) -> SectionLine:
    version = row.current_version
    return SectionLine(row, number, version.heading, version.word_count, counts.get(row.id, {}))
