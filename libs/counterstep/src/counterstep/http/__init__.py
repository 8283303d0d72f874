"""What every service needs around its own idea: settings, HTTP, tokens, problems, health, migrations."""
