"""`--placement split`: classes are taken out of modules that hold other things too."""

from orchestra_codemods.migrations.split.apart import Apart, apart

__all__ = ["Apart", "apart"]
