"""What the authority says of the states of its certificates: lists in partitions, answers, a feed."""
