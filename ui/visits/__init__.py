"""服务记录: table, editor, review."""
