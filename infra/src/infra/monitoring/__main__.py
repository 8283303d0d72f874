"""Write the alert rules and the dashboards anew."""

from infra.monitoring.files import files

for path, text in files().items():
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
