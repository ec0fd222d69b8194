"""What the tests of the networks have in common."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def float32_module():
    """Whatever other tests chose, networks built for a module compute in float32."""
    import keras

    keras.config.set_dtype_policy("float32")


@pytest.fixture(autouse=True)
def float32():
    """Whatever a test chooses, those after it compute in float32."""
    import keras

    keras.config.set_dtype_policy("float32")
    yield
    keras.config.set_dtype_policy("float32")
