from shop.messages import Text

print(Text("there"))
