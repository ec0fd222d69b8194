from artgan.system.shipped import shipped


def test_in_a_checkout_they_lie_beside_the_package(repository):
    assert shipped() == repository / "checkpoints"
    assert shipped("features").is_dir()


def test_those_inside_an_installed_package_come_first(tmp_path):
    package = tmp_path / "artgan"
    (tmp_path / "checkpoints").mkdir()
    assert shipped("a", "b", package=package) == tmp_path / "checkpoints" / "a" / "b"
    (package / "checkpoints").mkdir(parents=True)
    assert shipped("a", "b", package=package) == package / "checkpoints" / "a" / "b"
