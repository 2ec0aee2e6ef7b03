"""`orchestra demo`: the whole way on a copy of the bundled legacy application, by the commands themselves."""
