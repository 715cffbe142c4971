"""ZoomInfo data as DataFrames, tables and account scores."""
