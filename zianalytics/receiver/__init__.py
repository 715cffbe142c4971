"""Takes what ZoomInfo delivers: the only room that listens."""

from zianalytics.receiver.accept import Desk, Verdict
from zianalytics.receiver.serve import receiving
from zianalytics.receiver.tokens import WebhookTokens

__all__ = ["Desk", "Verdict", "WebhookTokens", "receiving"]
