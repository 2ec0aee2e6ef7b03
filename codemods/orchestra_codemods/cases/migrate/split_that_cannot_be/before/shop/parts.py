def fetch():
    return 1


def store():
    return 2
