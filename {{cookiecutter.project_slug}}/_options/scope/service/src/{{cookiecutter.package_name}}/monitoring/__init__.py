"""Are the rows that are served still like those of training, and the answers as good?"""
