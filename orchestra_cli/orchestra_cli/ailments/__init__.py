"""What can be wrong with an installation, an interpreter, a configuration or a project: one file, one check.

A check has a docstring (what is wrong; why it hurts; how to mend it), an ``AREA``, and ``look(patient)``,
which yields a Complaint for each thing that it finds. It imports no code of the project.
"""
