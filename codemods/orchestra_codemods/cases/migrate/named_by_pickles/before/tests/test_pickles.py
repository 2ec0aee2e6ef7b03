import pickle

from shop.flows import FlowOrchestrator


def test_pickles_name_it():
    assert b"shop.flows" in pickle.dumps(FlowOrchestrator)
