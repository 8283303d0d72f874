"""The files of Prometheus and Grafana: alert rules and dashboards, as data and rendered.

`python -m infra.monitoring` writes the files again.
"""
