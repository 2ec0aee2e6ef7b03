"""Notifications, first version. Nobody noticed that the package notify/ hides this file."""  # orchestra: ignore[shadowed-module] goes with the old bot

from content_bot.monitoring.alerts import AlertCoordinator, get_alerts


async def notify(text):
    return await get_alerts().alert("notify", text)


def mute_everything():
    AlertCoordinator().mute("notify")
