"""Who you are, which service you talk to, and where your data lie."""

from zianalytics.settings.address import LIVE
from zianalytics.settings.places import NAMES, PREFIX
from zianalytics.settings.settings import Settings
from zianalytics.settings.spender import NOBODY, Spender
from zianalytics.settings.unshown import Unshown

__all__ = ["LIVE", "NAMES", "NOBODY", "PREFIX", "Settings", "Spender", "Unshown"]
