from .digest import DigestOrchestrator, WeeklyDigestOrchestrator
from .podcast import PodcastWorkflowOrchestrator
from .transcripts import TranscriptWorkflowOrchestrator, build_transcript_workflow

__all__ = [
    "DigestOrchestrator",
    "PodcastWorkflowOrchestrator",
    "TranscriptWorkflowOrchestrator",
    "WeeklyDigestOrchestrator",
    "build_transcript_workflow",
]
