"""Any table in, a judged model out. Knows nothing of ZoomInfo; scikit-learn loads when a model is trained."""

from zianalytics.schema.feature import Feature
from zianalytics.scoring.fit import fit
from zianalytics.scoring.forward import split
from zianalytics.scoring.keep import load, save
from zianalytics.scoring.model import Model
from zianalytics.scoring.scorecard import Scorecard, judge
from zianalytics.scoring.tiers import BY_CAPACITY, Capacity, Thresholds

__all__ = [
    "BY_CAPACITY",
    "Capacity",
    "Feature",
    "Model",
    "Scorecard",
    "Thresholds",
    "fit",
    "judge",
    "load",
    "save",
    "split",
]
