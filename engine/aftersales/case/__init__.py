"""Cases: reading what a caller or a file says of one, computing what follows from the order, looking facts up."""
