"""What `orchestra init` adds to a project, planned as changes like everything else that is written."""
