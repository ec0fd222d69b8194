"""The text of every definition in a package, and where a module has a name from."""

import ast
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from notebook_names import DEFINITIONS


@dataclass(frozen=True)
class Definition:
    """A function, class or CONSTANT: lines first:end of a cell or of a module."""

    name: str
    node: ast.stmt
    first: int
    end: int
    text: str
    path: Path | None = None


def defined_name(node):
    """The name of a function, class or CONSTANT; "" for any other statement."""
    if isinstance(node, DEFINITIONS):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        return name if name.isupper() else ""
    return ""


def definitions(statements, source, path=None):
    """List the top-level definitions in `source`, decorators included."""
    lines, found = source.split("\n"), []
    for node in statements:
        if name := defined_name(node):
            starts = [node, *getattr(node, "decorator_list", [])]
            first, end = min(part.lineno for part in starts) - 1, node.end_lineno
            text = "\n".join(lines[first:end])
            found.append(Definition(name, node, first, end, text, path))
    return found


class Package:
    """`index`: name -> its definitions; `imports`: path -> {name: (module, line)}."""

    def __init__(self, folder):
        self.index, self.imports = defaultdict(list), {}
        for path in sorted(Path(folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            statements = ast.parse(source, str(path)).body
            self.imports[path] = imported_names(statements)
            for definition in definitions(statements, source, path):
                self.index[definition.name].append(definition)

    def find(self, name, path):
        """The definition that a name has in the module at `path`, or its import line.

        None if it has none there.
        """
        module, line = self.imports[path].get(name, ("", ""))
        for found in self.index.get(name, []):
            file = found.path.with_suffix("").as_posix()
            if found.path == path or module and file.endswith(module.partition(".")[2]):
                return found
        return Definition(name, ast.parse(line).body[0], 0, 0, line) if line else None


def imported_names(statements):
    """name -> (module, line that imports it alone) of a module's imports."""
    found = {}
    for node in statements:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                alone = {**vars(node), "names": [alias]}
                module = getattr(node, "module", "") or ""
                line = ast.unparse(type(node)(**alone))
                name = alias.asname or alias.name.partition(".")[0]
                found[name] = module.replace(".", "/"), line
    return found
