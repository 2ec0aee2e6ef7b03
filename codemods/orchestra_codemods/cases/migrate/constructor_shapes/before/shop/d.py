class DOrchestrator:
    def __init__(this, value): this.value = value; this.other = None

    def run(this): return this.value
