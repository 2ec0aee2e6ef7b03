"""An import of the project's own code cannot resolve.

It fails when it runs, and imports in functions run late: in the one request that takes that path. String targets
of `lazy` and `import_module` are looked at too.

The fix names the one module of the project with that name which defines what is imported. It is safe: the import as
it stands fails.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Edit, Fix, Span
from orchestra_codemods.names.modules import ModuleIndex
from orchestra_codemods.source import Source
from orchestra_codemods.syntax.fact import Collector, Fact, Facts, Placed
from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.flow import caught
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.places import absolute, source_roots
from orchestra_codemods.unit import Case

CODE = "ORC203"
_NOWHERE = Span(1)
_MODULES = re.compile(
    rb"[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import\b|import[ \t]+([\w., \t]+?)[ \t]*(?:#|;|\r|$))"
)
_TARGET = re.compile(rb"\b(lazy|import_module)\(\s*[\"']([A-Za-z_][\w.]*)(?::[\w.]+)?[\"']")
_GENERATED = re.compile(
    r"(_pb2|_pb2_grpc|_version|version|_generated|__about__)\Z|(\A|\.)(_?generated|_?vendor(ed)?)(\.|\Z)"
)


def _scan(path: str, data: bytes) -> Iterator[Fact]:
    """Yield modules that lines name, once each; a line may stand in a string, which is looked at only in need."""
    seen: set[bytes] = set()
    position = data.find(b"import")
    while position >= 0:
        start, end = data.rfind(b"\n", 0, position) + 1, data.find(b"\n", position)
        end = len(data) if end < 0 else end
        match = _MODULES.match(data, start, end)
        if match is not None:
            module, plain = match[1], match[2]
            seen.update(
                [module]
                if module is not None
                else [part.split()[0] for part in plain.split(b",") if part.split()]
            )
        elif b"import_module(" in data[start:end]:
            seen.update(one[2] for one in _TARGET.finditer(data, start, end))
        position = data.find(b"import", end)
    if b"lazy(" in data:
        seen.update(one[2] for one in _TARGET.finditer(data))
    for name in sorted(seen - {b""}):
        yield Fact(name.decode("ascii", "replace"), _NOWHERE)


IMPORTS = Collector("imports", (), (), lambda _file, _node: iter(()), scan=_scan)
FACTS = (IMPORTS,)


def judge(facts: Facts) -> Iterator[Placed]:
    """Look for the modules among the files; parse only the files that name one which is not there."""
    index = ModuleIndex(facts.paths, source_roots(facts.config, facts.paths))
    suspects: dict[str, set[str]] = {}
    known: dict[str, bool] = {}
    for path, fact in facts.of(IMPORTS):
        name = fact.name
        if name.startswith("."):
            dots = len(name) - len(name.lstrip("."))
            name = absolute(facts.config, path, dots, name[dots:])
        there = known.get(name)
        if there is None:
            there = known[name] = _resolves(facts, index, name, path)
        if not there and not _resolves(facts, index, name, path):
            suspects.setdefault(path, set()).add(fact.name)
    for path, names in sorted(suspects.items()):
        yield from _confirmed(facts, index, path, names)


def _resolves(facts: Facts, index: ModuleIndex, name: str, path: str) -> bool:
    """Tell whether a module exists, or is none of ours: only regular packages of the project are complete."""
    top = name.partition(".")[0]
    package = index.find(top)
    if not name or package is None or index.find(name, path) is not None:
        return True
    if package.path is None or not package.is_package or _GENERATED.search(name):
        return True
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        parent = index.find(".".join(parts[:end]))
        if parent is None:
            continue
        if parent.path is None:
            return True
        return _is_open(facts, parent.path) or (not parent.is_package and False)
    return True


def _is_open(facts: Facts, path: str) -> bool:
    """Tell whether a package's `__init__` extends its path, makes modules, or has compiled ones beside it."""
    text = facts.read(path) or ""
    if "extend_path" in text or "__path__" in text or "sys.modules" in text or "declare_namespace" in text:
        return True
    folder = path.rpartition("/")[0]
    return any(one.endswith((".so", ".pyd", ".pyx")) and one.startswith(f"{folder}/") for one in facts.paths)


def _confirmed(facts: Facts, index: ModuleIndex, path: str, names: set[str]) -> Iterator[Placed]:
    text = facts.read(path)
    if text is None:
        return
    try:
        file = File(Source.new(path, text), facts.config)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in everything(file.tree):
        if isinstance(node, ast.Call):
            yield from _of_call(facts, file, node, names)
        elif isinstance(node, ast.ImportFrom):
            written = "." * node.level + (node.module or "")
            if written in names and not _is_guarded(file, node):
                module = absolute(facts.config, path, node.level, node.module or "")
                fact = Fact(written, file.span(node), file.symbol(node))
                yield Placed(
                    path, fact, f"there is no module `{module}`", _fix(facts, index, file, node, module)
                )
        elif isinstance(node, ast.Import) and not _is_guarded(file, node):
            for alias in node.names:
                if alias.name in names:
                    yield Placed(
                        path,
                        Fact(alias.name, file.span(alias), file.symbol(node)),
                        f"there is no module `{alias.name}`",
                    )


def _of_call(facts: Facts, file: File, node: ast.Call, names: set[str]) -> Iterator[Placed]:
    called = (file.dotted(node.func) or "").rpartition(".")[2]
    first = node.args[0] if node.args else None
    if (
        called in {"lazy", "import_module"}
        and isinstance(first, ast.Constant)
        and isinstance(first.value, str)
    ):
        module = first.value.partition(":")[0]
        if module in names and not _is_guarded(file, node):
            yield Placed(
                file.path, Fact(module, file.span(first), file.symbol(node)), f"there is no module `{module}`"
            )


def _is_guarded(file: File, node: ast.AST) -> bool:
    """Tell whether somebody expects the import to fail, or it never runs."""
    for one in file.ancestors(node):
        if isinstance(one, ast.Try) and any(
            caught(handler, file.dotted)
            & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
            for handler in one.handlers
        ):
            return True
        if isinstance(one, ast.With) and any(
            word in ast.unparse(one.items[0].context_expr)
            for word in ("ImportError", "suppress", "raises", "ModuleNotFoundError")
        ):
            return True
        if isinstance(one, ast.If) and any(
            word in ast.unparse(one.test) for word in ("TYPE_CHECKING", "version", "platform", "find_spec")
        ):
            return True
    return False


def _fix(facts: Facts, index: ModuleIndex, file: File, node: ast.ImportFrom, module: str) -> Fix | None:
    last = module.rpartition(".")[2]
    found = {
        one.name: one.path
        for one in index
        if one.path and one.name.rpartition(".")[2] == last and not one.name.startswith("src.")
    }
    fitting = [
        name
        for name, path in found.items()
        if path and _defines(facts.read(path) or "", [one.name for one in node.names])
    ]
    if len(fitting) != 1 or (node.lineno != node.end_lineno and not file.text_of(node).startswith("from")):
        return None
    head = re.match(r"from\s+[.\w]+", file.text_of(node))
    start = file.start(node)
    return safe(Edit(start, start + head.end(), f"from {fitting[0]}")) if head else None


def _defines(text: str, names: list[str]) -> bool:
    return all(
        re.search(
            rf"^(?:class|def|async def)\s+{re.escape(name)}\b|^{re.escape(name)}\s*[:=]", text, re.MULTILINE
        )
        for name in names
    )


_TREE = "# file: src/shop/__init__.py\n# file: src/shop/orders/__init__.py\n# file: src/shop/orders/cart.py\nclass Cart:\n    pass\n"
CASES = (
    Case(
        "moved",
        _TREE
        + "# file: src/shop/main.py\ndef main():\n    from shop.cart import Cart  # late\n    return Cart\n",
        _TREE
        + "# file: src/shop/main.py\ndef main():\n    from shop.orders.cart import Cart  # late\n    return Cart\n",
    ),
    Case("relative", _TREE + "# file: src/shop/main.py\nfrom .payment import pay\n"),
    Case("a whole module", _TREE + "# file: src/shop/main.py\nimport shop.payment\n"),
    Case(
        "a string target",
        _TREE + '# file: src/shop/main.py\nfrom orchestra import lazy\n\npay = lazy("shop.payment:pay")\n',
    ),
)
CLEAN = (
    Case(
        "they exist",
        _TREE
        + "# file: src/shop/main.py\nimport shop.orders.cart\nfrom .orders import cart\nfrom shop.orders.cart import Cart\nfrom . import orders\n",
    ),
    Case(
        "expected to fail",
        _TREE
        + "# file: src/shop/main.py\ntry:\n    from shop.payment import pay\nexcept ImportError:\n    pay = None\n",
    ),
    Case(
        "text in a string",
        _TREE + '# file: src/shop/main.py\n"""Example.\n\nfrom shop.payment import pay\n"""\n',
    ),
    Case(
        "generated, or a package that is extended",
        _TREE
        + "# file: src/shop/main.py\nfrom shop._version import version\nfrom shop.api_pb2 import Order\n# file: src/ext/__init__.py\n__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n# file: src/ext/a.py\nimport ext.other\n",
    ),
    Case("a namespace that others share", "# file: src/google/ours.py\nimport google.protobuf\n"),
    Case("others' code", _TREE + "# file: src/shop/main.py\nimport payment.stripe\n"),
)
