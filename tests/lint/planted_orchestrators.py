"""Defects of orchestrators to plant, several files each where the defect needs them; `# file:` begins a file."""

FLOW = '''# file: src/orchestrators/domain/flow.py
from orchestra import BaseOrchestrator, ErrorCategory, OrchestrationLayer, OrchestrationType, StepResult, operation

class FlowOrchestrator(BaseOrchestrator):
    """Does one thing."""

    def __init__(self):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="flow",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    async def run(self, url):
        return url
'''


def named(*arguments: str, head: str = "") -> tuple[str, ...]:
    """Return the clean scaffold, once for each text that stands in the place of its name and layer."""
    start, end = FLOW.index("super()"), FLOW.index("\n    @operation")
    return tuple(head + FLOW[:start] + one + "\n" + FLOW[end:] for one in arguments)


def methods(*texts: str) -> tuple[str, ...]:
    """Return the clean scaffold with each of the methods instead of its operation."""
    return tuple(FLOW[: FLOW.index("    @operation")] + one for one in texts)


def beside(*texts: str) -> tuple[str, ...]:
    """Return the clean scaffold with more files beside it."""
    return tuple(FLOW + one for one in texts)


def orchestrate(
    *bodies: str, head: str = "async def orchestrate(self, context, **kwargs):"
) -> tuple[str, ...]:
    """Return the clean scaffold with each body as its own `orchestrate`."""
    return methods(
        *(f"    {head}\n" + "".join(f"        {line}\n" for line in one.splitlines()) for one in bodies)
    )


LOGGED = "self._log_orchestration_start(context, **kwargs)\n"
DURABLE = "    @operation(durable=True)\n    async def run(self, url):\n"

PLANTED_ORCHESTRATORS: dict[str, tuple[str, ...]] = {
    "not-base-orchestrator": (
        "# file: src/a.py\nclass IngestOrchestrator:\n    def __init__(self, store):\n        self.store = store\n    async def ingest(self, item):\n        return await self.store.put(item)\n",
        "# file: src/a.py\nclass ReleaseCoordinator(object):\n    def release(self, version):\n        for step in self.steps:\n            step(version)\n",
        "# file: src/a.py\nclass Orchestrator:\n    def start(self):\n        self.thread.start()\n    def stop(self):\n        self.thread.join()\n",
        "# file: src/a.py\nclass LockMixin:\n    pass\n\nclass BillingOrchestrator(LockMixin):\n    async def bill(self, order):\n        async with self.lock:\n            return order\n",
        "# file: src/a.py\nclass NightlyCoordinator:\n    @classmethod\n    def create(cls):\n        return cls()\n    async def run(self, tasks):\n        while tasks:\n            await tasks.pop()()\n",
    ),
    "missing-metadata": named(
        "super().__init__(layer=OrchestrationLayer.DOMAIN)",
        'super().__init__(name="flow")',
        "super().__init__()",
        'super().__init__(layer=OrchestrationLayer.DOMAIN, name=f"flow-{id(self)}")',
        "self.limit = 3",
    ),
    "layer-directory-mismatch": (
        *named(
            'super().__init__(layer=OrchestrationLayer.APPLICATION, name="flow")',
            'super().__init__(OrchestrationLayer.INFRASTRUCTURE, "flow")',
        ),
        *(one.replace("/domain/", "/infrastructure/") for one in named('super().__init__(OrchestrationLayer.DOMAIN, name="flow")', 'super().__init__(name="flow", layer=OrchestrationLayer.APPLICATION)')),
        FLOW.replace("/domain/", "/application/nested/"),
    ),
    "unknown-enum-member": named(
        'super().__init__(layer=OrchestrationLayer.DOMAN, name="flow")',
        'super().__init__(layer=OrchestrationLayer.CORE, name="flow")',
        'super().__init__(OrchestrationLayer.DOMAIN, "flow", OrchestrationType.SEQENTIAL)',
        'super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow", orchestration_type=OrchestrationType.LIFECYCLE)',
        'super().__init__(layer=OrchestrationLayer.INFRASTRUCTURE, name="flow", orchestration_type=OrchestrationType.BUSINESS_LOGIC)',
    ),
    "duplicate-or-bad-name": (
        FLOW + FLOW.replace("flow.py", "other.py").replace("FlowOrchestrator", "OtherOrchestrator"),
        FLOW + FLOW.replace("domain/flow.py", "application/flow.py").replace("DOMAIN", "APPLICATION").replace("FlowOrchestrator", "Second"),
        *named('super().__init__(layer=OrchestrationLayer.DOMAIN, name="my flow")', 'super().__init__(layer=OrchestrationLayer.DOMAIN, name="")', 'super().__init__(OrchestrationLayer.DOMAIN, "flow/1")'),
    ),
    "bad-orchestrate-signature": (
        *orchestrate("return StepResult.ok()", head="def orchestrate(self, context, **kwargs):"),
        *orchestrate("return StepResult.ok()", head="async def orchestrate(self, context):"),
        *orchestrate("return StepResult.ok()", head="async def orchestrate(self, **kwargs):"),
        *orchestrate("return StepResult.ok()", head="async def orchestrate(self, context, url, **kwargs):"),
        *orchestrate("return StepResult.ok()", head="async def orchestrate(self, context, *, url):"),
    ),
    "non-stepresult-return": orchestrate(
        "return {'rows': 3}",
        "rows = await self.load()\nreturn [rows]",
        "try:\n    return StepResult.ok()\nexcept ValueError:\n    return None",
        "if kwargs.get('dry'):\n    return True\nreturn StepResult.ok()",
        "await self.load()",
    ),
    "missing-lifecycle-log": orchestrate(
        "return StepResult.ok()",
        LOGGED + "return StepResult.ok()",
        "result = StepResult.ok()\nself._log_orchestration_end(context, result)\nreturn result",
        LOGGED + "result = await self.work()\nif not result:\n    return StepResult.fail('nothing')\nself._log_orchestration_end(context, result)\nreturn result",
        LOGGED + "for item in kwargs:\n    if item == 'x':\n        return StepResult.ok()\nresult = StepResult.ok()\nself._log_orchestration_end(context, result)\nreturn result",
    ),
    "unregistered-orchestrator": beside(
        '# file: src/wiring.py\ndef build_facade(facade):\n    facade.register_factory("other", make_other)\n',
        "# file: src/wiring.py\nfrom others import OtherOrchestrator\n\ndef build_facade(facade):\n    facade.register(OtherOrchestrator())\n",
        '# file: src/wiring.py\ndef build_facade(facade):\n    facade.discover("plugins")\n',
        "# file: src/wiring.py\nfrom others import OtherOrchestrator\n\nfacade.register(OtherOrchestrator(), replace=True)\n",
        '# file: src/wiring.py\ndef build_facade():\n    facade = OrchestrationFacade()\n    facade.register_factory("flows", lambda: None)\n    return facade\n',
    ),
    "unknown-orchestrator-name": beside(
        '# file: src/api.py\nasync def handle(facade, context):\n    return await facade.orchestrate("flwo", context)\n',
        '# file: src/api.py\nclass Api:\n    async def handle(self, context):\n        return await self.facade.call("flows", "run", context)\n',
        '# file: src/api.py\nfrom orchestra import get_orchestration_facade\n\ndef handle(context):\n    facade = get_orchestration_facade()\n    return facade.orchestrate_sync("workflow", context)\n',
        '# file: src/api.py\nasync def handle(facade, context):\n    result = await facade.orchestrate(orchestrator_name="Flow", context=context)\n    return result\n',
        '# file: src/api.py\nasync def handle(facade, context):\n    if context:\n        async for item in facade.stream("flow2", "run", context):\n            yield item\n',
    ),
    "many-entry-points": methods(
        "    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok()\n\n    async def load(self):\n        return 1\n\n    async def store(self):\n        return 2\n",
        "    async def load(self):\n        return 1\n\n    async def store(self, item):\n        return item\n\n    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok(n=1)\n",
        "    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok()\n\n    async def a(self): ...\n\n    async def b(self): ...\n\n    async def c(self): ...\n",
        "    async def orchestrate(self, context, /, **kwargs):\n        return StepResult.ok()\n\n    async def fetch(self, url: str) -> str:\n        return url\n\n    async def report(self) -> int:\n        return 1\n",
        "    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok()\n\n    async def fetch(self, *urls):\n        return urls\n\n    def _helper(self):\n        return 0\n\n    async def fetch_all(self, **options):\n        return options\n",
    ),
    "open-operation-routing": orchestrate(
        "operation = kwargs.get('operation')\nif operation == 'load':\n    return await self.load()\nelif operation == 'store':\n    return await self.store()",
        "op = kwargs['operation']\nif op == 'load':\n    return await self.load()\nif op == 'store':\n    return await self.store()",
        "operation = kwargs.pop('operation', 'load')\nresult = None\nif operation == 'load':\n    result = await self.load()\nelif operation == 'store':\n    result = await self.store()\nreturn result",
        "match kwargs.get('operation'):\n    case 'load':\n        return await self.load()\n    case 'store':\n        return await self.store()",
        "operation = kwargs.get('operation', 'load')\nif operation == 'load':\n    return await self.load()\nelif operation in ('store', 'save'):\n    return await self.store()",
    ),
    "fail-without-category": orchestrate(
        "return StepResult.fail('no')",
        "return StepResult.fail(error='no such thing', retryable=True)",
        "try:\n    return await self.work()\nexcept OSError as error:\n    return StepResult.fail(str(error))",
        "result = StepResult.fail(f'no {kwargs}', url='x')\nreturn result",
        "return StepResult.ok() if kwargs else StepResult.fail('nothing given')",
    ),
    "timeout-alias": (
        "# file: src/a.py\nimport asyncio\n\nasync def wait(event):\n    try:\n        await asyncio.wait_for(event.wait(), 3)\n    except asyncio.TimeoutError:\n        return False\n",
        "# file: src/a.py\nimport asyncio\n\ndef is_late(error):\n    return isinstance(error, (OSError, asyncio.TimeoutError))\n",
        "# file: src/a.py\nimport asyncio\n\nasync def fail():\n    raise asyncio.TimeoutError('late')\n",
        "# file: src/a.py\nimport asyncio as aio\n\nRETRIED = (aio.TimeoutError,)\n",
        "# file: src/a.py\nimport asyncio\n\nclass Late(asyncio.TimeoutError):\n    pass\n",
    ),
    "stateful-domain": methods(
        "    @operation\n    async def run(self, url):\n        self.last = url\n",
        "    @operation\n    async def run(self, url):\n        self.count += 1\n        return self.count\n",
        "    async def run(self, url):\n        import asyncio\n        self._task = asyncio.create_task(self.work(url))\n",
        "    def note(self, key, value):\n        self.seen[key] = value\n",
        "    async def run(self, url):\n        self.urls.append(url)\n",
    ),
    "layer-import": tuple(
        FLOW.replace("from orchestra import", f"{line}\nfrom orchestra import", 1)
        for line in (
            "from orchestrators.infrastructure.metrics import Metrics",
            "from ..application import planner",
            "import orchestrators.infrastructure",
            "from orchestrators.application.planner import Planner as P",
            "from orchestrators import infrastructure",
        )
    ),
    "eager-import-in-init": named(
        "from my_app.models import load_model\n        self.model = load_model()",
        "from my_app.db import Client\n        self.client = Client('x')",
        "import my_app.db\n        self.client = my_app.db.connect()",
        "try:\n            from my_app.cache import Cache\n            self.cache = Cache()\n        except ImportError:\n            self.cache = None",
        "if self.ready:\n            from ..tools import tool\n            self.tool = tool(3)",
    ),
    "unresolved-import": beside(
        "# file: src/shop/__init__.py\n# file: src/shop/main.py\nfrom shop.baskets import Basket\n",
        "# file: src/shop/__init__.py\n# file: src/shop/main.py\nfrom . import missing_module as m\nfrom .gone import thing\n",
        "# file: src/shop/__init__.py\n# file: src/shop/main.py\ndef load():\n    import shop.gone\n    return shop.gone\n",
        "# file: src/shop/__init__.py\n# file: src/shop/a/__init__.py\n# file: src/shop/a/main.py\nfrom ..gone import thing\n",
        '# file: src/shop/__init__.py\n# file: src/shop/main.py\nfrom orchestra import lazy\n\nclass Shop:\n    pay = lazy("shop.gone:pay")\n',
    ),
    "shadowed-module": (
        "# file: src/shop/orders.py\nA = 1\n# file: src/shop/orders/__init__.py\nB = 1\n",
        "# file: orders.py\nA = 1\n# file: orders/__init__.py\nB = 1\n",
        "# file: src/a/b/c.py\nA = 1\n# file: src/a/b/c/__init__.py\nB = 1\n# file: src/a/b/c/d.py\nC = 1\n",
        "# file: src/shop/__init__.py\n# file: src/shop/cart.py\nA = 1\n# file: src/shop/cart/__init__.py\n",
        "# file: lib/x.py\nA = 1\n# file: lib/x/__init__.py\nfrom . import y\n# file: lib/x/y.py\nB = 1\n",
    ),
    "bypasses-facade": beside(
        "# file: src/api.py\nfrom orchestrators.domain.flow import FlowOrchestrator\n\nasync def handle(url):\n    return await FlowOrchestrator().run(url)\n",
        "# file: src/api.py\nfrom orchestrators.domain.flow import FlowOrchestrator\n\nasync def handle(url):\n    flow = FlowOrchestrator()\n    result = await flow.run(url)\n    return result\n",
        "# file: src/api.py\nimport orchestrators.domain.flow\n\nclass Api:\n    async def handle(self, url):\n        flow = orchestrators.domain.flow.FlowOrchestrator()\n        return await flow.run(url)\n",
        "# file: src/api.py\nfrom orchestrators.domain import flow as f\n\nasync def handle(urls):\n    for url in urls:\n        await f.FlowOrchestrator().run(url)\n",
        "# file: src/api.py\nfrom orchestrators.domain.flow import FlowOrchestrator as Flow\n\nasync def handle(url):\n    one = Flow()\n    if url:\n        return await one.run(url)\n",
    ),
    "singleton-at-import": (
        FLOW + "\n\nflow = FlowOrchestrator()\n",
        *beside(
            "# file: src/state.py\nfrom orchestrators.domain.flow import FlowOrchestrator\n\nFLOW = FlowOrchestrator()\n",
            "# file: src/state.py\nfrom orchestrators.domain.flow import FlowOrchestrator\n\nALL = {'flow': FlowOrchestrator()}\n",
            "# file: src/state.py\nfrom orchestrators.domain import flow\n\nclass State:\n    flow: object = flow.FlowOrchestrator()\n",
            "# file: src/state.py\nfrom orchestrators.domain.flow import FlowOrchestrator\n\ntry:\n    current = FlowOrchestrator()\nexcept ValueError:\n    current = None\n",
        ),
    ),
    "reserved-log-key": methods(
        "    def note(self, event):\n        self.logger.info('noted', event=event)\n",
        "    def note(self, level):\n        self.logger.warning('noted', count=1, level=level)\n",
        "    async def note(self, timestamp):\n        if timestamp:\n            self.logger.error('noted', timestamp=timestamp)\n",
        "    def note(self, **fields):\n        self.logger.info('noted', **fields)\n",
        "    def note(self, logger):\n        self.logger.debug('noted', logger=logger.name)\n",
    ),
    "own-logger": (
        *named(
            'super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")\n        self.logger = logging.getLogger(__name__)',
            'super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")\n        self._logger = logging.getLogger("flow")',
            head="# file: src/noise.py\nA = 1\n",
        ),
        *methods(
            "    def note(self, count):\n        self.logger.info(f'{count} documents')\n",
            "    async def run(self, url):\n        try:\n            return url\n        except ValueError as error:\n            self.logger.error(f'failed: {error}')\n",
            "    def note(self, a, b):\n        self.logger.warning(f'{a} and {b}', exc_info=True)\n",
        ),
    ),
    "unchecked-kwarg": orchestrate(
        "handler = kwargs.get('handler')\nreturn await handler(context)",
        "user = kwargs.get('user')\nname = user.name\nreturn StepResult.ok(name=name)",
        "queue = kwargs.get('queue')\nself.queues[queue].append(1)\nreturn StepResult.ok()",
        "items = kwargs.get('items')\nfor item in items:\n    await self.work(item)\nreturn StepResult.ok()",
        "size = kwargs.get('size')\ntotal = size + 1\nreturn StepResult.ok(total=total)",
    ),
    "context-not-derived": orchestrate(
        "return await self.facade.orchestrate('other', context, url='x')",
        "facade = get_orchestration_facade()\nresult = await facade.call('other', 'run', context)\nreturn result",
        "for name in ('a', 'b'):\n    await self.facade.orchestrate(name, context)\nreturn StepResult.ok()",
        "return await self._facade.orchestrate('other', context=context)",
        "if kwargs:\n    return await get_orchestration_facade().orchestrate('other', context, **kwargs)\nreturn StepResult.ok()",
    ),
    "not-serializable-argument": tuple(
        FLOW.replace("    @operation\n", "    @operation(durable=True)\n") + one
        for one in (
            '# file: src/api.py\nasync def handle(facade, context):\n    await facade.orchestrate("flow", context, operation="run", url=lambda: 1)\n',
            '# file: src/api.py\nimport asyncio\n\nasync def handle(facade, context):\n    await facade.call("flow", "run", context, asyncio.Lock())\n',
            '# file: src/api.py\nimport threading\n\nasync def handle(facade, context):\n    lock = threading.Lock()\n    await facade.call("flow", "run", context, lock)\n',
            '# file: src/api.py\nasync def handle(facade, context, path):\n    await facade.orchestrate("flow", context, operation="run", url=open(path))\n',
            '# file: src/api.py\ndef make():\n    return 1\n\nasync def handle(facade, context):\n    await facade.call("flow", "run", context, url=make)\n',
        )
    ),
    "nondeterminism-outside-step": tuple(
        one.replace("from orchestra import", "import datetime\nimport random\nimport time\nimport uuid\nfrom orchestra import", 1)
        for one in methods(
            DURABLE + "        return time.time()\n",
            DURABLE + "        if random.random() < 0.5:\n            return url\n",
            DURABLE + "        key = str(uuid.uuid4())\n        return key\n",
            DURABLE + "        started = datetime.datetime.now()\n        return started\n",
            DURABLE + "        return [random.choice(url) for _ in range(3)]\n",
        )
    ),
    "live-deprecated": (
        '# file: src/old.py\n"""DEPRECATED: see new."""\nA = 1\n# file: src/user.py\nimport old\n',
        "# file: src/old.py\n# DEPRECATED since the move\nA = 1\n# file: src/user.py\nfrom old import A\n",
        '# file: src/pkg/__init__.py\n# file: src/pkg/old.py\nfrom orchestra.moved import forward\n\nforward(__name__, "pkg.new")\n# file: src/pkg/user.py\nfrom .old import A\n',
        '# file: src/pkg/__init__.py\n# file: src/pkg/old.py\n""".. deprecated:: 3.1\n"""\nA = 1\n# file: src/pkg/user.py\ndef load():\n    from pkg.old import A\n    return A\n',
        '# file: src/old.py\n"""DEPRECATED: see new."""\nA = 1\n# file: src/user.py\nimport old\n# file: deprecations.toml\n[[module]]\nname = "old"\npath = "src/old.py"\nreplacement = "new"\nowner = "a"\nremove_on = 2026-11-21\n',
    ),
    "lost-public-method": tuple(
        f"# file: src/flow.py.DEPRECATED\nclass FlowOrchestrator:\n    def start(self):\n        return 1\n    async def run(self, url):\n        return url\n{more}\n" + FLOW
        for more in (
            "",
            "    async def drain(self):\n        return 1\n",
            "    def metrics(self, *names):\n        return names\n",
            "    @property\n    def size(self):\n        return 1\n    def stop(self, timeout=5):\n        return timeout\n",
            "    @staticmethod\n    def parse(text):\n        return text\n",
        )
    ),
    "undocumented-orchestrator": (
        FLOW.replace('    """Does one thing."""\n\n', ""),
        FLOW.replace('    """Does one thing."""\n\n', "    limit = 3\n\n"),
        FLOW.replace('    """Does one thing."""\n\n', "    # Does one thing.\n"),
        FLOW.replace('    """Does one thing."""\n\n', "").replace("(BaseOrchestrator)", "(BaseOrchestrator, Mixin)"),
        FLOW.replace('    """Does one thing."""\n\n', "").replace("class Flow", "@register\nclass Flow"),
    ),
    "untested-orchestrator": beside(
        "# file: tests/__init__.py\n",
        "# file: tests/test_flow.py\nfrom orchestrators.domain.flow import FlowOrchestrator\n\ndef test_it():\n    assert FlowOrchestrator().name == 'flow'\n",
        "# file: tests/test_other.py\nfrom orchestra.testing import verify_lifecycle\n\nasync def test_it():\n    await verify_lifecycle(OtherOrchestrator())\n",
        "# file: tests/conftest.py\nimport pytest\n\n@pytest.fixture\ndef flow():\n    return None\n",
        "# file: tests/test_flow.py\ndef test_nothing():\n    assert True\n",
    ),
    "unparsable-file": tuple(
        f"# file: src/flow.py\nfrom orchestra import BaseOrchestrator\n\nclass Base(BaseOrchestrator): ...\n\n{one}\n"
        for one in ("def broken(:\n    pass", "class Flow(BaseOrchestrator:\n    pass", "if True:\nx = 1", "return = 3", "print 'x'")
    ),
    "suppression-without-reason": tuple(
        f"# file: src/a.py\nA = 1  # orchestra: {one}\n"
        for one in ("ignore", "ignore[dangling-task]", "ignore[ORC102]   ", "ignore[danglingtask] it is kept", "ignore[ORC102, ORC101] it was kept until=2026-01-01")
    ),
}  # fmt: skip

RECORDS: dict[str, tuple[str, ...]] = {
    "incomplete-mark": (
        'replacement = "new"\nremove_on = 2027-01-31\n',
        'replacement = "new"\nowner = "a"\n',
        'owner = "a"\nremove_on = 2027-01-31\n',
        "",
        'replacement = ""\nowner = ""\nremove_on = 2027-01-31\n',
    ),
    "past-due": tuple(
        f'replacement = "new"\nowner = "a"\nremove_on = {date}\n'
        for date in ("2026-11-21", "2026-01-01", "2025-02-28", "2020-12-31", '"2026-10-01"')
    ),
}
"""Defects of records: what is left to vary is the record, and what stands around it."""
