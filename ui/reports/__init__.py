"""报告: options, preview, saving and printing."""
