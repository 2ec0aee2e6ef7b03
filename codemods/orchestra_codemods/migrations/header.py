"""The header of a class, rewritten with libcst so that comments, line breaks and brackets stay."""

from __future__ import annotations

from orchestra.errors import OrchestraError


class RoundTripError(OrchestraError):
    """libcst does not print a fragment as it was; nothing may be built on it."""

    code = "fragment-does-not-round-trip"


def with_base(head: str, base: str) -> str:
    """Return ``class …:`` and what follows up to the body, with ``base`` as its first base.

    Raises RoundTripError where parsing and printing the fragment changes it.
    """
    import libcst as cst

    module = cst.parse_module(f"{head}pass\n" if _ends_inline(head) else f"{head}    pass\n")
    if module.code != (f"{head}pass\n" if _ends_inline(head) else f"{head}    pass\n"):
        raise RoundTripError("a class header does not survive parsing", hint="Report the class header.")
    statement = module.body[0]
    assert isinstance(statement, cst.ClassDef)
    written = statement.bases
    if len(written) == 1 and isinstance(written[0].value, cst.Name) and written[0].value.value == "object":
        changed = statement.with_changes(bases=(written[0].with_changes(value=cst.parse_expression(base)),))
    elif written and written[0].equal is cst.MaybeSentinel.DEFAULT:
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        bases = (cst.Arg(cst.parse_expression(base), comma=comma), *written)
        changed = statement.with_changes(bases=bases)
    elif isinstance(statement.lpar, cst.LeftParen):
        changed = statement.with_changes(bases=(cst.Arg(cst.parse_expression(base)),))
    else:
        changed = statement.with_changes(
            bases=(cst.Arg(cst.parse_expression(base)),), lpar=cst.LeftParen(), rpar=cst.RightParen()
        )
    code = module.with_changes(body=(changed,)).code
    return code[: -len("pass\n")] if _ends_inline(head) else code[: -len("    pass\n")]


def _ends_inline(head: str) -> bool:
    return not head.endswith(("\n", "\r"))
