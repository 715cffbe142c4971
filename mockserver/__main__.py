"""`python -m mockserver`: a local ZoomInfo; `--help` tells the rest."""

import sys

from mockserver.shell import run

if __name__ == "__main__":
    sys.exit(run())
