"""Asking servers that may be slow, broken or hostile."""
