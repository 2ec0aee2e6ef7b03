def old():  # orchestra: keep
    from shop.flows import FlowOrchestrator

    return FlowOrchestrator()


@property  # orchestra: keep
def unused():
    pass


TEXT = 1  # orchestra: keep
NO = "# orchestra: keep"


def new():
    from shop.flows import FlowOrchestrator

    return FlowOrchestrator()
