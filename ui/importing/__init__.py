"""导入名单: where the list comes from, what its columns are, what would happen, then one operation."""
