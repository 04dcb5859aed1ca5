"""Weights of rank.py from reviewers' decisions: logistic regression, by scikit-learn (the extra `fit`).

An item that was accepted as it was counts as one, a rejected one as nought, an edited one as half of each.
What the regression finds is brought to the scale of rank.py, because the penalties of selection are on that
scale: mean and spread of the scores of these items stay as they are, only their order changes.
"""

from __future__ import annotations

import json
import math
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from questions.generation.decisions import Decision
from questions.generation.rank import OWN, Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

FEWEST_DECISIONS = 100
FEWEST_OF_EACH = 20
"""So many must have been accepted as they were, and so many not."""
FEWEST_OF_A_NAME = 5
"""What fewer items have keeps its weight: a few decisions say nothing of it."""
FOLDS = 5
PENALTY = 1.0
"""How freely weights may leave nought (scikit-learn's C), for columns of one spread."""
OUTCOMES: Mapping[str, tuple[int, ...]] = {"accept": (1, 1), "edit": (1, 0), "reject": (0, 0)}


class TooFewError(ValueError):
    """There is not enough to fit anything; the message says how many decisions it takes."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well scores foretell decisions that they were not made from."""

    log_loss: float
    auc: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of it: the weights, how many decisions stand behind each, and whether they are any better."""

    weights: Weights
    counts: Mapping[str, int]
    decisions: Mapping[str, int]
    fitted: Quality
    present: Quality

    @property
    def is_better(self) -> bool:
        """Whether the fitted weights foretell decisions better than those that are used now."""
        return self.fitted.log_loss < self.present.log_loss


def fit(decisions: Sequence[Decision], present: Weights = OWN) -> Fit:
    """Fit weights. Raises TooFewError, or ImportError where scikit-learn is not installed."""
    _require_enough(decisions)
    import numpy as np

    counts = Counter(name for one in decisions for name in one.named)
    names = sorted(name for name, count in counts.items() if count >= FEWEST_OF_A_NAME)
    values = np.array([[one.named.get(name, 0.0) for name in names] for one in decisions])
    spread = values.std(axis=0)
    kept = [place for place, one in enumerate(spread) if one > 0]
    if not kept:
        raise TooFewError("All these items are alike in all that is counted: there is nothing to weigh.")
    names, values = [names[place] for place in kept], values[:, kept] / spread[kept]
    now = np.array([[present.score(one.named)] for one in decisions])
    model = _model().fit(*_doubled(values, decisions)[:2])
    raw = {
        name: float(weight / width)
        for name, weight, width in zip(names, model.coef_[0], spread[kept], strict=True)
    }
    return Fit(
        weights=_scaled(raw, decisions, present),
        counts=counts,
        decisions=Counter(one.decision for one in decisions),
        fitted=_quality(values, decisions),
        present=_quality(now, decisions),
    )


def _require_enough(decisions: Sequence[Decision]) -> None:
    accepted = sum(one.decision == "accept" for one in decisions)
    fewer = min(accepted, len(decisions) - accepted)
    if len(decisions) < FEWEST_DECISIONS or fewer < FEWEST_OF_EACH:
        raise TooFewError(
            f"There are {len(decisions)} decisions, {accepted} of them accepted as they were. At least "
            f"{FEWEST_DECISIONS} are needed, of which {FEWEST_OF_EACH} were accepted as they were and "
            f"{FEWEST_OF_EACH} were not."
        )


def _model() -> Any:  # noqa: ANN401 - scikit-learn ships no types
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=PENALTY, max_iter=1_000)


def _doubled(values: Matrix, decisions: Sequence[Decision]) -> tuple[Matrix, list[int], list[int]]:
    """Every item twice, so that an edited one can be half of each; with the number of its decision."""
    outcomes = [outcome for one in decisions for outcome in OUTCOMES[one.decision]]
    return values.repeat(2, axis=0), outcomes, [number for number in range(len(decisions)) for _ in "ab"]


def _quality(values: Matrix, decisions: Sequence[Decision]) -> Quality:
    """How well a regression on these columns foretells the decisions it did not see."""
    from sklearn.metrics import log_loss, roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    doubled, outcomes, groups = _doubled(values, decisions)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    chances = cross_val_predict(_model(), doubled, outcomes, groups=groups, cv=folds, method="predict_proba")[
        :, 1
    ]
    return Quality(float(log_loss(outcomes, chances)), float(roc_auc_score(outcomes, chances)))


def _scaled(raw: Mapping[str, float], decisions: Sequence[Decision], present: Weights) -> Weights:
    """The weights such that these items' scores keep mean and spread."""
    now = [present.score(one.named) for one in decisions]
    new = [sum(raw.get(name, 0.0) * value for name, value in one.named.items()) for one in decisions]
    width = statistics.pstdev(new)
    factor = statistics.pstdev(now) / width if width and statistics.pstdev(now) else 1.0
    shift = statistics.fmean(now) - factor * statistics.fmean(new)
    counts = Counter(name for one in decisions for name in one.named if name.startswith("recipe:"))
    known = [name for name, count in counts.items() if count >= FEWEST_OF_A_NAME]
    fitted = {name: factor * weight for name, weight in raw.items()}
    fitted |= {name: fitted.get(name, 0.0) + shift for name in known}
    return Weights({name: round(fitted[name], 4) for name in sorted(fitted)})


def table(result: Fit, present: Weights = OWN) -> Iterator[str]:
    """What to print: each weight with its count, then how good they are."""
    total = sum(result.decisions.values())
    told = ", ".join(f"{result.decisions.get(name, 0)} {name}" for name in OUTCOMES)
    yield f"{total} decisions: {told}"
    yield f"{'':40} {'items':>6} {'now':>8} {'fitted':>8}"
    for name in sorted({*result.counts, *result.weights.fitted}):
        new = result.weights.fitted.get(name)
        shown = "too few" if new is None else f"{new:.3f}"
        yield f"{name:40} {result.counts.get(name, 0):>6} {present.of(name):>8.3f} {shown:>8}"
    yield f"foretelling decisions not fitted to ({FOLDS} parts):"
    yield f"  log-loss {result.present.log_loss:.3f} now, {result.fitted.log_loss:.3f} fitted"
    yield f"  AUC {result.present.auc:.3f} now, {result.fitted.auc:.3f} fitted"
    if not result.is_better:
        yield "The fitted weights foretell no better than those used now: keep these."


def weights_file(result: Fit, generator: str) -> str:
    """The file that rank.read_weights reads, with what it was made from."""
    content = {
        "weights": dict(result.weights.fitted),
        "decisions": dict(sorted(result.decisions.items())),
        "log_loss": _rounded(result.fitted.log_loss),
        "auc": _rounded(result.fitted.auc),
        "generator": generator,
    }
    return json.dumps(content, indent=1) + "\n"


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
