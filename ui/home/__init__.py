"""工作台: the period at a glance and what needs a person."""
