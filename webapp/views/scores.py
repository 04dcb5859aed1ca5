"""Exporting scores of a module: choose, look at the first rows, download."""

from __future__ import annotations

from tempfile import TemporaryFile

from flask import Blueprint, Response, render_template, request, send_file

from webapp import identity
from webapp.database import reads_only
from webapp.extensions import db
from webapp.forms.scores import ScoreExportForm
from webapp.models.module import Module
from webapp.services import audit, clock
from webapp.services import scores as use_cases
from webapp.services.score_files import MEDIA_TYPES

blueprint = Blueprint("scores", __name__)


@blueprint.get("/teach/modules/<int:module_id>/scores")
@identity.allow("instructor")
def export(module_id: int) -> str:
    """The choices, with a preview of what they give."""
    module = identity.require_module_to_teach(module_id)
    offer = use_cases.export_offer(db.session, module)
    form = ScoreExportForm(offer)
    return _page(module, form, _table(module, offer, form))


@blueprint.post("/teach/modules/<int:module_id>/scores")
@identity.allow("instructor")
@reads_only
def export_submit(module_id: int) -> Response | str | tuple[str, int]:
    """The file, or (the button "Preview") its first rows. Who took a file away is worth an audit entry."""
    module = identity.require_module_to_teach(module_id)
    offer = use_cases.export_offer(db.session, module)
    form = ScoreExportForm(offer)
    if not form.validate_on_submit():
        return _page(module, form, None), 200 if _asks_for_preview() else 422
    table = _table(module, offer, form)
    if "preview" in request.form or _asks_for_preview():
        return _page(module, form, table)
    detail = {"profile": form.profile.data, "format": form.file_format.data, "who": form.who.data}
    audit.record("scores.export", f"module:{module.id}", detail)
    return _file(module, form, table)


def _table(module: Module, offer: use_cases.ExportOffer, form: ScoreExportForm) -> use_cases.Table:
    return use_cases.score_table(
        db.session,
        [module],
        form.profile.data,
        form.which.data,
        learner_ids=offer.learner_ids(form.who.data, form.learners.data or ()),
        column_keys=form.column_keys,
    )


def _file(module: Module, form: ScoreExportForm, table: use_cases.Table) -> Response:
    file = TemporaryFile()  # noqa: SIM115 (Flask closes it when the response was sent)
    use_cases.write_scores(table, form.file_format.data, file)
    file.seek(0)
    day = clock.now().strftime("%Y-%m-%d")
    return send_file(
        file,
        mimetype=MEDIA_TYPES[form.file_format.data],
        as_attachment=True,
        download_name=f"scores-{module.slug}-{form.profile.data}-{day}.{form.file_format.data}",
    )


def _page(module: Module, form: ScoreExportForm, table: use_cases.Table | None) -> str:
    """The page; for its script only the preview, or why there is none."""
    preview = None if table is None else use_cases.preview(table)
    if _asks_for_preview():
        return render_template("scores/preview.html", form=form, preview=preview)
    return render_template("scores/export.html", module=module, form=form, preview=preview)


def _asks_for_preview() -> bool:
    """Whether it is the page's script, to whom choices that lack something are an answer like another."""
    return request.headers.get("X-Requested-With") == "fetch"
