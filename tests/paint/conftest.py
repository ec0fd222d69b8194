"""The model that these tests paint with."""

import pytest


@pytest.fixture(scope="module")
def model(tiny_config):
    from painters import wild_model

    return wild_model(tiny_config)
