class SecurityOrchestrator:
    """Watches for threats and enforces policies."""

    def __init__(self, policies=()):
        self.policies = list(policies)
        self.incidents = []
        self.alerts = []

    async def monitor_security(self, event):
        threat = self._classify(event)
        if threat:
            self.incidents.append(threat)
            self.alerts.append(event)
        return threat

    async def enforce_policy(self, request):
        return all(policy(request) for policy in self.policies)

    def get_incident_report(self):
        return list(self.incidents)

    def _classify(self, event):
        return event.get("severity")
