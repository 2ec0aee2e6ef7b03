X = "shop.flows.LIMIT"
