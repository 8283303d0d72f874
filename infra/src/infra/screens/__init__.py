"""What a person reads in a terminal: the deployment and its status, sagas, the doctor's findings."""
