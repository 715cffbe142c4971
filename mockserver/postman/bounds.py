"""How large a collection may be: generous for what people export, small enough that no file can stop the server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is read of one file; a larger file is refused, deeper folders and further examples are left out.

    `filled_text` and `filled_file` bound what variables may add to one text and to all texts together, in characters;
    writing one out counts for 32 of them, however short it is.
    """

    file_bytes: int = 64 * 1024 * 1024
    folder_depth: int = 50
    examples: int = 20_000
    filled_text: int = 1_000_000
    filled_file: int = 32_000_000


GENEROUS = Bounds()
