"""What can be wrong with a template, or with what is asked of it."""

from __future__ import annotations

from orchestra.errors import OrchestraError


class TemplateError(OrchestraError):
    """A folder cannot be used as a template; `orchestra templates --check DIR` lists all that is wrong."""

    code = "template-unusable"


class TemplateNotFoundError(OrchestraError):
    """There is no template of that name. `orchestra templates` lists those that there are."""

    code = "template-not-found"


class NotTogetherError(OrchestraError):
    """The template cannot write what was asked for in this combination."""

    code = "template-cannot-combine"
