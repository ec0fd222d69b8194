import json

import pytest

from artgan.storage.model_card import model_card

CARD = {
    "licence": "MIT",
    "date": "2026-11-23",
    "data": "data/flowers.csv",
    "pictures": 317,
    "began_with": ["villas", "architecture"],
    "pictures_seen": 142408,
    "training_minutes": 110.8,
    "machine": "2 cores, x86_64",
    "painted_pictures_compared": 512,
    "kid": 0.82,
    "kid_deviation": 0.0347,
    "nearest": 1.1067,
    "diversity": None,
    "step": 204,
    "config": {"size": 256, "crops": 3, "discriminator": "projected"},
}


def front_matter(text):
    """The lines between the first two rules, as `key: value` pairs."""
    lines = text.split("---\n")[1].splitlines()
    return dict(
        line.strip().removeprefix("- ").split(": ", 1) for line in lines if ": " in line
    )


def test_the_front_matter_is_what_the_hub_reads():
    yaml = pytest.importorskip("yaml")  # comes with several libraries
    read = yaml.safe_load(model_card("flowers-256", CARD).split("---\n")[1])
    assert read["license"] == "mit"
    assert {"gan", "projected-gan"} <= set(read["tags"])
    assert read["metrics"] == ["kid"]
    [model] = read["model-index"]
    [result] = model["results"]
    assert model["name"] == "flowers-256"
    assert result["task"] == {"type": read["pipeline_tag"]}
    assert result["dataset"] == {
        "type": "imagefolder",
        "name": "data/flowers.csv, 317 squares, up to 3 cut from a picture",
    }
    assert [metric["value"] for metric in result["metrics"]] == [0.82]


def test_a_reader_finds_figures_data_rights_and_limits():
    text = model_card("flowers-256", CARD)
    assert text.startswith("---\n") and text.endswith(".\n")
    for words in (
        "# flowers-256\n",
        "](samples.jpg)",
        "256 by 256 pixels",
        "artgan generate flowers-256",
        "It saw 142,408 pictures in 110.8 minutes, on 2 cores, x86_64.",
        "It began with: villas, architecture; their pictures are counted below.",
        "512 painted pictures",
        "| KID (MobileNetV2 features) | 0.82 ± 0.0347 | 0: like real pictures |",
        "## Limits\n",
        "under MIT.",
    ):
        assert words in text
    assert "diversity |" not in text and "None" not in text


@pytest.mark.parametrize("card", [{}, {"config": {}}, {"licence": 'a "b": c'}])
def test_what_a_card_does_not_tell_is_left_out(card):
    text = model_card("x", card)
    assert "## Figures" not in text and "model-index" not in text
    licence = front_matter(text)["license"]
    assert json.loads(licence) == card.get("licence", "unknown")


def test_the_published_readmes_are_those_of_their_cards(repository):
    cards = sorted((repository / "checkpoints").glob("*/card.json"))
    assert cards
    for path in cards:
        card = json.loads(path.read_text("utf-8"))
        readme = (path.parent / "README.md").read_text("utf-8")
        assert readme == model_card(path.parent.name, card)
