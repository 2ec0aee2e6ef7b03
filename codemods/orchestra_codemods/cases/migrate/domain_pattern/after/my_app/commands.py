from core.orchestration.domain.my_workflow import MyWorkflowOrchestrator


async def analyse(interaction, url):
    orch = MyWorkflowOrchestrator()
    await orch.execute_workflow(interaction, url, depth="deep")
