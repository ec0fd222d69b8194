"""The list of guards that a trial takes out is about the code as it is."""

import re

import pytest
from trials.guards import GUARDS


@pytest.mark.parametrize(("file", "text", "replacement", "tests"), GUARDS)
def test_each_guard_is_there_once_and_has_tests(
    repository, file, text, replacement, tests
):
    assert (repository / file).read_text("utf-8").count(text) == 1
    assert replacement != text
    place, _, words = tests.partition(" ")
    paths = [repository / place]
    if paths[0].is_dir():
        paths = list(paths[0].rglob("test_*.py"))
    source = "".join(path.read_text("utf-8") for path in paths)
    for word in filter(None, words.split(" or ")):
        assert re.search(rf"def test_\w*{word}", source), word
