"""Reports: from frames and a judged model to figures and a page."""

from zianalytics.reports import charts
from zianalytics.reports.export import write_table
from zianalytics.reports.page import page

__all__ = ["charts", "page", "write_table"]
