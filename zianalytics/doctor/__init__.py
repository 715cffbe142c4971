"""Whether everything is as it should be, line by line, and what to do where it is not; sends nothing, mends nothing."""

from zianalytics.doctor.examine import examine
from zianalytics.doctor.finding import Finding, State, findings_frame

__all__ = ["Finding", "State", "examine", "findings_frame"]
