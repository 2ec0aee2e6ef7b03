"""HTTP interface of the bot."""

from bot_platform import TelemetryOrchestrator, get_telemetry_orchestrator
from content_bot.analysis import FallbackAnalysisOrchestrator as FallbackFlow
from content_bot.routing.channels import Coordinator, get_coordinator
from content_bot.scoring.trust import TrustScoringOrchestrator, get_trust_scorer
from vendor.tiny_fastapi import App, Depends

app = App()


@app.get("/trust")
async def trust(
    url: str,
    text: str,
    scorer: TrustScoringOrchestrator = Depends(get_trust_scorer),
    telemetry: TelemetryOrchestrator = Depends(get_telemetry_orchestrator),
):
    telemetry.record("trust", url=url)
    return {"url": url, "score": await scorer.score(url, text)}


@app.get("/analyse")
async def analyse(url: str, depth: str = "quick", flow: FallbackFlow = Depends(FallbackFlow)):
    result = await flow.analyse(url, depth)
    return result.data if result.success else {"error": result.error}


@app.get("/submit")
async def submit(url: str, coordinator: Coordinator = Depends(get_coordinator)):
    return {"channel": coordinator.submit_link(url)}


@app.get("/keywords")
async def text_keywords(text: str):
    return (await FallbackFlow().summarise(text, 1))["keywords"]
