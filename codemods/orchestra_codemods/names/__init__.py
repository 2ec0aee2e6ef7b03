"""Which class or function a name means, found by module and never by bare name."""

from orchestra_codemods.names.collect import collect
from orchestra_codemods.names.expressions import dotted_name
from orchestra_codemods.names.facts import (
    Binding,
    BindingKind,
    DottedString,
    Guard,
    ImportedName,
    ImportSite,
    ModuleFacts,
    Scope,
    StringRole,
    Use,
)
from orchestra_codemods.names.free import Globals, globals_of
from orchestra_codemods.names.importers import (
    ChainUse,
    Importers,
    ImporterSite,
    binding_scope,
    importers_of,
    importers_of_all,
    string_use,
)
from orchestra_codemods.names.kept import is_kept, keeps, kept_lines
from orchestra_codemods.names.memory import Names, forget, names_of, parse, parse_anew, parse_failure
from orchestra_codemods.names.modules import Module, ModuleIndex, absolute_name, default_source_roots
from orchestra_codemods.names.positions import Offsets, Place
from orchestra_codemods.names.resolution import Ambiguous, Definition, External, Resolution, Unresolved
from orchestra_codemods.names.resolver import Resolver
from orchestra_codemods.names.search import files_with, python_files_with, python_files_with_all
from orchestra_codemods.names.texts import (
    CONFIGURATION_SUFFIXES,
    PLAN_SCHEMA,
    StringUse,
    is_plan,
    texts_naming,
)
from orchestra_codemods.names.walk import children, every_node

__all__ = [
    "CONFIGURATION_SUFFIXES",
    "PLAN_SCHEMA",
    "Ambiguous",
    "Binding",
    "BindingKind",
    "ChainUse",
    "Definition",
    "DottedString",
    "External",
    "Globals",
    "Guard",
    "ImportSite",
    "ImportedName",
    "ImporterSite",
    "Importers",
    "Module",
    "ModuleFacts",
    "ModuleIndex",
    "Names",
    "Offsets",
    "Place",
    "Resolution",
    "Resolver",
    "Scope",
    "StringRole",
    "StringUse",
    "Unresolved",
    "Use",
    "absolute_name",
    "binding_scope",
    "children",
    "collect",
    "default_source_roots",
    "dotted_name",
    "every_node",
    "files_with",
    "forget",
    "globals_of",
    "importers_of",
    "importers_of_all",
    "is_kept",
    "is_plan",
    "keeps",
    "kept_lines",
    "names_of",
    "parse",
    "parse_anew",
    "parse_failure",
    "python_files_with",
    "python_files_with_all",
    "string_use",
    "texts_naming",
]
