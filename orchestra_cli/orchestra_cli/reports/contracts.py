"""The table of layers as forbidden imports, in the form that import-linter reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestra_cli.terminal import Style
from orchestra_codemods.config import Config
from orchestra_codemods.syntax.places import allowed


@dataclass(frozen=True, slots=True)
class Contracts:
    """One contract for each layer that may not import all others.

    Direct imports count, as for the rule layer-import; what a layer reaches through another is that one's.
    """

    config: Config
    command: str = "config-contracts"

    def data(self) -> Mapping[str, Any]:
        """The package that import-linter looks at, and the contracts."""
        return {"root_package": self.config.package.partition(".")[0], "contracts": list(self._contracts())}

    def lines(self, style: Style) -> Iterable[str]:
        """TOML for `lint-imports --config`."""
        del style
        yield "[tool.importlinter]"
        yield f'root_packages = ["{self.config.package.partition(".")[0]}"]'
        yield "exclude_type_checking_imports = true"
        for contract in self._contracts():
            yield ""
            yield "[[tool.importlinter.contracts]]"
            yield f'name = "{contract["name"]}"'
            yield 'type = "forbidden"'
            yield f'source_modules = ["{contract["source"]}"]'
            yield f"forbidden_modules = {_listed(contract['forbidden'])}"
            yield "allow_indirect_imports = true"

    def _contracts(self) -> Iterable[dict[str, Any]]:
        table = allowed(self.config)
        for layer, others in table.items():
            forbidden = [one for one in table if one != layer and one not in others]
            if forbidden:
                may = " and ".join(others) or "no other layer"
                yield {
                    "name": f"{layer} may import {may}",
                    "source": f"{self.config.package}.{layer}",
                    "forbidden": [f"{self.config.package}.{one}" for one in forbidden],
                }


def _listed(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
