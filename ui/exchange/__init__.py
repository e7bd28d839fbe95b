"""数据交换: sending, receiving, deciding, the stations and the log."""
