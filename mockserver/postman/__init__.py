"""What a Postman collection says: its saved examples as plain values, and what could not be read of them."""

from mockserver.postman.bounds import Bounds
from mockserver.postman.example import Body, Collection, Example, Fault, Segment
from mockserver.postman.read import CollectionUnusable, read_collection

__all__ = ["Body", "Bounds", "Collection", "CollectionUnusable", "Example", "Fault", "Segment", "read_collection"]
