class Broken {
  int number = "not a number";
}
