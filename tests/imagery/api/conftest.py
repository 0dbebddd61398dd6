"""A program that orders images for its account."""

import pytest

from tests.api_client import Program, program


@pytest.fixture
def caller(db: None) -> Program:
    return program()
