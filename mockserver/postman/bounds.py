"""How large a collection may be: generous for what people export, small enough that no file can stop the server."""

from __future__ import annotations

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_FOLDER_DEPTH = 50
MAX_EXAMPLES = 20_000
# A variable may be defined by another one; a chain longer than this is a circle or a mistake.
MAX_VARIABLE_DEPTH = 10
