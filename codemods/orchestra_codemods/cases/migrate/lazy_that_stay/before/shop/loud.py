print("imported")


class Loud:
    pass
