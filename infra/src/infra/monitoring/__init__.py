"""What Prometheus and Grafana are told: alert rules and dashboards, as data, and their files drawn from it.

`python -m infra.monitoring` writes the files anew.
"""
