"""特派员: places and the people who hold them."""
