"""The only room with a socket: HTTP in front of whatever can answer a request."""

from mockserver.shell.answering import Answering, Sandboxed
from mockserver.shell.command_line.command import run
from mockserver.shell.listening.thread import Listening, serve
from mockserver.shell.without_socket.transport import transport

__all__ = ["Answering", "Listening", "Sandboxed", "run", "serve", "transport"]
