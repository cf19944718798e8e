"""Marks the tests that drive a browser, so that a quick run can leave them out; gives all tests the same keys, and no
example of hypothesis a time limit: how long one takes is the machine's affair.
"""

import os

import pytest
from hypothesis import settings

from tests.support.stores import KEYS

os.environ["XIANGYIN_IDENTITY_KEYS"] = KEYS.text()  # of the commands, and of the processes that tests start
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before pytest picks by mark: whoever asks for the `browser` fixture, however indirectly, is a browser test."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker("browser")
