"""Watch a deployment. Written on a Friday, hence the tabs."""

import asyncio

import bot_platform.deployment
import bot_platform.deployment as deployment


async def watch(version, regions=("north",)):
	orch = bot_platform.deployment.DeploymentOrchestrator(regions, probe_interval=0.001)
	await orch.start()
	try:
		stage = await orch.deploy(version)
	finally:
		await orch.stop()
	return stage is deployment.Stage.LIVE, orch.status()


if __name__ == "__main__":
	print(asyncio.run(watch("3.4.1")))
