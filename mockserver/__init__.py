"""A local ZoomInfo: recorded Postman responses, and a world behind them.

`serve` puts a `Replay` or a sandbox on a socket for a while; `run` is the command line.
"""

from mockserver.message import Request, Response
from mockserver.replay import Replay
from mockserver.shell import Listening, run, serve

__all__ = ["Listening", "Replay", "Request", "Response", "run", "serve"]
