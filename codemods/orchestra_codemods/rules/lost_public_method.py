"""A migrated class lacks a public method of the class that it replaces.

Whoever still calls the old method gets AttributeError. Every public method stays, with its signature, as an
operation or as a wrapper around one.

Where the method was only made private, or is an operation of that name under another, with the same parameters, the
fix writes a wrapper that forwards to it; a property comes back as one. It is safe: what has that name raised
AttributeError before, and everything else stays. Where the work went elsewhere there is no fix.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Edit, Fix
from orchestra_codemods.syntax.collectors import DEFINITIONS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.syntax.file import FUNCTIONS, File, Function
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.orchestrators import BASE, FRAMEWORK_METHODS
from orchestra_codemods.unit import Case

CODE = "ORC404"
FACTS = (DEFINITIONS,)
_OF_THE_BASE = FRAMEWORK_METHODS | {"runtime", "layer", "name", "orchestration_type", "logger"}
_SUFFIX = ".py.DEPRECATED"


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare orchestrators with classes of their name in files that were put aside as `.py.DEPRECATED`."""
    old: dict[str, list[ast.ClassDef]] = {}
    for path in sorted(facts.paths):
        if path.endswith(_SUFFIX):
            for cls in _classes(facts.read(path) or ""):
                old.setdefault(cls.name, []).append(cls)
    for path, fact in facts.of(DEFINITIONS):
        has = set(fact.data["methods"].split())
        for cls in old.get(fact.name, []):
            lost = [
                one.name
                for one in cls.body
                if isinstance(one, FUNCTIONS) and not one.name.startswith("_") and one.name not in has
            ]
            if lost:
                names = ", ".join(f"`{name}`" for name in dict.fromkeys(lost))
                fix = _fix(facts, path, cls, lost) if len(old[fact.name]) == 1 else None
                yield Placed(path, fact, f"`{fact.name}` has lost {names}", fix)


def _fix(facts: Facts, path: str, old: ast.ClassDef, lost: list[str]) -> Fix | None:
    """Return a wrapper for each lost method, or nothing where one of them has no certain heir."""
    source = facts.source(path)
    new = [one for one in _classes(source.text) if one.name == old.name] if source is not None else []
    if source is None or len(new) != 1 or not _is_plain(new[0]):
        return None
    before, after = _methods(old), _methods(new[0])
    taken = _OF_THE_BASE | {
        one.id for one in ast.walk(new[0]) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    edits = []
    for name in lost:
        heir, forgotten = _named(after, name), before[name]
        if heir is None or heir.name in before or name in taken or not _is_heir(heir, forgotten):
            return None
        edits.append(_wrapper(File(source, facts.config), heir, name))
    return safe(*edits)


def _is_plain(cls: ast.ClassDef) -> bool:
    """Tell whether no other base and no `__getattr__` may have the method."""
    bases = [ast.unparse(base).rpartition(".")[2] for base in cls.bases]
    return bases == [BASE] and not {"__getattr__", "__getattribute__"} & _methods(cls).keys()


def _methods(cls: ast.ClassDef) -> dict[str, Function]:
    return {one.name: one for one in cls.body if isinstance(one, FUNCTIONS)}


def _named(methods: dict[str, Function], name: str) -> Function | None:
    """Return the method that does what another name says: made private, or the one operation of that name."""
    if f"_{name}" in methods:
        return methods[f"_{name}"]
    operations = [
        one for one in methods.values() if any(_operation(mark) == name for mark in one.decorator_list)
    ]
    return operations[0] if len(operations) == 1 else None


def _operation(mark: ast.expr) -> str | None:
    """Return the name that `@operation(name="…")` gives."""
    if isinstance(mark, ast.Call) and _is_operation(mark):
        for keyword in mark.keywords:
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return None


def _is_operation(mark: ast.expr) -> bool:
    """Tell whether a decorator is `@operation`, which leaves a method what it was."""
    return ast.unparse(mark.func if isinstance(mark, ast.Call) else mark) in {
        "operation",
        "orchestra.operation",
    }


def _is_heir(heir: Function, forgotten: Function) -> bool:
    """Tell whether a method is called and answers as another: of the same kind, with the same parameters."""
    marks = [mark for mark in heir.decorator_list if not _is_operation(mark)]
    return (
        type(heir) is type(forgotten)
        and [ast.unparse(mark) for mark in marks] == [ast.unparse(mark) for mark in forgotten.decorator_list]
        and (not marks or _is_property(heir))
        and _parameters(heir.args) == _parameters(forgotten.args)
        and _yields(heir) == _yields(forgotten)
    )


def _is_property(function: Function) -> bool:
    return [ast.unparse(mark) for mark in function.decorator_list] == ["property"]


def _yields(function: Function) -> bool:
    return any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own(function.body))


def _parameters(arguments: ast.arguments) -> tuple[object, ...]:
    """Return names, kinds and defaults; annotations may differ."""
    return (
        [one.arg for one in arguments.posonlyargs],
        [one.arg for one in arguments.args],
        arguments.vararg and arguments.vararg.arg,
        [one.arg for one in arguments.kwonlyargs],
        arguments.kwarg and arguments.kwarg.arg,
        [ast.dump(one) for one in arguments.defaults],
        [one and ast.dump(one) for one in arguments.kw_defaults],
    )


def _wrapper(file: File, heir: Function, name: str) -> Edit:
    arguments = heir.args
    given = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][1:]
    given += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    given += [f"{one.arg}={one.arg}" for one in arguments.kwonlyargs]
    given += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    is_async = isinstance(heir, ast.AsyncFunctionDef) and not _yields(heir)
    answer = f"self.{heir.name}" if _is_property(heir) else f"self.{heir.name}({', '.join(given)})"
    returns = f" -> {ast.unparse(heir.returns)}" if heir.returns else ""
    indent = file.text[file.line_start(heir) :][: heir.col_offset]  # of spaces or of tabs
    lines = [
        "",
        *([f"{indent}@property"] if _is_property(heir) else []),
        f"{indent}{'async ' if is_async else ''}def {name}({ast.unparse(arguments)}){returns}:",
        f'{indent}    """Forward to `{heir.name}`, for those who call it by this name."""',
        f"{indent}    return {'await ' if is_async else ''}{answer}",
    ]
    newline = file.source.newline
    at = file.line_end(heir)
    has_end = file.text[:at].endswith(("\n", "\r"))
    text = "".join(f"{line}{newline}" for line in lines)
    return Edit(at, at, text if has_end else f"{newline}{text}")


def _classes(text: str) -> list[ast.ClassDef]:
    try:
        return [one for one in ast.parse(text).body if isinstance(one, ast.ClassDef)]
    except (SyntaxError, ValueError, RecursionError):
        return []


_OLD = "# file: src/flow.py.DEPRECATED\nclass Flow:\n    async def run(self):\n        return 1\n\n    def stop(self):\n        return 2\n\n    def _private(self):\n        return 3\n"
_NEW = "# file: src/new.py\nfrom orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n    async def run(self):\n        return 1\n"
_PRIVATE = "\n    def _stop(self%s):  # as it was\n        return 2\n"
CASES = (
    Case("one is gone", _OLD + _NEW),
    Case(
        "one was made private",
        _OLD + _NEW + _PRIVATE % "",
        _OLD
        + _NEW
        + _PRIVATE % ""
        + '\n    def stop(self):\n        """Forward to `_stop`, for those who call it by this name."""\n        return self._stop()\n',
    ),
    Case(
        "with parameters, and awaited",
        _OLD.replace("def stop(self)", "async def stop(self, grace=5, *, why, **more)")
        + _NEW
        + "\n    async def _stop(self, grace: int = 5, *, why, **more) -> int:\n        return 2\n",
        _OLD.replace("def stop(self)", "async def stop(self, grace=5, *, why, **more)")
        + _NEW
        + "\n    async def _stop(self, grace: int = 5, *, why, **more) -> int:\n        return 2\n"
        + '\n    async def stop(self, grace: int=5, *, why, **more) -> int:\n        """Forward to `_stop`, for those who call it by this name."""\n        return await self._stop(grace, why=why, **more)\n',
    ),
    Case(
        "a property, and an operation under another name",
        _OLD.replace("    def stop", "    @property\n    def stop").replace(
            "async def run(self)", "async def run(self, count=1)"
        )
        + (_NEW + _PRIVATE % "")
        .replace("    def _stop", "    @property\n    def _stop")
        .replace(
            "    async def run(self)", '    @operation(name="run")\n    async def carry_out(self, count=1)'
        ),
        _OLD.replace("    def stop", "    @property\n    def stop").replace(
            "async def run(self)", "async def run(self, count=1)"
        )
        + _NEW.replace(
            "    async def run(self)", '    @operation(name="run")\n    async def carry_out(self, count=1)'
        )
        + '\n    async def run(self, count=1):\n        """Forward to `carry_out`, for those who call it by this name."""\n        return await self.carry_out(count)\n'
        + (_PRIVATE % "").replace("    def _stop", "    @property\n    def _stop")
        + '\n    @property\n    def stop(self):\n        """Forward to `_stop`, for those who call it by this name."""\n        return self._stop\n',
    ),
    Case(
        "a method that was a property",
        _OLD.replace("    def stop", "    @property\n    def stop") + _NEW + _PRIVATE % "",
    ),
    Case("a private method with other parameters", _OLD + _NEW + _PRIVATE % ", grace"),
    Case("the old class had that one too", _OLD.replace("_private", "_stop") + _NEW + _PRIVATE % ""),
    Case(
        "it is another thing of the class, or of the framework",
        _OLD + _NEW + _PRIVATE % "" + "\n    stop = staticmethod(print)\n",
    ),
    Case(
        "the framework has such a method",
        _OLD.replace("def stop", "def cleanup") + _NEW + (_PRIVATE % "").replace("_stop", "_cleanup"),
    ),
    Case("a base may have it", _OLD + _NEW.replace("(Base", "(Mixin, Base") + _PRIVATE % ""),
)
CLEAN = (
    Case("all are there", _OLD + _NEW + "\n    def stop(self):\n        return 2\n"),
    Case("another class", _OLD.replace("class Flow", "class Other") + _NEW),
    Case("nothing was put aside", _NEW),
)
