"""Calls that cannot work any more. Importing this file is fine, running it is not."""

from bot_platform.lifecycle import LifecycleCoordinator
from bot_platform.telemetry import TelemetryOrchestrator
from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator
from content_bot.feedback.unified_feedback import UnifiedFeedbackOrchestrator
from content_bot.ingest.pipeline import Orchestrator
from content_bot.search import SearchWorkflowOrchestrator


async def old_analysis(interaction, url):
    orch = FallbackAnalysisOrchestrator()
    await orch.execute_autonomous_workflow(interaction, url)
    return orch.render_html()


async def old_arity(url):
    orch = FallbackAnalysisOrchestrator()
    result = await orch.analyse(url, "deep", "default", True)
    await orch.summarise()
    return result


async def old_telemetry():
    telemetry = TelemetryOrchestrator()
    await telemetry.start()
    await telemetry.totals()
    return telemetry


async def old_feedback():
    feedback = UnifiedFeedbackOrchestrator(router=None)
    await feedback.get_metrics()
    return feedback.submit_everything()


async def either(fast, query):
    """One variable, two types."""
    if fast:
        finder = SearchWorkflowOrchestrator()
    else:
        finder = Orchestrator()
    return await finder.find(query) if fast else finder.search(query)


async def stop_anything(component):
    """Whatever has a stop() or a shutdown()."""
    if hasattr(component, "shutdown"):
        return await component.shutdown()
    if hasattr(component, "stop"):
        return component.stop()
    return None


def stop_lifecycle():
    coordinator = LifecycleCoordinator()
    if hasattr(coordinator, "terminate"):
        coordinator.terminate()
    return coordinator.stop(force=True)
