"""What the commands ask the services: questions that need more than one request of `counterstep.client`."""
