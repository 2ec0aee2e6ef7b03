"""The ledger of codes that were given up: they are refused as new codes and explained to whoever still
names them.
"""

RETIRED: dict[str, str] = {
    "ORC112": "never released",
}
"""Code to the reason, and what took its place."""
