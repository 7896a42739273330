"""
The sample news web of `monitor demo`: fictional outlets on loopback, real kinds of trouble.

    content/*.toml ─► content.py ─► site.py (what stands where, on which day) ─► web.py (HTTP)
                                      feeds/ and pages/ (one small file per dialect or family)

Nothing here is used by a crawl of the real web, and nothing here knows what the stages
make of it.
"""
