"""Write the files of the alert rules and the dashboards."""

from infra.monitoring.files import files

for path, text in files().items():
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
