"""What a Postman collection says: its saved examples as plain values, and what could not be read of them."""

from mockserver.postman.example import Body, Collection, Example, Fault, Segment
from mockserver.postman.read import CollectionUnusable, read_collection

__all__ = ["Body", "Collection", "CollectionUnusable", "Example", "Fault", "Segment", "read_collection"]
