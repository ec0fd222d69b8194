"""Imports in the package go from room to room down a list, and never in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

# A room may import from itself and from those before it.
ROOMS = "system gather data gan storage paint evaluation runs api demo commands"
ROOMS = [*ROOMS.split(), "__main__"]


def module_files(package):
    """Return name -> path of every module in the folder `package`."""
    files = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        files[".".join(parts).removesuffix(".__init__")] = path
    return files


def imported_names(path, name):
    """Yield (line, dotted name) of all that a module imports, inside functions too."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: 1 - node.level or None] if node.level else []
            origin = ".".join([*parents, *filter(None, [node.module])])
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def imports_between(files):
    """Return name -> {imported module: line}, of the modules in `files` only.

    The package's own `__init__` is left out: Python runs it before any module, and it
    imports nothing of its own before a name is asked for.
    """
    [root] = {name.split(".")[0] for name in files}
    imports = {name: {} for name in files}
    for name, path in files.items():
        for line, imported in imported_names(path, name):
            # `from a.b import c` means the module a.b.c, or a name in the module a.b.
            module = imported if imported in files else imported.rpartition(".")[0]
            if module in files and module != root:
                imports[name].setdefault(module, line)
    return imports


def room_of(name):
    """The room of a module: `gan` of `artgan.gan.fast`."""
    return [*name.split("."), ""][1]


def upward_imports(files, rooms):
    """Return a sentence on each import of a room further down the list `rooms`."""
    return [
        f"{files[name]}:{line} imports {files[imported]}, but {room_of(name)}/ comes "
        f"before {room_of(imported)}/: move what it needs down, or what needs it up."
        for name, modules in imports_between(files).items()
        if room_of(name)
        for imported, line in modules.items()
        if rooms.index(room_of(imported)) > rooms.index(room_of(name))
    ]


def circle(files, depth):
    """A sentence on a circle of imports between modules, or "".

    depth: how much of a name counts: 3 takes the folder a.b.c for one place.
    """
    places = {}
    for name, modules in imports_between(files).items():
        place = ".".join(name.split(".")[:depth])
        others = {".".join(module.split(".")[:depth]) for module in modules}
        places.setdefault(place, set()).update(others - {place, room_above(place)})
    try:
        TopologicalSorter(places).prepare()
    except CycleError as error:
        return "A circle: " + " is imported by ".join(error.args[1])
    return ""


def room_above(place):
    """The folder that a place is in, whose `__init__` imports nothing of it."""
    return place.rpartition(".")[0]


@pytest.fixture(scope="module")
def artgan(repository):
    """The modules of the package."""
    return module_files(repository / "artgan")


@pytest.fixture
def house(tmp_path):
    """Write modules of a package `house` and return them as `module_files` does."""

    def write(**modules):
        for name, text in modules.items():
            path = tmp_path / "house" / Path(*name.split("__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return module_files(tmp_path / "house")

    return write


def test_every_module_is_in_a_room(artgan):
    assert {room_of(name) for name in artgan} == {"", *ROOMS}


def test_no_room_imports_from_a_later_one(artgan):
    upward = upward_imports(artgan, ROOMS)
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("depth", [3, 9], ids=["places in a room", "modules"])
def test_nothing_imports_itself_by_a_detour(artgan, depth):
    assert not circle(artgan, depth), circle(artgan, depth)


@pytest.mark.parametrize(
    "text",
    [
        "import house.upper.roof",
        "from house.upper import roof",
        "from ..upper.roof import TILE",
        "def later():\n    from house.upper.roof import TILE",
    ],
)
def test_an_import_of_a_later_room_is_told_with_both_files(house, text):
    files = house(lower__cellar=text, upper__roof="TILE = 1")
    [sentence] = upward_imports(files, ["lower", "upper"])
    line = len(text.splitlines())
    assert f"cellar.py:{line} imports " in sentence and "roof.py" in sentence
    assert not upward_imports(files, ["upper", "lower"])


@pytest.mark.parametrize("back", ["from . import a", "def f():\n    import house.x.a"])
def test_a_circle_of_modules_is_told(house, back):
    files = house(x__a="from house.x.b import B", x__b="from .c import C", x__c="C = 1")
    assert not circle(files, 9)
    told = circle(house(x__c=back), 9)
    assert all(f"house.x.{name}" in told for name in "abc")


def test_a_circle_between_a_folder_and_a_module_beside_it_is_told(house):
    files = house(
        x__inner__a="import house.x.b", x__b="C = 1", x__c="import house.x.inner.d"
    )
    assert not circle(files, 3)
    files = house(x__inner__d="D = 1", x__b="from house.x.inner.d import D")
    assert not circle(files, 9)
    assert "house.x.inner" in circle(files, 3)
