"""Making services and sagas: files from templates, and the lines by which the rest of the checkout knows them."""
