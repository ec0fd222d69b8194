"""The model that these tests paint with."""

import pytest
from painters import wild_model


@pytest.fixture(scope="module")
def model(tiny_config):
    """An untrained model of 32 pixels whose pictures differ."""
    return wild_model(tiny_config)
