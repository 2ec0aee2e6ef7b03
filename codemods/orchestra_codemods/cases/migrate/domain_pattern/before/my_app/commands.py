from my_app.my_workflow_orchestrator import MyWorkflowOrchestrator


async def analyse(interaction, url):
    orch = MyWorkflowOrchestrator()
    await orch.execute_workflow(interaction, url, depth="deep")
