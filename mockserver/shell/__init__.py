"""The only room with a socket: HTTP in front of whatever can answer a request."""

from mockserver.shell.answering import Answering, Sandboxed
from mockserver.shell.command import run
from mockserver.shell.direct import transport
from mockserver.shell.thread import Listening, serve

__all__ = ["Answering", "Listening", "Sandboxed", "run", "serve", "transport"]
