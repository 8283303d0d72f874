"""What may keep the system from running here, each with its cure. It only looks: nothing is made or changed."""
