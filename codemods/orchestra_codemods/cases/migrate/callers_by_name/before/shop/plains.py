from shop.plain import PlainOrchestrator, plain


async def call():
    await PlainOrchestrator().run()
    return await plain.run()
