"""Proves which node sent a request: RFC 9421 and draft-cavage, made and checked, without network or clock."""
