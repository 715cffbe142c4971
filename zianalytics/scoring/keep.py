"""A model as JSON and back, exact to the last bit: Python writes a float so that it reads back the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from zianalytics.errors import StoreDamaged
from zianalytics.schema.feature import Feature
from zianalytics.scoring.calibrate import Calibration
from zianalytics.scoring.design import Term
from zianalytics.scoring.model import Model, Training
from zianalytics.scoring.reasons import Typical

FORMAT = "zianalytics model 1"

_DTYPES: dict[str, pl.DataType] = {
    "number": pl.Float64(),
    "whole number": pl.Int64(),
    "yes or no": pl.Boolean(),
    "group": pl.String(),
    "tags": pl.List(pl.String()),
}


def save(model: Model, path: str | Path) -> Path:
    """Write a model as JSON; `load` gives back an equal one.

    Parameters
    ----------
    model
        What to keep.
    path
        Where; a file of that name is written over.
    """
    written = Path(path)
    told = {"format": FORMAT, **_plain(model)}
    written.write_text(json.dumps(told, indent=1, ensure_ascii=False, default=str), encoding="utf-8")
    return written


def load(path: str | Path) -> Model:
    """The model that `save` wrote; needs no scikit-learn.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    StoreDamaged
        The file does not hold a model.
    """
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        return _model(told)
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise StoreDamaged(
            f"{path} does not hold a model that this version can read. Nothing was changed. "
            "Train the model again, or name the file that scoring.save() wrote."
        ) from exc


def _plain(model: Model) -> dict[str, Any]:
    return {
        "features": [_plain_feature(feature) for feature in model.features],
        "terms": [asdict(term) | {"weight": w} for term, w in zip(model.terms, model.weights, strict=True)],
        "intercept": model.intercept,
        "calibration": asdict(model.calibration),
        "typical": {name: {"median": t.median, "shares": dict(t.shares)} for name, t in model.typical.items()},
        "training": asdict(model.training),
        "size_alone": None if model.size_alone is None else _plain(model.size_alone),
        "id": model.id,
        "outcome": model.outcome,
    }


def _plain_feature(feature: Feature) -> dict[str, Any]:
    kind = next(word for word, dtype in _DTYPES.items() if feature.dtype == dtype)
    told = {name: getattr(feature, name) for name in feature.__dataclass_fields__}
    return told | {"dtype": kind}


def _model(told: dict[str, Any]) -> Model:
    training = {"until": None, **told["training"]}  # a model that was kept before its last day was told has none
    days = {name: date.fromisoformat(training[name]) for name in ("first", "last")}
    return Model(
        features=tuple(Feature(**{**f, "dtype": _DTYPES[f["dtype"]]}) for f in told["features"]),
        terms=tuple(Term(**{k: v for k, v in t.items() if k != "weight"}) for t in told["terms"]),
        weights=tuple(float(t["weight"]) for t in told["terms"]),
        intercept=float(told["intercept"]),
        calibration=Calibration(**told["calibration"]),
        typical={name: Typical(t["median"], t["shares"]) for name, t in told["typical"].items()},
        training=Training(**training | days | {"until": _until(training["until"])}),
        size_alone=None if told["size_alone"] is None else _model(told["size_alone"]),
        id=told["id"],
        outcome=told["outcome"],
    )


def _until(told: str | None) -> date | None:
    """A day, or a time."""
    if told is None:
        return None
    return date.fromisoformat(told) if len(told) == len("2026-01-01") else datetime.fromisoformat(told)
