"""What a replay of these files would serve, and what of it nobody could reach; without a server."""

from mockserver.check.overview import Overview, Share
from mockserver.check.reach import Reach
from mockserver.check.report import Report, check

__all__ = ["Overview", "Reach", "Report", "Share", "check"]
