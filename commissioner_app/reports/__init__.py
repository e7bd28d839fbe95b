"""Papers: official PDF reports, set by GB/T 9704-2012 and drawn with ReportLab."""
