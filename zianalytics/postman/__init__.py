"""From Postman: a saved request of a collection as the cell of a notebook. Sends nothing."""

from zianalytics.postman.cell import cell_of
from zianalytics.postman.read import Saved, saved_request, saved_requests

__all__ = ["Saved", "cell_of", "saved_request", "saved_requests"]
