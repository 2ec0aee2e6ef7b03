"""Notifications, second version."""

from content_bot.monitoring.alerts import get_alerts


async def notify_members(text, source="notify"):
    return await get_alerts().alert(source, text)
