"""Proof of a plan before anything is written: what fails becomes a refusal, with all that depends on it."""

from orchestra_codemods.verify.loop import Replan, verify

__all__ = ["Replan", "verify"]
