from content_bot.feedback.unified_feedback import (
    UnifiedFeedbackOrchestrator,
    get_orchestrator,
    set_orchestrator,
)

__all__ = ["UnifiedFeedbackOrchestrator", "get_orchestrator", "set_orchestrator"]
