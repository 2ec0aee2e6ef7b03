"""From what units want to what would be done: one change a file, the same for any order of units."""

from orchestra_codemods.plan.passes import PASSES, NonConvergenceError, plan

__all__ = ["PASSES", "NonConvergenceError", "plan"]
