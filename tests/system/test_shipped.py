from artgan.system.shipped import shipped


def test_weights_lie_beside_a_checkout_or_inside_an_installed_package(
    repository, tmp_path
):
    assert shipped() == repository / "checkpoints"
    package = tmp_path / "artgan"
    (tmp_path / "checkpoints").mkdir()
    assert shipped("a", "b", package=package) == tmp_path / "checkpoints" / "a" / "b"
    (package / "checkpoints").mkdir(parents=True)
    assert shipped("a", "b", package=package) == package / "checkpoints" / "a" / "b"
