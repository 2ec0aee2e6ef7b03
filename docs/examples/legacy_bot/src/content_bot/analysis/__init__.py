"""Analysis of single documents.

The orchestrators are exported here because the commands used to live in this package.
"""

from .claims import ClaimCheckOrchestrator, Verdict
from .debate import DebateAnalysisOrchestrator
from .fallback_analysis_orchestrator import FallbackAnalysisOrchestrator

__all__ = [
    "ClaimCheckOrchestrator",
    "DebateAnalysisOrchestrator",
    "FallbackAnalysisOrchestrator",
    "Verdict",
]
