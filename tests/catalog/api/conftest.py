"""A program that reads an account's catalog."""

import pytest

from tests.api_client import Program, program


@pytest.fixture
def caller(db) -> Program:
    return program()
