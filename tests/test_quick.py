"""The quick tests: they exist, and no part of the program goes without."""

import re

from tests.conftest import QUICK, TESTS


def test_quick_tests_exist():
    for name in QUICK:
        file, _, test = name.partition("::")
        text = (TESTS / file).read_text()
        assert not test or re.search(rf"^def {test}\(", text, re.MULTILINE), name


def test_every_part_has_quick_tests():
    parts = {path.parent.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")} - {"."}
    assert parts == {name.rpartition("/")[0] for name in QUICK if "/" in name}
