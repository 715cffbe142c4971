"""How bytes travel: signing in, the pace, the retries; this room knows no endpoint but the one that signs in."""

from zianalytics.transport.answer import Answer
from zianalytics.transport.rate import Limiter
from zianalytics.transport.session import Session
from zianalytics.transport.windows import STANDARD, Window

__all__ = ["STANDARD", "Answer", "Limiter", "Session", "Window"]
