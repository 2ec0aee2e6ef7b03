"""Check a project by all rules: one walk a file, facts for what needs the whole project, then
suppressions.
"""
