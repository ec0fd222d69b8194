"""The drawings of the networks show what the layers are, and are legible."""

from itertools import combinations

import pytest
from draw_networks import main
from matplotlib.backends.backend_agg import FigureCanvasAgg
from network_drawing.diagram import draw_network
from network_drawing.stages import read_network
from network_drawing.text import text_width, wrap
from PIL import Image

from artgan.gan.config import preset
from artgan.gan.networks import build_discriminator, build_generator

MODERN = {
    "first_side": 4,
    "width": 4,
    "most_channels": 32,
    "normalize_dense": True,
    "upsample": "nearest",
    "gated": True,
    "excitation": True,
    "output_stride": 1,
    "discriminator_width": 8,
    "discriminator_kernel": 4,
    "normalization": "both",
    "reconstruct": True,
}


@pytest.fixture(scope="module")
def dcgan():
    """The two networks of the preset dcgan, read."""
    config = preset("dcgan")
    builders = build_generator, build_discriminator
    return [read_network(build(config)) for build in builders]


def modern(**changes):
    """Read two small networks that use every kind of layer."""
    config = preset("dcgan", **MODERN | changes)
    builders = build_generator, build_discriminator
    return [read_network(build(config)) for build in builders]


def shapes(stages):
    """Return the shapes of stages."""
    return [stage.shape for stage in stages]


def test_generator_of_the_dcgan_grows_from_8_to_128(dcgan):
    generator, _ = dcgan
    assert shapes(generator.trunk) == [
        (100,),
        (8, 8, 1024),
        (16, 16, 512),
        (32, 32, 256),
        (64, 64, 128),
        (128, 128, 64),
        (128, 128, 3),
    ]
    assert generator.branch == []
    assert generator.trunk[2].operations == [
        "5×5 transposed convolution, stride 2",
        "batch normalisation",
        "LeakyReLU 0.2",
    ]
    assert generator.trunk[-1].operations == ["5×5 convolution", "tanh"]


def test_discriminator_of_the_dcgan_ends_in_one_number(dcgan):
    _, discriminator = dcgan
    assert shapes(discriminator.trunk) == [
        (128, 128, 3),
        (64, 64, 64),
        (32, 32, 128),
        (16, 16, 256),
        (8, 8, 512),
        (4, 4, 1024),
        (1,),
    ]
    assert discriminator.branch == []
    assert discriminator.trunk[1].operations[0] == "5×5 convolution, stride 2"
    assert discriminator.trunk[-1].operations == ["flatten", "dense layer"]


def test_excitation_is_a_skip_and_not_a_stage():
    generator, _ = modern()
    sides = [stage.side for stage in generator.trunk]
    assert sides == [None, 4, 8, 16, 32, 64, 128, 128]
    skips = {s.shape: shapes(s.skips) for s in generator.trunk if s.skips}
    assert skips == {(64, 64, 8): [(4, 4, 32)], (128, 128, 4): [(8, 8, 32)]}
    assert generator.trunk[2].operations[0] == (
        "nearest-neighbour upsampling, 5×5 convolution"
    )


def test_redrawing_is_a_branch_from_the_grid_of_8():
    _, discriminator = modern()
    assert shapes(discriminator.trunk)[-3:] == [(8, 8, 32), (4, 4, 32), (1,)]
    assert [stage.side for stage in discriminator.branch] == [16, 32, 64, 64]
    assert discriminator.branch[0].source is discriminator.trunk[-3]
    assert discriminator.branch[-1].shape == (64, 64, 3)
    spectral = discriminator.trunk[1].operations[0]
    assert spectral == "4×4 convolution with spectral normalisation, stride 2"


def test_a_last_doubling_without_a_block_of_its_own_is_drawn():
    generator, _ = modern(output_stride=2)
    assert shapes(generator.trunk)[-2:] == [(64, 64, 8), (128, 128, 3)]
    smooth = "bilinear upsampling, 5×5 convolution"
    assert generator.trunk[-1].operations == [smooth, "tanh"]


@pytest.mark.parametrize("size", [16, 128, 512])
def test_no_words_touch_each_other_or_the_edge(size):
    picture = Image.new("RGB", (8, 8), "teal")
    names = "generator", "discriminator"
    for network, name in zip(modern(size=size), names, strict=True):
        figure = draw_network(network, name, picture)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        boxes = [text.get_window_extent() for text in figure.axes[0].texts]
        assert len(boxes) > len(network.trunk)
        assert not [
            pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])
        ]
        page = figure.bbox
        for box in boxes:
            assert page.x0 < box.x0 and box.x1 < page.x1
            assert page.y0 < box.y0 and box.y1 < page.y1


def test_words_wrap_where_they_are_too_wide():
    words = "5×5 transposed convolution, stride 2"
    lines = wrap(words, 100)
    assert " ".join(lines) == words and len(lines) > 1
    assert max(text_width(line, 11) for line in lines) <= 100
    assert wrap(words, 1000) == [words]


def test_command_writes_two_drawings(tmp_path, capsys):
    picture = tmp_path / "wide.png"
    Image.linear_gradient("L").resize((90, 60)).save(picture)
    out = tmp_path / "some where" / "imgs"
    status = main(["--preset", "dcgan", "--out", str(out), "--picture", str(picture)])
    assert status == 0
    names = ["discriminatorarch.png", "generatorarch.png"]
    assert sorted(path.name for path in out.iterdir()) == names
    printed = capsys.readouterr().out
    for name in names:
        assert str(out / name) in printed
        check_drawing(out / name)


def check_drawing(path):
    """Assert that a file is a PNG that suits a README: wide, light, on white."""
    assert path.stat().st_size < 200_000
    with Image.open(path) as image:
        assert image.format == "PNG" and image.width == 1800
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_drawings_in_the_repository_suit_a_readme(repository):
    check_drawing(repository / "imgs" / "generatorarch.png")
    check_drawing(repository / "imgs" / "discriminatorarch.png")


def test_unknown_preset_is_a_sentence(tmp_path, capsys, repository):
    picture = repository / "data" / "villas" / "villa_000.jpg"
    arguments = ["--out", str(tmp_path / "new"), "--picture", str(picture)]
    assert main(["--preset", "cubism", *arguments]) == 2
    assert "There is no preset 'cubism'" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_missing_picture_is_a_sentence(tmp_path, capsys):
    missing = tmp_path / "none.jpg"
    assert main(["--out", str(tmp_path), "--picture", str(missing)]) == 2
    assert "is not a picture that can be read" in capsys.readouterr().err


def test_folder_that_is_a_file_is_a_sentence(tmp_path, capsys):
    (tmp_path / "taken").write_text("a note", encoding="utf-8")
    assert main(["--out", str(tmp_path / "taken")]) == 2
    assert "Name another --out" in capsys.readouterr().err
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "a note"
