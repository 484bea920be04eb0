"""Runs by hand over folds and seeds, put together: how good is a procedure, how sure is that?"""
