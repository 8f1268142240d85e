"""The demonstration village: three nodes with believable data, and the evening they tell."""
