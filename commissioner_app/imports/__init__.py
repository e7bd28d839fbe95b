"""Import of tables: plans what every row would do, then writes all of it as one operation."""
