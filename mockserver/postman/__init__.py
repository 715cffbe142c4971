"""What a Postman collection says: its saved examples as plain values, and what could not be read of them."""

from mockserver.postman.bounds import Bounds
from mockserver.postman.document import CollectionUnusable
from mockserver.postman.example import Auth, Body, Collection, Example, Fault, Ignored, Segment, Unanswered
from mockserver.postman.files import read_collection, read_files

__all__ = [
    "Auth",
    "Body",
    "Bounds",
    "Collection",
    "CollectionUnusable",
    "Example",
    "Fault",
    "Ignored",
    "Segment",
    "Unanswered",
    "read_collection",
    "read_files",
]
