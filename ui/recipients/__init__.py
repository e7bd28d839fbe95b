"""受援单位: the register, its detail, and duplicates."""
