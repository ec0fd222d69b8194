import json
import os
import shlex
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from painters import named_arrays, wild_model
from PIL import Image
from publish_weights import publish

import artgan.runs.stopping
import artgan.runs.train
from artgan.__main__ import main
from artgan.commands.parser import VERBS, make_parser
from artgan.paint.painter import open_model
from artgan.storage.publishing import model_card, write_weights


def run(*arguments):
    """Run a command in this process; return its exit code."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as error:
        return error.code


def contents(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_help_has_examples_and_waits_for_no_library(repository):
    program = (
        "import sys\n"
        "from artgan.__main__ import main\n"
        "from artgan.commands.parser import VERBS\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'PIL', 'matplotlib', 'requests'}\n"
        "for verb in [[], *([name] for name in VERBS)]:\n"
        "    try:\n"
        "        main([*verb, '--help'])\n"
        "    except SystemExit as end:\n"
        "        assert end.code == 0\n"
        "    if verb == []:\n"
        "        assert not heavy & set(sys.modules)\n"
        "assert not {'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in VERBS:
        assert f"\n    {name}" in done.stdout
        for example in VERBS[name].examples:
            assert f"\n  python -m artgan {example}\n" in done.stdout


@pytest.mark.parametrize("name", ["artgan", "artgan.exe"])
def test_an_installed_command_shows_its_own_name(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [f"/somewhere/{name}"])
    assert run("generate", "--help") == run("--version") == 0
    output = capsys.readouterr().out
    assert output.startswith("usage: artgan generate ")
    assert "\n  artgan generate -i 1 -s 256\n" in output
    assert output.endswith(f"\nartgan {artgan.__version__}\n")


def test_the_examples_are_commands():
    for verb in VERBS.values():
        for example in verb.examples:
            assert make_parser().parse_args(shlex.split(example))


MISTAKES = [  # each told before anything heavy is loaded
    ([], "required: COMMAND"),
    (["paint"], "invalid choice"),
    (["train"], "--data data/vedute"),
    (["train", "--run", "mine"], "knows its pictures"),
    (["train", "--data", "nowhere"], "no folder"),
    (["train", "--data", ""], "data must be the path"),
    (["train", "--data", "DATA", "--preset", "best"], "no preset 'best'"),
    (["train", "--data", "DATA", "--from", "mine"], "no model 'mine'"),
    (["train", "--data", "DATA", "--runs", "."], "is there and no run"),
    (["train", "--data", "DATA", "--set", "colour=red"], "no config field 'colour'"),
    (["train", "--data", "DATA", "--set", "flip=maybe"], "true or false"),
    (["train", "--data", "DATA", "--set", "beta_1=NaN"], "not from 0 to"),
    (["train", "--data", "DATA", "--set", "beta_1"], "must be a number"),
    (["train", "--data", "DATA", "--run", "../up"], "run must be a plain name"),
    (["train", "--data", "DATA", "--steps", "0"], "must be a whole number from 1"),
    (["train", "--data", "DATA", "--steps", "5", "--minutes", "5"], "not allowed"),
    (["train", "--run", "x", "--until-step", "5", "--steps", "5"], "not allowed"),
    (["evaluate", "mine", "--data", "nowhere"], "no folder"),
    (["generate", "nobody"], "no model 'nobody'"),
    (["generate", "--checkpoints", "none"], "no model 'flowers'"),
    (["generate", "vedute", "--weights", "flowers"], "not allowed with argument"),
    (["generate", "--seed", "2147483647", "-i", "2"], "not 2147483648"),
    (["generate", "--gif", "maybe"], "choose from"),
    (["generate", "--seeds", "5-2"], "'5-2' is no LIST: those to paint"),
    (["generate", "--truncation", "nan"], "must be a number from 0 to 1.5, not nan"),
    (["generate", "--direction", "light"], "'light' is no NAME:FAR"),
    (["directions", "--name", "1=2"], "'1=2' is no NUMBER=NAME"),
    (["walk", "-w", "flowrs", "--seeds", "1,2"], "no model 'flowrs'"),
    (["walk", "--fps", "99"], "from 0.1 to 50"),
    (["walk", "--out", "walk.avi"], "none of .gif, .webp, .mp4"),
    (["gif", "nobody"], "no run"),
    (["weights", "push", "vedute"], "Give a name and the Hub's"),
    (["weights", "push", "nobody", "me/x"], "no model 'nobody'"),
    (["weights", "list", "nobody"], "no model 'nobody'"),
    (["scrape", "--out", "new"], "by one or more of --genre, --artist"),
    (["scrape", "--listing", "no.csv", "--out", "new"], "no.csv"),
]
TELL = """
import contextlib, io, sys
from artgan.__main__ import main
for arguments, words in eval(sys.argv[1]):
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            code = main(arguments)
        except SystemExit as end:
            code = end.code
    last = said.getvalue().splitlines()[-1]
    assert code == 2 and words in last and "artgan" in last, (arguments, last)
    assert not {"tensorflow", "keras"} & set(sys.modules), arguments
"""


def test_a_mistake_is_a_sentence_before_anything_is_loaded(
    repository, tmp_path, draw_pictures
):
    draw_pictures(tmp_path / "DATA", 3)
    before = contents(tmp_path)
    command = [sys.executable, "-c", TELL, repr(MISTAKES)]
    environment = os.environ | {"PYTHONPATH": str(repository)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path) == before


def test_a_dry_run_keeps_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    small = ["size=32", "base_channels=2", "discriminator=dcgan", "precision=float32"]
    changes = [f"--set={change}" for change in small]
    assert run("train", "--dry-run", "--seed", "5", *changes) == 0
    output = capsys.readouterr().out
    for words in ("size = 32", "seed = 5", "loss = 'hinge'", "precision = 'float32'"):
        assert f"{words}\n" in output
    assert "The generator has " in output and "The discriminator has " in output
    assert "no run was made" in output
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_looks_at_what_it_is_given(tmp_path, draw_pictures, capsys):
    draw_pictures(tmp_path / "few", 3, (40, 40))
    words = ["train", "--dry-run", "--data", f"{tmp_path}/few", "--set=size=32"]
    for wrong, told in {"folder": "no two classes", "none": "tells no classes"}.items():
        assert run(*words, "--classes", wrong) == 2
        assert told in capsys.readouterr().err
    assert run(*words[:2], "--data", f"{tmp_path}/none") == 2
    assert "it is not there" in capsys.readouterr().err
    assert run(*words, "--set=discriminator=dcgan", "--set=base_channels=2") == 0
    assert "From fewer than 20 pictures it will" in capsys.readouterr().out


one_gan = cache(artgan.runs.train.GAN)  # none of these learns anything


@pytest.fixture
def training(tmp_path, monkeypatch, draw_pictures):
    """A place with pictures, and a training that only counts what it was asked for."""
    monkeypatch.chdir(tmp_path)
    draw_pictures(tmp_path / "my pictures", 3)
    (tmp_path / "my pictures" / "notes.jpg").write_text("none", "utf-8")
    asked = []

    def train(gan, images, steps, minutes, after_step, labels=None, go=None):
        assert images.shape == (3, 32, 32, 3)
        asked.append((steps, minutes))
        gan.step.assign_add(steps or 5)
        after_step[0](gan, [1.0, 1.0, 0.5])

    def make(config):
        one_gan(config).step.assign(0)
        return one_gan(config)

    monkeypatch.setattr(artgan.runs.stopping, "train", train)
    monkeypatch.setattr(artgan.runs.train, "GAN", make)
    return asked


NEW = ["train", "--data", "my pictures", "--preset", "dcgan", "--set", "size=32"]
NEW += ["--set", "precision=float32", "--set", "base_channels=2"]
NEW += ["--set", "max_channels=4"]


def test_train_generate_and_gif(training, tmp_path, capsys):
    """The verbs after each other, with a training that only saves."""
    assert run(*NEW, "--run", "first", "--steps", "30") == 0
    output = capsys.readouterr().out
    assert "3 " in output and "notes.jpg" in output
    assert "at step 0. Ctrl-C stops and saves." in output and "Step 30." in output
    assert f"Watch {Path('runs', 'first', 'latest.png')}." in output
    gif = tmp_path / "runs" / "first" / "training.gif"
    gif.unlink()
    assert run("gif", "first") == 0
    assert gif.exists() and gif.with_name("curves.png").exists()
    assert run("generate", "first", "--images", "3", "--seed", "8") == 0
    assert "first: your run in runs" in capsys.readouterr().out
    names = sorted(path.name for path in (tmp_path / "results" / "32").iterdir())
    assert names == [f"first-seed{n:06d}.png" for n in (8, 9, 10)]
    assert run("generate", "-w", "first", "-i", "1", "--seed", "8", "--out", "o") == 0
    painted = (tmp_path / "o" / names[0]).read_bytes()
    assert painted == (tmp_path / "results" / "32" / names[0]).read_bytes()
    assert run("generate", "second") == 2
    assert "Runs in 'runs': first." in capsys.readouterr().err
    assert run(*NEW, "--run", "first", "--steps", "40", "--fresh") == 0
    assert (tmp_path / "runs" / "first-old-1" / "checkpoints").is_dir()


def test_squashed_pictures_are_seen_in_their_shape(training, draw_pictures, capsys):
    draw_pictures(Path("wide"), 3, (120, 80))
    squash = "--data", "wide", "--set", "fit=squash", "--run", "w", "--steps", "3"
    assert run(*NEW, *squash) == run(*NEW, *squash) == 0  # it goes on, as found
    card = publish(open_model("w"), Path("shared"), {})
    assert run("export", "shared", "--to", "keras", "--out", "shared") == 0
    assert Path("shared", "shared.keras").is_file()
    for words in capsys.readouterr().out, model_card("w", card):
        assert "48 by 32 pixels" in words
    assert run("generate", "shared", "-i", "4", "--grid", "--out", "o") == 0
    files = Path("runs/w/latest.png"), *sorted(Path("o").iterdir())
    sizes = [(6 * 50 - 2, 3 * 34 - 2), (2 * 50 - 2, 2 * 34 - 2), *[(48, 32)] * 4]
    assert [Image.open(path).size for path in files] == sizes
    assert run(*NEW, *squash, "--fresh", "--set", "stretch=2") == 0  # as one wants
    assert Image.open("runs/w/latest.png").size == (6 * 66 - 2, 3 * 34 - 2)


def test_a_run_goes_on_with_its_name_only(training, tmp_path, capsys):
    assert run(*NEW, "--steps", "30") == 0
    folder = tmp_path / "runs" / "my pictures"
    assert (folder / "run.json").is_file()  # named as the folder of pictures
    assert run("train", "--run", "my pictures") == 0
    assert run("train", "--run", "my pictures", "--steps", "4") == 0
    assert run("train", "--run", "my pictures", "--until-step", "50") == 0
    assert training == [(30, None), (None, 20), (4, None), (11, None)]
    assert "Step 50." in capsys.readouterr().out
    assert run("train", "--run", "my pictures", "--until-step", "50") == 0
    assert "made these steps already" in capsys.readouterr().out
    assert run(*NEW) == 0  # the same command goes on as well
    assert len(training) == 5


def test_pictures_that_moved_are_named_once(training, tmp_path, capsys):
    assert run(*NEW, "--run", "mine", "--steps", "30") == 0
    (tmp_path / "my pictures").rename(tmp_path / "moved")
    assert run("train", "--run", "mine") == 2
    assert "which is not there" in capsys.readouterr().err
    assert run("train", "--run", "mine", "--data", "moved") == 0
    assert run("train", "--run", "mine") == 0


def test_the_runs_are_listed(training, tmp_path, capsys):
    assert run("runs") == 0
    assert "no runs in runs" in capsys.readouterr().out
    assert run(*NEW, "--run", "mine", "--steps", "30") == 0
    log = tmp_path / "runs" / "mine" / "log.jsonl"
    rows = [{"step": n, "distance": 0.5 / n, "time": 60 * n} for n in (1, 2)]
    log.write_text("".join(json.dumps(row) + "\n" for row in rows) + "3\n", "utf-8")
    (tmp_path / "runs" / "new" / "checkpoints").mkdir(parents=True)
    (tmp_path / "runs" / "new" / "run.json").write_text("{", "utf-8")
    capsys.readouterr()
    assert run("runs") == 0
    titles, mine, new = (line.split() for line in capsys.readouterr().out.splitlines())
    assert titles == ["run", "step", "minutes", "distance", "latest", "pictures"]
    picture = str(Path("runs", "mine", "latest.png"))
    assert mine == ["mine", "30", "1", "0.250", picture]
    assert new == ["new", "0", "0", "-", "-"]


@pytest.fixture
def published(tiny_config, tmp_path, monkeypatch):
    """A folder in which commands are run, with a published model of 32 pixels."""
    arrays = {"generator": named_arrays(wild_model(tiny_config).generator_ema)}
    folder, card = tmp_path / "checkpoints" / "flowers-32", {"aliases": ["flowers"]}
    write_weights(folder, arrays, asdict(tiny_config), 5, card)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("artgan.storage.resolve.shipped", lambda: folder.parent)
    return tmp_path


def test_published_flowers_are_painted_without_being_named(published, capsys):
    assert run("generate", "-i", "1", "-s", "32") == 0
    [path] = (published / "results" / "32").iterdir()
    assert path.name == "flowers-32-seed000000.png"
    assert "resampled" not in capsys.readouterr().out
    assert run("generate", "-i", "1", "-s", "50") == 0
    assert Image.open(published / "results" / "50" / path.name).size == (50, 50)
    assert "of size 50, resampled from 32 by Lanczos" in capsys.readouterr().out


def test_a_grid_and_a_gif_come_beside_and_nothing_is_painted_over(published, capsys):
    arguments = ["--grid", "-g", "--format", "jpg", "--out", "o"]
    assert run("generate", "--seeds", "3,7-8,3", *arguments) == 0
    together = "flowers-32-seed000003-and-2-more"
    names = [f"{together}-grid.jpg", f"{together}-walk.gif"]
    names += [f"flowers-32-seed00000{seed}.jpg" for seed in (3, 7, 8)]
    assert sorted(path.name for path in (published / "o").iterdir()) == names
    assert Image.open(published / "o" / names[1]).n_frames == 48
    output = capsys.readouterr().out
    assert names[0] in output and names[1] in output
    before = contents(published)
    again = ["--seeds", "8-9", *arguments, "--truncation", "0.5"]
    assert run("generate", *again) == 2
    assert "seed000008.jpg exist" in capsys.readouterr().err
    assert contents(published) == before
    assert run("generate", *again, "--force") == 0
    assert contents(published / "o")[published / "o" / names[4]] not in before.values()


def test_a_walk_is_a_file_that_moves_or_numbered_pictures(published, capsys):
    walk = "walk", "--seeds", "4", "--frames", "8", "--size", "40"
    assert run(*walk) == 0
    [path] = (published / "results" / "40").iterdir()
    assert path.name == "flowers-32-seed000004-walk.gif"
    assert Image.open(path).n_frames == 8
    output = capsys.readouterr().out
    assert "8 frames of size 40, resampled" in output
    assert run("walk", "--seeds", "0-9", "--frames", "8") == 2
    assert "frames must be a whole number from 20" in capsys.readouterr().err
    (mine := published / "frames" / "2024.png").parent.mkdir()
    mine.touch()
    assert run(*walk, "--direction", "2:1.5", "--out", "frames/") == 0
    mine.unlink()  # without --force it was left there
    files = sorted((published / "frames").iterdir())
    assert [path.name for path in files] == [f"{n:04}.png" for n in range(1, 9)]
    assert "1.5" in Image.open(files[0]).text["directions"]
    assert run(*walk, "--out", "frames") == 2
    assert "0001.png exists already" in capsys.readouterr().err
    assert run(*walk, "--frames", "4", "--out", "frames", "--force") == 0
    assert sorted((published / "frames").iterdir()) == files[:4]  # one film, not two


def test_directions_are_shown_named_and_moved_along(published, capsys):
    assert run("directions") == 0
    [sheet] = (published / "results").iterdir()
    assert Image.open(sheet).size == (7 * 34 - 2, 6 * 34 - 2)
    assert run("directions", "--name", "2=light") == 0
    assert (published / "checkpoints" / "flowers-32" / "directions.json").exists()
    assert run("directions", "--force") == 0
    assert "2 is called light" in capsys.readouterr().out
    one = "generate", "-i", "1", "--style", "7"
    for way in "light:2", "light:-2":
        assert run(*one, "--direction", way, "--out", way[6:]) == 0
    ends = [Image.open(next((published / way).iterdir())) for way in ("2", "-2")]
    assert ends[0].tobytes() != ends[1].tobytes() and ends[0].text["style"] == "7"
    assert run(*one, "--direction", "dark:2", "--out", "dark") == 2
    assert "There are 1 to 6, light" in capsys.readouterr().err


def test_the_picture_most_like_one_is_looked_for(published, draw_pictures, capsys):
    draw_pictures(published / "mine", 1)
    picture = "mine/0.png", "--steps", "2"
    assert run("invert", "flowers", *picture) == 0
    names = "latents.npy", "nearest.png", "walk.gif"
    files = [published / "results" / f"flowers-32-0-{name}" for name in names]
    assert sorted((published / "results").iterdir()) == files
    latents = np.load(files[0])
    [nearest] = artgan.load("flowers").generate(latents=latents)
    sheet = np.asarray(Image.open(files[1]))
    assert sheet.shape == (32, 66, 3) and (sheet[:, 34:] == nearest).all()
    assert run("invert", *picture) == 2
    assert "exists already" in capsys.readouterr().err
    assert run("invert", "checkpoints/flowers-32/card.json") == 2
    assert "without a picture" in capsys.readouterr().err
    assert run("invert", "gone.jpg") == 2
    assert "No such file" in capsys.readouterr().err
