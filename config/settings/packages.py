"""Packages that only some deployments need: asked for when a setting names them."""

from importlib.util import find_spec

from config.settings.environment import WrongValue


def require_package(setting: str, package: str) -> None:
    """Raises WrongValue if the package is not installed."""
    if find_spec(package) is None:
        raise WrongValue(
            setting,
            f"needs the Python package {package}: pip install -r requirements-scale.txt",
        )
