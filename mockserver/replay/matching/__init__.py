"""Which saved example a request means: paths, queries and bodies held against what was recorded."""
