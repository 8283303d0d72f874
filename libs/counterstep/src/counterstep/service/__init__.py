"""A service's process, made of its parts: its application, its server, its messaging and its fault switches.

It is private. Authors get `serve`, `serve_orchestrator` and `offline` from the doors `counterstep.http`,
`counterstep.orchestration` and `counterstep.testing`.
"""
