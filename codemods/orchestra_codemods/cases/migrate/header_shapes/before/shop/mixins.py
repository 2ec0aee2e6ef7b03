class Timing:
    def timed(self):
        return 1
