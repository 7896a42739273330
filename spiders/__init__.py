"""
Everything that touches the network, and nothing else.

A spider is given requests and yields `monitor.model.Fetched`, one for each request,
whatever happened: a failure is a record with its cause in words, never an exception.
"""
