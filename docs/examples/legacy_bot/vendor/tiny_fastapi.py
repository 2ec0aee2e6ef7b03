"""The few parts of a web framework that the HTTP interface uses."""

import inspect


class Depends:
    def __init__(self, dependency):
        self.dependency = dependency


class App:
    def __init__(self):
        self.routes = {}

    def get(self, path):
        def decorate(func):
            self.routes[path] = func
            return func

        return decorate

    async def call(self, path, **params):
        """Resolve Depends() defaults, then call the route."""
        handler = self.routes[path]
        for name, parameter in inspect.signature(handler).parameters.items():
            if isinstance(parameter.default, Depends) and name not in params:
                value = parameter.default.dependency()
                if inspect.isawaitable(value):
                    value = await value
                params[name] = value
        return await handler(**params)
