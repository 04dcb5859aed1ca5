"""Exporting scores of a module: choose, look at the first rows, download."""

from __future__ import annotations

from tempfile import TemporaryFile

from flask import Blueprint, Response, render_template, request, send_file
from werkzeug.datastructures import MultiDict

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
def export(module_id: int) -> str | tuple[str, int]:
    """The choices, with a preview of what they give. The choices stand in the address: a GET form."""
    module = identity.require_module_to_teach(module_id)
    chosen = MultiDict(request.args) if request.args else None
    form = ScoreExportForm(chosen, meta={"csrf": False})
    if chosen is None or form.validate():
        return _page(module, form)
    return _page(module, form, with_preview=False), 422


@blueprint.post("/teach/modules/<int:module_id>/scores")
@identity.allow("instructor")
@reads_only
def export_submit(module_id: int) -> Response | tuple[str, int]:
    """The file. A POST, because who exported what is worth an audit entry."""
    module = identity.require_module_to_teach(module_id)
    form = ScoreExportForm()
    if not form.validate_on_submit():
        return _page(module, form, with_preview=False), 422
    table = use_cases.score_table(db.session, [module], form.profile.data, form.which.data)
    file = TemporaryFile()  # noqa: SIM115 (Flask closes it when the response was sent)
    use_cases.write_scores(table, form.file_format.data, file)
    file.seek(0)
    audit.record("scores.export", f"module:{module.id}", {"profile": form.profile.data})
    day = clock.now().strftime("%Y-%m-%d")
    return send_file(
        file,
        mimetype=MEDIA_TYPES[form.file_format.data],
        as_attachment=True,
        download_name=f"scores-{module.slug}-{form.profile.data}-{day}.{form.file_format.data}",
    )


def _page(module: Module, form: ScoreExportForm, *, with_preview: bool = True) -> str:
    preview = None
    if with_preview:
        table = use_cases.score_table(db.session, [module], form.profile.data, form.which.data)
        preview = use_cases.preview(table)
    return render_template("scores/export.html", module=module, form=form, preview=preview)
