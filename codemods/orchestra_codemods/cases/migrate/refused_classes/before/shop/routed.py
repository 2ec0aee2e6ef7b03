class RoutedOrchestrator:
    def orchestrate(self, request):
        return request
