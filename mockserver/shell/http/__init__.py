"""HTTP as an ASGI callable: the guard, what answers, the pages beside it, and answers put on the wire."""
