"""How much one upload may bring, and how often a program may ask."""

from config.settings.environment import env

UPLOAD_MAX_BYTES = env.integer(
    "UPLOAD_MAX_BYTES", default=1024**3, minimum=1_024, maximum=100 * 1024**3
)
UPLOAD_MAX_ROWS = env.integer("UPLOAD_MAX_ROWS", default=2_000_000, minimum=1, maximum=100_000_000)
UPLOAD_MAX_COLUMNS = env.integer("UPLOAD_MAX_COLUMNS", default=1_000, minimum=1, maximum=20_000)
UPLOAD_MAX_CELL_CHARS = env.integer(
    "UPLOAD_MAX_CELL_CHARS", default=100_000, minimum=100, maximum=10_000_000
)
# A slice of work on an upload, and how long its worker may be silent before another takes over.
UPLOAD_SLICE_SECONDS = env.integer("UPLOAD_SLICE_SECONDS", default=60, minimum=1, maximum=120)
UPLOAD_LEASE_SECONDS = env.integer("UPLOAD_LEASE_SECONDS", default=60, minimum=2, maximum=600)
PRICE_JUMP_FACTOR = env.integer("PRICE_JUMP_FACTOR", default=2, minimum=2, maximum=1_000)
# With the in-memory cache each web process counts for itself. 0: no limit.
API_RATE_LIMIT = env.integer("API_RATE_LIMIT", default=600, minimum=0, maximum=1_000_000)
# An admin page of issues or a bulk action posts one field per row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Fetching the pictures that files name. More pixels than this, Pillow itself calls a bomb.
MEDIA_FETCHING = env.boolean("MEDIA_FETCHING", default=True)
MEDIA_MAX_BYTES = env.integer(
    "MEDIA_MAX_BYTES", default=20 * 1024**2, minimum=1_024, maximum=1024**3
)
MEDIA_MAX_PIXELS = env.integer(
    "MEDIA_MAX_PIXELS", default=50_000_000, minimum=10_000, maximum=89_000_000
)
MEDIA_THREADS = env.integer("MEDIA_THREADS", default=8, minimum=1, maximum=64)
MEDIA_THREADS_PER_HOST = env.integer("MEDIA_THREADS_PER_HOST", default=4, minimum=1, maximum=64)
