from shop.targets import TargetOrchestrator


def rename():
    target = TargetOrchestrator()
    target.name = "other"
    return target.run()
