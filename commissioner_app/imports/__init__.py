"""Import of tables: read as they are, understood, planned row by row, then written as one operation."""
