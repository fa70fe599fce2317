# Says it.
if True:
  # Here.

  print("hello")
