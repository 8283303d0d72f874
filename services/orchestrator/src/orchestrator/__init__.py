"""The orchestrator: owns saga runs, their history and their deadlines; hears events and replies; says commands."""
