"""What `orchestra lint` needs beside the rules: paths, baseline, git, ruff, the cache."""
