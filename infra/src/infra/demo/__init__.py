"""What shows the shop at work: products and customers to begin with, a first order, and the four stories."""
