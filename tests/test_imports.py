"""Imports in the package go from room to room down a list, and never in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter

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


def test_every_module_is_in_a_room(artgan):
    assert {room_of(name) for name in artgan} == {"", *ROOMS}


def test_no_room_imports_from_a_later_one(artgan):
    upward = upward_imports(artgan, ROOMS)
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("depth", [3, 9], ids=["places in a room", "modules"])
def test_nothing_imports_itself_by_a_detour(artgan, depth):
    assert not circle(artgan, depth), circle(artgan, depth)
