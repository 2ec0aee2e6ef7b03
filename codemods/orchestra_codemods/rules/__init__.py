"""One file a rule; the file's name is the rule's slug. `lint.rule.discover` finds them by folder.

A module has a docstring (what is wrong, why it hurts, when the fix is unsafe), ``CODE``, and either

- ``TOKENS``, ``NODES`` and ``check(file, node)``, for what one file shows, or
- ``FACTS`` and ``judge(facts)``, for what needs the whole project,

and ``CASES`` (wrong code, with what the fix makes of it where there is one) and ``CLEAN`` (near misses).
``DEFAULT`` is "on", "preview" or "opt-in". A file may be renamed; its code stays, and a code that was given up
stands in `lint.retired` and is never used again.
"""
