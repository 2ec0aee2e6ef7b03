import os; from shop import flows, other

print(flows, other, os)
