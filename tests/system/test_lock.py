import errno

import pytest
from filelock import FileLock

from artgan.system.errors import ArtganError
from artgan.system.lock import only_one


def test_one_after_the_other_and_never_two(tmp_path):
    for _ in range(2):
        with only_one(tmp_path, "training in") as held:
            assert held
            with pytest.raises(ArtganError, match="Another process is training in"):
                with only_one(tmp_path, "training in"):
                    pass
    with pytest.raises(KeyError), only_one(tmp_path, "training in"):
        raise KeyError
    with only_one(tmp_path, "training in"):
        pass


@pytest.mark.parametrize(
    ("code", "held"),
    [("EOPNOTSUPP", False), ("ENOLCK", False), ("EACCES", None), ("EROFS", None)],
)
def test_a_file_system_without_locks_is_told_and_used_a_read_only_one_refused(
    code, held, tmp_path, monkeypatch, capsys
):
    def refuse(self, **options):
        raise OSError(getattr(errno, code), f"reason {code}")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    if held is None:
        with pytest.raises(ArtganError, match=f"Cannot write in .*reason {code}"):
            with only_one(tmp_path, "training in"):
                pass
    else:
        with only_one(tmp_path, "training in") as found:
            assert found is False
        assert "knows no locks" in capsys.readouterr().err
