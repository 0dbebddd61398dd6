"""A program of an account that uploads files."""

import pytest

from tests.api_client import Program, program


@pytest.fixture
def caller(db) -> Program:
    return program()
