"""Where the code is, and where the application keeps what it writes."""

import os
from pathlib import Path

from config.settings.environment import WrongValue, env

BASE_DIR = Path(__file__).resolve().parents[2]


def prepared_directory(name: str, directory: Path) -> Path:
    """The directory, made if missing. Raises WrongValue if it cannot be made or written to."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongValue(name, f"cannot use {directory}: {error.strerror}") from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise WrongValue(name, f"cannot write to {directory}")
    return directory


DATA_DIR = prepared_directory(
    "DATA_DIR",
    (BASE_DIR / Path(env.text("DATA_DIR", default="var", shown_default="./var"))).resolve(),
)
