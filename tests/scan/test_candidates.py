"""No class is overlooked for what stands around it: what is not parsed holds none."""

import pytest

from orchestra_codemods.inventory import take
from tests.support.projects import project_of

BODY = "    def run(self):\n        return 1\n"


@pytest.mark.parametrize(
    "text",
    [
        f"# this is the main class\nclass FooOrchestrator:\n{BODY}",
        f"# about this class\n\n\nclass FooOrchestrator:\n{BODY}",
        f'"""See the class"""\n"""class"""\nclass FooOrchestrator:\n{BODY}',
        f"x = 1  # class\r\nclass FooOrchestrator:\r\n{BODY}",
        f"class Other: pass  # class\nclass FooOrchestrator(Other):\n{BODY}",
        f"class\tFooOrchestrator:\n{BODY}",
        f"class \\\n    FooOrchestrator \\\n    ( object ) :\n{BODY}",
        f"class\\\n FooOrchestrator:\n{BODY}",
        f"\x0cclass\x0c FooOrchestrator:\n{BODY}",
        "if True:\n    # class\n    class FooOrchestrator:\n        def run(self): ...\n",
        f"class FooOrchestrator[T]:\n{BODY}",
    ],
)
def test_a_class_is_found_whatever_stands_around_it(text: str) -> None:
    inventory = take(project_of({"shop/__init__.py": "", "shop/foo.py": text}))
    found = [one.class_name for one in inventory.orchestrators]
    assert found == ["FooOrchestrator"] or [path for path, _ in inventory.problems] == ["shop/foo.py"]
