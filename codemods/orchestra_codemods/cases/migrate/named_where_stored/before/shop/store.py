def stored(found):
    return qualified(type(found))


def qualified(cls):
    return f"{cls.__module__}.{cls.__name__}"


def told(work):
    try:
        work()
    except ValueError as error:
        return type(error).__module__
